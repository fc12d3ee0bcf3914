import { enter, reenter } from "../../rooms";
import { CUSTOMER } from "../records";

const WAIT_MS = 300; // what one request changes is told in several events
const POLL_MS = 10000; // news may be lost: a line breaks, or a site runs without socket.io

/** Hears when a customer was changed by a colleague or by the vendor's answer. */
export class LiveCustomer {
	/** @param heard gets the customer's name @param poll is called now and then */
	constructor({ heard, poll }) {
		Object.assign(this, { heard, poll });
		this.on_news = (news) => this.hear(news);
		this.on_connect = () => this.reconnect();
	}

	start() {
		this.stop();
		this.timer = setInterval(this.poll, POLL_MS);
		if (!frappe.realtime.socket) return;
		frappe.realtime.on("list_update", this.on_news);
		frappe.realtime.on("connect", this.on_connect);
		this.leave = enter(CUSTOMER);
	}

	stop() {
		clearInterval(this.timer);
		clearTimeout(this.soon);
		this.soon = null;
		frappe.realtime.off("list_update", this.on_news);
		frappe.realtime.off("connect", this.on_connect);
		this.leave?.();
		this.leave = null;
	}

	reconnect() {
		reenter(CUSTOMER);
		this.poll();
	}

	hear({ doctype, name }) {
		if (doctype !== CUSTOMER) return;
		this.soon ??= setTimeout(() => {
			this.soon = null;
			this.heard(name);
		}, WAIT_MS);
	}
}
