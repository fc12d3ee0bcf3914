// What comes next for one record, kept up to date. Used through reactive().

import { enter, reenter } from "../rooms";
import { asked_once, until_refused } from "../request";
import * as api from "./api";

// Several events about one change come at once.
const WAIT_MS = 100;

export class UpNext {
	data = null; // as api.get_up_next gives it
	error = null;
	loading = null; // the question that is under way
	is_stale = false; // something changed since it was asked
	timer = null;
	exits = [];
	load_context = asked_once(api.get_context); // see host in actions.js

	/**
	 * @param record {doctype, name, title}
	 * @param compose see host in actions.js
	 * @param on_change is called after what the user has done, with the verb
	 */
	constructor(record, { compose, on_change = () => {} } = {}) {
		Object.assign(this, { record, compose, on_change });
	}

	get phase() {
		if (this.data) return "ready";
		return this.error ? "failed" : "loading";
	}

	/** Items to work on, and enrollments that wait for something else than a person; in the order of time. */
	get entries() {
		const { items, enrollments } = this.data;
		const worked = new Set(items.map(({ enrollment }) => enrollment));
		const by_name = Object.fromEntries(enrollments.map((enrollment) => [enrollment.name, enrollment]));
		return [
			...items.map((item) => ({ key: item.key, item, enrollment: by_name[item.enrollment] })),
			...enrollments
				.filter(({ name }) => !worked.has(name))
				.map((enrollment) => ({ key: enrollment.name, item: null, enrollment })),
		];
	}

	open() {
		this.listen();
		this.refresh();
	}

	close() {
		clearTimeout(this.timer);
		this.exits.forEach((exit) => exit());
		this.exits = [];
	}

	/** @returns a promise that is done when what is shown is as new as this call */
	async refresh() {
		this.is_stale = true;
		this.loading ||= this.load().finally(() => (this.loading = null));
		await this.loading;
	}

	async load() {
		while (this.is_stale) {
			this.is_stale = false;
			try {
				this.data = await api.get_up_next(this.record.doctype, this.record.name);
				this.error = null;
			} catch (error) {
				this.error = error;
			}
		}
	}

	/** The host's part: see actions.js. */
	changed(_item, verb) {
		this.refresh();
		this.on_change(verb);
	}

	/** Does something with an enrollment. @param change one of pause, resume, leave, cut_short, follow_owner */
	async change_enrollment(change, ...args) {
		await until_refused(change)(...args);
		await this.refresh();
	}

	// Live changes

	listen() {
		const { doctype, name } = this.record;
		const listeners = {
			lead_inbox_work: (event) => {
				if (event.doctype === doctype && (!event.names || event.names.includes(name)))
					this.refresh_soon();
			},
			lead_inbox_update: ({ lead }) => {
				if (doctype === "Lead" && (!lead || lead === name)) this.refresh_soon();
			},
			connect: () => {
				reenter(doctype);
				this.refresh_soon();
			},
		};
		if (!frappe.realtime.socket) return; // the site runs without socket.io
		for (const [event, listener] of Object.entries(listeners)) {
			frappe.realtime.on(event, listener);
			this.exits.push(() => frappe.realtime.off(event, listener));
		}
		this.exits.push(enter(doctype));
	}

	refresh_soon() {
		clearTimeout(this.timer);
		this.timer = setTimeout(() => this.refresh(), WAIT_MS);
	}
}
