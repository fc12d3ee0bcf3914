import { enter, reenter } from "../rooms";

// One event is shown at once; of many, half a second's worth is handled together.
const FIRST_WAIT_MS = 50;
const NEXT_WAIT_MS = 500;

/** What other users, partners and jobs change arrives here by Frappe's socket. Used through reactive(). */
export class Live {
	connected = true;
	pending = new Map();
	timer = null;
	working = false;
	doctypes = ["Lead"]; // of whose records it hears
	exits = [];
	next_wait_ms = NEXT_WAIT_MS;

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
			...this.news(),
			connect: () => this.reconnect(),
			disconnect: () => (this.connected = false),
		};
		this.each_listener((event, listener) => frappe.realtime.on(event, listener));
		this.exits = this.doctypes.map(enter);
	}

	/** What the server's events do. */
	news() {
		return { lead_inbox_update: (event) => this.receive(event) };
	}

	stop() {
		this.exits.forEach((leave) => leave());
		clearTimeout(this.timer);
		this.timer = null;
		this.pending = new Map();
		this.each_listener((event, listener) => frappe.realtime.off(event, listener));
	}

	each_listener(action) {
		for (const [event, listener] of Object.entries(this.listeners || {})) action(event, listener);
	}

	reconnect() {
		this.connected = true;
		this.doctypes.forEach(reenter);
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
		await new Promise((resolve) => setTimeout(resolve, this.next_wait_ms));
		this.working = false;
		this.wait(0);
	}
}
