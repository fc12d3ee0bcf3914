import { markRaw } from "vue";
import * as api from "./api";
import { is_future } from "./time";

/** The list of one tab: its rows, its pages, its filters, and the counts of all tabs. Used through reactive(). */
export class LeadList {
	status = "New";
	scope = "all";
	filters = {};
	snoozed = false;
	search = "";
	rows = [];
	next_cursor = null;
	phase = "loading"; // loading, more, ready, failed
	error = null;
	counts = {};
	capped_at = 99;
	running = null; // only the answer to the latest question counts
	stale = false; // something changed while an answer was under way

	get filter_count() {
		return Object.keys(this.filters).length + (this.snoozed ? 1 : 0);
	}

	get is_narrowed() {
		return Boolean(this.search || this.filter_count || this.scope !== "all");
	}

	async load() {
		Object.assign(this, { phase: "loading", rows: [], next_cursor: null, error: null, stale: false });
		await this.take_page(null);
	}

	async load_more() {
		if (this.phase !== "ready" || !this.next_cursor) return;
		this.phase = "more";
		await this.take_page(this.next_cursor);
	}

	/** After a failure: the page that failed once more. */
	async retry() {
		if (!this.rows.length) return this.load();
		this.phase = "ready";
		await this.load_more();
	}

	async take_page(cursor) {
		try {
			const page = await this.ask(cursor);
			if (!page) return;
			this.rows = [...this.rows, ...without(page.leads, this.rows)];
			Object.assign(this, { next_cursor: page.next_cursor, phase: "ready" });
		} catch (error) {
			Object.assign(this, { phase: "failed", error });
		}
		if (this.stale) await this.refresh();
	}

	/** The first page anew without a flicker; rows loaded below it stay. */
	async refresh() {
		if (this.phase === "failed") return this.load();
		this.stale = this.phase !== "ready";
		if (this.stale) return;
		const page = await this.ask(null);
		if (!page) return;
		const below = page.next_cursor
			? not_newer_than(page.leads.at(-1), without(this.rows, page.leads))
			: [];
		this.rows = [...page.leads, ...below];
		if (!below.length) this.next_cursor = page.next_cursor;
	}

	/** @returns a page, or null when a later question has taken its place */
	async ask(cursor) {
		this.running?.abort();
		this.running = markRaw(new AbortController());
		const { signal } = this.running;
		try {
			return await api.get_leads(this.query(cursor), signal);
		} catch (error) {
			if (signal.aborted) return null;
			throw error;
		}
	}

	query(cursor) {
		const { status, scope, filters, search } = this;
		return { status, scope, filters, search, cursor, snoozed: this.snoozed ? 1 : null };
	}

	async load_counts() {
		const { capped_at, ...counts } = await api.get_counts({ scope: this.scope, filters: this.filters });
		Object.assign(this, { counts, capped_at });
	}

	/** Takes the fresh row of a lead in, moves it to its place, or takes it out. */
	put(row) {
		const rest = this.rows.filter((shown) => shown.name !== row.name);
		const is_shown = rest.length < this.rows.length;
		if (!this.is_of_this_tab(row)) this.drop([row.name]);
		else if (is_shown || !this.is_narrowed) this.rows = this.with_row(rest, row);
	}

	is_of_this_tab(row) {
		return row.status === this.status && (this.snoozed || !is_future(row.snoozed_until));
	}

	with_row(rest, row) {
		const place = rest.findIndex((shown) => shown.last_interaction_on <= row.last_interaction_on);
		if (place >= 0) return [...rest.slice(0, place), row, ...rest.slice(place)];
		return this.next_cursor ? rest : [...rest, row]; // else it is on a page that is not loaded yet
	}

	drop(names) {
		const gone = new Set(names);
		const kept = this.rows.filter((row) => !gone.has(row.name));
		if (kept.length < this.rows.length) this.rows = kept;
	}

	row_of(name) {
		return this.rows.find((row) => row.name === name);
	}
}

function without(rows, others) {
	const names = new Set(others.map((row) => row.name));
	return rows.filter((row) => !names.has(row.name));
}

function not_newer_than(last, rows) {
	return rows.filter((row) => row.last_interaction_on <= last.last_interaction_on);
}
