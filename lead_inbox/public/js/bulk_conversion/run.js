// What the page knows of one bulk conversion, and what its user does with it. Used through reactive().

import * as api from "./api";

export const PAGE_LENGTH = 50;
const EVENT = "lead_inbox_bulk_conversion";
const NEWS_WAIT_MS = 700;
const POLL_MS = 10000; // news may be lost: a line breaks, or a site runs without socket.io
const MOVING = ["Preparing", "Running"];

export class Run {
	phase = "loading"; // loading, ready, failed
	error = null;
	state = null;
	rows = [];
	companies = {};
	plan = null;
	count = 0;
	status = ""; // the filter
	start_at = 0;
	prepared = 0;
	selected = new Set();
	whole = false; // not only the page: all rows that the filter shows
	asked = 0; // only the answer to the latest question counts
	timer = null;

	constructor(name) {
		this.name = name;
	}

	get is_moving() {
		return MOVING.includes(this.state?.status);
	}

	get may_change() {
		return Boolean(this.state?.may_change) && !this.is_moving;
	}

	get has_run() {
		return Boolean(this.state?.started_on);
	}

	get chosen_count() {
		return this.whole ? this.count : this.selected.size;
	}

	// Reading

	async open() {
		this.listener = (news) => news.bulk_conversion === this.name && this.hear(news);
		frappe.realtime.on(EVENT, this.listener);
		this.poll = setInterval(() => this.is_moving && this.load(), POLL_MS);
		await new Promise((resolve) => frappe.model.with_doctype("Lead", resolve)); // its choices are offered
		await this.load();
	}

	close() {
		frappe.realtime.off(EVENT, this.listener);
		clearInterval(this.poll);
		clearTimeout(this.timer);
		this.asked += 1;
	}

	hear({ prepared }) {
		if (prepared) this.prepared = prepared;
		this.timer ??= setTimeout(() => {
			this.timer = null;
			this.load();
		}, NEWS_WAIT_MS);
	}

	async load() {
		const turn = ++this.asked;
		const { name: bulk_conversion, status, start_at: start } = this;
		try {
			const page = await api.get_rows({ bulk_conversion, status, start, page_length: PAGE_LENGTH });
			if (turn === this.asked) this.take(page);
		} catch (error) {
			if (turn === this.asked) Object.assign(this, { phase: "failed", error });
		}
	}

	take(page) {
		Object.assign(this, page, { phase: "ready", error: null });
		const shown = new Set(page.rows.map(({ name }) => name));
		this.selected = new Set([...this.selected].filter((name) => shown.has(name)));
		if (!page.rows.length && this.start_at) this.turn_to(0);
	}

	show(status) {
		Object.assign(this, { status });
		return this.turn_to(0);
	}

	turn_to(start_at) {
		Object.assign(this, { start_at, whole: false, selected: new Set() });
		return this.load();
	}

	// Choosing rows

	toggle(row) {
		this.whole = false;
		if (!this.selected.delete(row.name)) this.selected.add(row.name);
	}

	toggle_page(checked) {
		this.whole = false;
		this.selected = new Set(checked ? this.rows.filter(is_open).map(({ name }) => name) : []);
	}

	// Writing

	change(rows, values) {
		return this.write(() => api.change_rows(this.name, values, { rows }));
	}

	change_chosen(values) {
		const chosen = this.whole ? { status: this.status } : { rows: [...this.selected] };
		return this.write(() => api.change_rows(this.name, values, chosen));
	}

	set_company(key, { mode, customer }) {
		return this.write(() => api.set_company(this.name, key, mode, customer));
	}

	start() {
		return this.write(() => api.start(this.name));
	}

	retry() {
		return this.write(() => api.retry(this.name));
	}

	stop() {
		return this.write(() => api.stop(this.name));
	}

	/** Whatever came of it, what is shown is what the server has: Frappe's dialog tells why it refuses. */
	async write(action) {
		await api.until_refused(action)();
		await this.load();
	}
}

export function is_open({ status }) {
	return status !== "Converted";
}
