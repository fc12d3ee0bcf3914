import { markRaw } from "vue";

/**
 * A list that is loaded page by page: its rows, its filters, and the counts of its tabs. Used through reactive().
 *
 * A list of its own kind says how it asks: `get_page({cursor, page_length}, signal)` promises {rows, next_cursor},
 * `get_counts()` promises {capped_at} and a number for each tab.
 */
export class PagedList {
	filters = {};
	rows = [];
	next_cursor = null;
	phase = "loading"; // loading, more, ready, failed
	error = null;
	counts = {};
	capped_at = 99;
	running = null; // only the answer to the latest question counts
	stale = false; // something changed while an answer was under way

	/** @param key the field that tells rows apart */
	constructor(key) {
		this.key = key;
	}

	get filter_count() {
		return Object.keys(this.filters).length;
	}

	get is_narrowed() {
		return Boolean(this.filter_count);
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
			const page = await this.ask({ cursor });
			if (!page) return;
			this.rows = [...this.rows, ...this.without(page.rows, this.rows)];
			Object.assign(this, { next_cursor: page.next_cursor, phase: "ready" });
		} catch (error) {
			Object.assign(this, { phase: "failed", error });
		}
		if (this.stale) await this.refresh();
	}

	/** What is shown anew, without a flicker. */
	async refresh() {
		if (this.phase === "failed") return this.load();
		this.stale = this.phase !== "ready";
		if (this.stale) return;
		const page = await this.ask({ cursor: null, page_length: this.refreshed_length });
		if (page) this.renew(page);
	}

	/** How many rows a refresh asks for; undefined: as many as the server gives. */
	get refreshed_length() {
		return undefined;
	}

	/** @param page a fresh one, from the top of the list */
	renew({ rows, next_cursor }) {
		Object.assign(this, { rows, next_cursor });
	}

	/** @returns a page, or null when a later question has taken its place */
	async ask(place) {
		this.running?.abort();
		this.running = markRaw(new AbortController());
		const { signal } = this.running;
		try {
			return await this.get_page(place, signal);
		} catch (error) {
			if (signal.aborted) return null;
			throw error;
		}
	}

	async load_counts() {
		const { capped_at, ...counts } = await this.get_counts();
		Object.assign(this, { counts, capped_at });
	}

	/** @param keys of rows that do not belong here any more */
	drop(keys) {
		const gone = new Set(keys);
		const kept = this.rows.filter((row) => !gone.has(row[this.key]));
		if (kept.length < this.rows.length) this.rows = kept;
	}

	row_of(key) {
		return this.rows.find((row) => row[this.key] === key);
	}

	/** @returns those of `rows` that are not among `others` */
	without(rows, others) {
		const keys = new Set(others.map((row) => row[this.key]));
		return rows.filter((row) => !keys.has(row[this.key]));
	}
}
