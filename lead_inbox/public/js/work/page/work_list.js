import { PagedList } from "../../shared/paged_list";
import * as api from "../api";
import { tab_of_bucket } from "./labels";

const PAGE_LENGTH = 20;
const LONGEST_PAGE = 100; // that the server gives

/** The items of one tab. Used through reactive(). */
export class WorkList extends PagedList {
	tab = "due";
	scope = "mine";

	constructor() {
		super("key");
	}

	async get_page({ cursor, page_length = PAGE_LENGTH }, signal) {
		const { tab, scope, filters } = this;
		const { items, next_cursor } = await api.get_items({ tab, scope, filters, cursor, page_length }, signal);
		return { rows: items, next_cursor };
	}

	get_counts() {
		return api.get_counts({ scope: this.scope, filters: this.filters });
	}

	/** As many as are shown. Of a very long list the end is loaded again as one scrolls. */
	get refreshed_length() {
		const pages = Math.max(1, Math.ceil(this.rows.length / PAGE_LENGTH));
		return Math.min(pages * PAGE_LENGTH, LONGEST_PAGE);
	}

	/** Takes a fresh item in at its place in the list, or takes it out where it belongs no longer. */
	put(item) {
		if (tab_of_bucket(item.bucket) !== this.tab) return this.drop([item.key]);
		this.rows = this.rows.map((row) => (row.key === item.key ? item : row));
	}
}
