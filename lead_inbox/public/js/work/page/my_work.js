import { markRaw, nextTick, reactive } from "vue";
import { asked_once } from "../../request";
import { focus_on } from "../../shared/keyboard";
import { minute } from "../../shared/time";
import * as actions from "../actions";
import * as api from "../api";
import { done_label, tab_of_bucket } from "./labels";
import { LiveWork } from "./live_work";
import { OpenItem } from "./open_item";
import { ask_record } from "./record_dialog";
import { WorkList } from "./work_list";

const PAGE = "my-work";
const MINUTE_MS = 60000;
const NARROW = window.matchMedia("(max-width: 768px)");

export function create_my_work(page) {
	const work = reactive(new MyWork(page));
	work.connect_parts();
	return work;
}

/** What the components share: the list, the open item, and what can be done with items. */
class MyWork {
	context = { users: [], sequences: [] }; // of api.get_context; until it has come: nothing is known
	cursor = null; // key of the item that the keyboard is at
	position = 0; // its place in the list, to go on from when it has gone
	narrow = NARROW.matches;
	shown = false;
	started = false;
	pushed_route = false; // on a narrow screen: the way back leads to the list
	minutes = null;
	told = ""; // what was done last, for screen readers

	constructor(page) {
		this.page = markRaw(page);
	}

	connect_parts() {
		this.load_context = asked_once(() => this.ask_context());
		this.list = new WorkList();
		this.open_item = new OpenItem();
		this.live = new LiveWork({
			on_changes: () => this.reload(),
			on_reconnect: () => this.refresh(),
		});
		NARROW.addEventListener("change", () => (this.narrow = NARROW.matches));
		document.addEventListener("visibilitychange", () => this.on_visibility());
	}

	/** On a narrow screen one pane is shown at a time. */
	get pane() {
		return this.open_item.key ? "conversation" : "list";
	}

	// The page as a whole

	async show(route_key) {
		const came_back = !this.shown;
		this.shown = true;
		if (came_back) this.wake();
		if (!this.started) return this.start(route_key);
		if (came_back) this.refresh();
		if (!route_key) this.return_to_list();
		else if (route_key !== this.open_item.key) await this.open_from_route(route_key);
	}

	hide() {
		this.shown = false;
		this.live.stop();
		clearInterval(this.minutes);
	}

	wake() {
		this.live.start();
		quietly(this.load_context());
		minute.value += 1;
		this.minutes = setInterval(() => this.pass_minute(), MINUTE_MS);
	}

	/** Work becomes due as time passes, without anybody doing anything. */
	pass_minute() {
		minute.value += 1;
		quietly(this.load_context());
		if (!document.hidden) this.refresh();
	}

	on_visibility() {
		if (this.shown && !document.hidden) this.refresh();
	}

	async start(route_key) {
		this.started = true;
		quietly(this.list.load_counts());
		if (route_key) await this.open_from_route(route_key);
		if (this.list.phase === "loading") await this.list.load();
	}

	/** @returns a promise of what filters and dialogs offer, which they wait for; by `load_context`, once */
	async ask_context() {
		this.context = await api.get_context();
		if (this.context.can_add)
			this.page.set_primary_action(__("New Activity"), () => void this.add(), "es-line-add");
		return this.context;
	}

	refresh() {
		return quietly(this.reload());
	}

	reload() {
		return Promise.all([this.list.refresh(), this.list.load_counts(), this.open_item.refresh()]);
	}

	// Tabs and filters

	async go_to_tab(tab) {
		if (tab === this.list.tab) return;
		Object.assign(this, { position: 0 });
		this.list.tab = tab;
		await this.list.load();
	}

	async narrow_down(change) {
		this.position = 0;
		Object.assign(this.list, change);
		quietly(this.list.load_counts());
		await this.list.load();
	}

	clear_filters() {
		return this.narrow_down({ filters: {} });
	}

	// The open item

	async open(key, { delayed = false } = {}) {
		if (key === this.open_item.key) return;
		const from_list = this.narrow && !this.open_item.key;
		const shown = this.show_item(key, delayed);
		this.set_route(key, !from_list);
		if (from_list) this.pushed_route = true;
		await shown;
	}

	/** A link may lead to an item of any tab. */
	async open_from_route(key) {
		await this.show_item(key);
		const { item } = this.open_item;
		if (item && this.open_item.key === key) await this.go_to_tab(tab_of_bucket(item.bucket));
	}

	async show_item(key, delayed = false) {
		this.place_cursor(key);
		await this.open_item.show(key, { item: this.list.row_of(key), delayed });
	}

	close() {
		if (!this.open_item.key) return;
		if (this.pushed_route) window.history.back();
		else this.set_route(null, true);
		this.return_to_list();
	}

	/** The address names no item, or is about to. */
	return_to_list() {
		this.open_item.close();
		this.pushed_route = false;
	}

	set_route(key, replace) {
		frappe.route_flags.replace_route = replace;
		frappe.set_route(key ? [PAGE, ...key.split("/")] : [PAGE]);
		frappe.route_flags.replace_route = false; // it would else outlive this change and swallow the next one
	}

	// What is done with an item

	/** @param verb a function of ../actions.js that takes an item */
	act(verb, item) {
		const changed = (fresh, done) => this.take(item, fresh, done);
		return this.and_focus_again(() => actions[verb](item, { load_context: this.load_context, changed }));
	}

	/** An activity by hand. @param record {doctype, name, title}; without one, the user is asked which */
	add(record = null) {
		const changed = (_fresh, done) => {
			this.tell(done_label(done, ""));
			this.refresh();
		};
		return this.and_focus_again(async () => {
			const chosen = record || (await ask_record());
			if (chosen) await actions.add(chosen, { load_context: this.load_context, changed });
		});
	}

	add_for_open() {
		const { item, plan } = this.open_item;
		if (!plan?.can.add) return;
		const { reference_doctype, reference_name, reference_title } = item;
		return this.add({ doctype: reference_doctype, name: reference_name, title: reference_title });
	}

	/** Frappe's dialogs, and its handler of Escape, take the focus along as they go. */
	async and_focus_again(action) {
		const focused = document.activeElement;
		await action();
		await new Promise((resolve) => setTimeout(resolve));
		if (document.activeElement?.closest(".inbox-columns")) return; // it has moved on
		if (focused?.isConnected) focused.focus();
	}

	/** An item after something was done with it. @param fresh null when there is nothing more to see of it */
	take({ key, title }, fresh, done) {
		const stays = fresh && tab_of_bucket(fresh.bucket) === this.list.tab;
		this.tell(done_label(done, title));
		if (stays) this.list.put(fresh);
		else this.go_on_from(key);
		if (stays && this.open_item.key === key) this.open_item.item = fresh;
		this.refresh();
	}

	/** To who sees it and, by the page's live region, to who hears it. */
	tell(words) {
		this.told = words;
		frappe.show_alert({ message: frappe.utils.escape_html(words), indicator: "green" });
	}

	/** The item leaves the list. If it was open, the one that takes its place is. */
	go_on_from(key) {
		const was_open = this.open_item.key === key;
		if (was_open) this.place_cursor(key);
		this.list.drop([key]);
		if (!was_open) return;
		const { rows } = this.list;
		const next = rows[Math.min(this.position, rows.length - 1)];
		if (next) this.open(next.key);
		else this.close();
		nextTick(() => focus_on_open(this, next));
	}

	// The keyboard's place

	place_cursor(key) {
		this.cursor = key;
		const place = this.list.rows.findIndex((row) => row.key === key);
		if (place >= 0) this.position = place;
	}

	/** The item one row down (1) or up (-1); when the one at the cursor has gone, from where it was. */
	neighbor(direction) {
		const { rows } = this.list;
		const place = rows.findIndex((row) => row.key === this.cursor);
		const next = place >= 0 ? place + direction : this.position - (direction > 0 ? 0 : 1);
		if (next >= rows.length - 1) this.list.load_more();
		return rows[Math.min(Math.max(next, 0), rows.length - 1)]?.key;
	}
}

/** Where the user goes on: at the item's row, on a narrow screen at its title, without an item at the list. */
function focus_on_open(work, item) {
	if (!item) return focus_on("#my-work-list");
	focus_on(work.narrow ? ".work-title" : `[data-item="${CSS.escape(item.key)}"]`);
}

/** For work in the background: the next event or minute, or Retry, tries again. */
function quietly(promise) {
	return promise.catch((error) => console.warn(error));
}
