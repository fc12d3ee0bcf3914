import { PagedList } from "../shared/paged_list";
import { is_future } from "../shared/time";
import * as api from "./api";

/** The leads of one state. Used through reactive(). */
export class LeadList extends PagedList {
	status = "New";
	scope = "all";
	snoozed = false;
	search = "";

	constructor() {
		super("name");
	}

	get filter_count() {
		return super.filter_count + (this.snoozed ? 1 : 0);
	}

	get is_narrowed() {
		return Boolean(this.search || this.filter_count || this.scope !== "all");
	}

	async get_page({ cursor }, signal) {
		const { status, scope, filters, search } = this;
		const query = { status, scope, filters, search, cursor, snoozed: this.snoozed ? 1 : null };
		const { leads, next_cursor } = await api.get_leads(query, signal);
		return { rows: leads, next_cursor };
	}

	get_counts() {
		return api.get_counts({ scope: this.scope, filters: this.filters });
	}

	/** A refresh asks for the first page only; rows loaded below it stay. */
	renew({ rows, next_cursor }) {
		const below = next_cursor ? not_newer_than(rows.at(-1), this.without(this.rows, rows)) : [];
		this.rows = [...rows, ...below];
		if (!below.length) this.next_cursor = next_cursor;
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
}

function not_newer_than(last, rows) {
	return rows.filter((row) => row.last_interaction_on <= last.last_interaction_on);
}
