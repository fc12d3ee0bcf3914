// One event is shown at once; of many, half a second's worth is handled together.
const FIRST_WAIT_MS = 50;
const NEXT_WAIT_MS = 500;

/** What other users, partners and jobs change arrives here by Frappe's socket. Used through reactive(). */
export class Live {
	connected = true;
	pending = new Map();
	timer = null;
	working = false;

	/**
	 * @param on_changes gets a Map of lead → {status, previous_status}, the latest event of each, with the
	 *   key null for an event about many leads; returns a promise
	 * @param on_reconnect is called when events may have been missed
	 */
	constructor({ on_changes, on_reconnect }) {
		this.on_changes = on_changes;
		this.on_reconnect = on_reconnect;
	}

	start() {
		this.stop();
		this.connected = Boolean(frappe.realtime.socket?.connected);
		if (!frappe.realtime.socket) return; // the site runs without socket.io
		this.listeners = {
			lead_inbox_update: (event) => this.receive(event),
			connect: () => this.reconnect(),
			disconnect: () => (this.connected = false),
		};
		this.each_listener((event, listener) => frappe.realtime.on(event, listener));
		this.hold_subscription();
		this.subscribe();
	}

	stop() {
		this.release_subscription();
		clearTimeout(this.timer);
		this.timer = null;
		this.pending = new Map();
		this.each_listener((event, listener) => frappe.realtime.off(event, listener));
	}

	each_listener(action) {
		for (const [event, listener] of Object.entries(this.listeners || {})) action(event, listener);
	}

	subscribe() {
		frappe.realtime.doctype_subscribe("Lead");
	}

	/** Frappe's list of leads ends the subscription some seconds after it was left: not while this page needs it. */
	hold_subscription() {
		const { realtime } = frappe;
		const unsubscribe = realtime.constructor.prototype.doctype_unsubscribe;
		realtime.doctype_unsubscribe = (doctype) => doctype === "Lead" || unsubscribe.call(realtime, doctype);
	}

	release_subscription() {
		delete frappe.realtime.doctype_unsubscribe; // the class's own method shows again
	}

	reconnect() {
		this.connected = true;
		this.subscribe();
		this.on_reconnect();
	}

	receive({ lead, ...event }) {
		this.pending.set(lead, event);
		this.wait(FIRST_WAIT_MS);
	}

	wait(milliseconds) {
		if (this.timer || this.working || !this.pending.size) return;
		this.timer = setTimeout(() => this.handle(), milliseconds);
	}

	async handle() {
		const batch = this.pending;
		Object.assign(this, { pending: new Map(), timer: null, working: true });
		try {
			await this.on_changes(batch);
		} catch (error) {
			console.warn(error); // the next event or the next minute tries again
		}
		await new Promise((resolve) => setTimeout(resolve, NEXT_WAIT_MS));
		this.working = false;
		this.wait(0);
	}
}
