import { markRaw, reactive } from "vue";
import { asked_once } from "../request";
import { enroll_many } from "../work/enrolling";
import { confirmed } from "../shared/dialogs/confirm_dialog";
import { tell_outcome } from "../shared/dialogs/outcome";
import { minute } from "../shared/time";
import * as api from "./api";
import { log_call } from "./calling";
import { ask_snooze_time } from "./dialogs/snooze_dialog";
import { LeadList } from "./lead_list";
import { Leaving } from "./leaving";
import { Live } from "./live";
import { OpenLead } from "./open_lead";
import { Presence } from "./presence";
import { is_on_its_way, said } from "./timeline";

const PAGE = "lead-inbox";
// From this many changed leads on, one question for the first page replaces one question a lead.
const MANY_CHANGES = 5;
const MINUTE_MS = 60000;
// Who has just sent something waits for its state: it is not left to the next minute.
const FIRST_DELIVERY_MS = 5000;
const NARROW = window.matchMedia("(max-width: 768px)");

export function create_inbox(page) {
	const inbox = reactive(new Inbox(page));
	inbox.connect_parts();
	return inbox;
}

/** What the components share: the list, the open lead, the selection, and what can be done with leads. */
class Inbox {
	context = { users: [], templates: null }; // of api.get_context; until it has come: nothing is known
	cursor = null; // name of the lead that the keyboard is at
	position = 0; // its place in the list, to go on from when it has moved away
	selected = [];
	side_open = false;
	narrow = NARROW.matches;
	shown = false;
	started = false;
	focus = null; // "reply", "note" or "log": where the focus goes as soon as that is there
	step = null; // of a sequence, for the composer to begin: see composer.js
	text = ""; // for the composer to add to what is being written
	pushed_route = false; // on a narrow screen: the way back leads to the list
	minutes = null;
	reading = null; // a promise: that a lead was read is on its way
	delivery = null; // a timer, and how long it waits
	delivery_wait_ms = 0;

	constructor(page) {
		this.page = markRaw(page);
	}

	connect_parts() {
		this.load_context = asked_once(() => this.ask_context());
		this.list = new LeadList();
		this.lead = new OpenLead((detail) => this.on_detail(detail));
		this.presence = new Presence();
		this.leaving = markRaw(new Leaving());
		this.live = new Live({
			on_changes: (events) => this.take_changes(events),
			on_reconnect: () => this.refresh(),
		});
		NARROW.addEventListener("change", () => (this.narrow = NARROW.matches));
		document.addEventListener("visibilitychange", () => this.mark_read_if_seen());
	}

	/** On a narrow screen one pane is shown at a time. */
	get pane() {
		if (!this.lead.name) return "list";
		return this.side_open ? "side" : "conversation";
	}

	// The page as a whole

	async show(route_lead) {
		const came_back = !this.shown;
		this.shown = true;
		if (came_back) this.wake();
		if (!this.started) return this.start(route_lead);
		if (came_back) this.refresh();
		if (!route_lead) this.return_to_list();
		else if (route_lead !== this.lead.name) await this.open_from_route(route_lead);
	}

	hide() {
		this.shown = false;
		this.leaving.stop();
		this.live.stop();
		this.presence.leave();
		clearInterval(this.minutes);
		clearTimeout(this.delivery);
	}

	wake() {
		this.leaving.start();
		this.live.start();
		quietly(this.load_context());
		minute.value += 1;
		this.minutes = setInterval(() => this.pass_minute(), MINUTE_MS);
	}

	/** Frappe lets a page in among the listeners after it has shown what it loaded: what came between is lost. */
	pass_minute() {
		minute.value += 1;
		quietly(this.load_context());
		if (!document.hidden) this.refresh();
	}

	async start(route_lead) {
		this.started = true;
		quietly(this.list.load_counts());
		if (route_lead) await this.open_from_route(route_lead);
		if (this.list.phase === "loading") await this.list.load();
	}

	/** @returns a promise of what filters and dialogs offer, which they wait for; by `load_context`, once */
	async ask_context() {
		this.context = await api.get_context();
		if (this.context.can_create)
			this.page.set_primary_action(__("New Lead"), () => frappe.new_doc("Lead"), "es-line-add");
		return this.context;
	}

	refresh() {
		if (this.lead.name) this.presence.enter(this.lead.name);
		return quietly(Promise.all([this.list.refresh(), this.list.load_counts(), this.lead.refresh()]));
	}

	// Live changes

	async take_changes(events) {
		if (events.has(null)) return this.refresh(); // a job has moved many leads at once
		const { list, lead } = this;
		const names = [...events.keys()];
		const is_here = (name) => events.get(name).status === list.status;
		list.drop(names.filter((name) => !is_here(name)));
		const here = names.filter((name) => is_here(name) && name !== lead.name);
		const work = [list.load_counts(), events.has(lead.name) && lead.refresh()];
		const page_is_cheaper = here.length > MANY_CHANGES || (here.length && list.is_narrowed);
		work.push(...(page_is_cheaper ? [list.refresh()] : here.map((name) => this.refresh_row(name))));
		await Promise.all(work);
	}

	async refresh_row(name) {
		const row = await api.get_row(name);
		if (row) this.list.put(row);
		else this.list.drop([name]);
	}

	// Tabs and filters

	async go_to_tab(status) {
		if (status === this.list.status) return;
		Object.assign(this, { selected: [], position: 0 });
		this.list.status = status;
		await this.list.load();
	}

	async narrow_down(change) {
		Object.assign(this, { selected: [], position: 0 });
		Object.assign(this.list, change);
		quietly(this.list.load_counts());
		await this.list.load();
	}

	clear_filters() {
		return this.narrow_down({ scope: "all", filters: {}, snoozed: false, search: "" });
	}

	// The open lead

	async open(name, { delayed = false, focus = null } = {}) {
		this.focus = focus;
		if (name === this.lead.name) return;
		if (!(await this.leaving.may_leave())) return this.place_cursor(this.lead.name);
		const from_list = this.narrow && !this.lead.name;
		const shown = this.show_lead(name, delayed);
		this.set_route(name, !from_list);
		if (from_list) this.pushed_route = true;
		await shown;
	}

	async open_from_route(name) {
		await this.show_lead(name);
		const status = this.lead.name === name && this.lead.row?.status;
		if (status) await this.go_to_tab(status);
	}

	async show_lead(name, delayed = false) {
		this.side_open = false;
		this.place_cursor(name);
		this.presence.enter(name);
		await this.lead.show(name, { row: this.list.row_of(name), delayed });
	}

	on_detail({ row, messages }) {
		this.list.put(row);
		this.mark_read_if_seen();
		this.await_delivery(messages);
	}

	/** Asks soon, then ever less often: a site may hold its mail back. */
	await_delivery(messages) {
		clearTimeout(this.delivery);
		const waits = messages.some(is_on_its_way);
		this.delivery_wait_ms = waits ? 2 * this.delivery_wait_ms || FIRST_DELIVERY_MS : 0;
		if (waits) this.delivery = setTimeout(() => quietly(this.lead.refresh()), this.delivery_wait_ms);
	}

	async close() {
		if (!this.lead.name || !(await this.leaving.may_leave())) return;
		if (this.pushed_route) window.history.back();
		else this.set_route(null, true);
		this.return_to_list();
	}

	/** The address names no lead, or is about to. */
	return_to_list() {
		this.presence.leave();
		this.lead.close();
		Object.assign(this, { side_open: false, pushed_route: false });
	}

	set_route(name, replace) {
		frappe.route_flags.replace_route = replace;
		frappe.set_route(name ? [PAGE, name] : [PAGE]);
		frappe.route_flags.replace_route = false; // it would else outlive this change and swallow the next one
	}

	mark_read_if_seen() {
		const { lead } = this;
		const seen = lead.phase === "ready" && this.shown && !document.hidden && !lead.keep_unread;
		if (!seen || !lead.row.unread) return;
		this.set_unread(lead.name, false);
		this.reading = api.mark_read(lead.name);
		quietly(this.reading);
	}

	async mark_unread() {
		const { name } = this.lead;
		this.lead.keep_unread = true;
		await Promise.allSettled([this.reading]); // it would else arrive after what takes it back
		await api.mark_unread(name);
		this.set_unread(name, true);
	}

	set_unread(name, unread) {
		const row = this.list.row_of(name);
		if (row) row.unread = unread;
		if (this.lead.name === name) this.lead.row.unread = unread;
	}

	/** @param values as api/replies.send takes them @returns whether it was sent: the user may think better of it */
	reply(values) {
		const seen = said(this.lead.detail.messages).at(-1)?.name;
		return this.send((name) =>
			confirmed((more) => api.send(name, { ...values, seen, ...more }), __("Send anyway"))
		);
	}

	/** Opens a step's text in the composer. @returns whether it could: the lead may have been left */
	begin_step(step, lead) {
		if (lead !== this.lead.name) return false;
		this.step = step;
		return true;
	}

	/** Adds to the reply that is being written. The lead may have been left. */
	insert_text(text, lead) {
		if (lead !== this.lead.name) return;
		Object.assign(this, { text, side_open: false });
	}

	add_note(content) {
		return this.send(async (name) => ({ message: await api.add_note(name, content) }));
	}

	retry({ name }) {
		return this.send(() => confirmed((more) => api.retry(name, more), __("Send anyway")));
	}

	/** @param send_to gets the lead and returns a promise of {message}, or of null when nothing was done */
	async send(send_to) {
		const { name } = this.lead;
		const answer = await send_to(name);
		if (!answer) return false;
		if (answer.message && this.lead.name === name) this.lead.append(answer.message);
		this.refresh();
		return true;
	}

	log_call(message) {
		return log_call(this, message);
	}

	// The keyboard's place

	place_cursor(name) {
		this.cursor = name;
		const place = this.list.rows.findIndex((row) => row.name === name);
		if (place >= 0) this.position = place;
	}

	/** The lead one row down (1) or up (-1); when the one at the cursor has moved away, from where it was. */
	neighbor(direction) {
		const { rows } = this.list;
		const place = rows.findIndex((row) => row.name === this.cursor);
		const next = place >= 0 ? place + direction : this.position - (direction > 0 ? 0 : 1);
		if (next >= rows.length - 1) this.list.load_more();
		return rows[Math.min(Math.max(next, 0), rows.length - 1)]?.name;
	}

	// One lead or many

	toggle_selected(name) {
		const others = this.selected.filter((selected) => selected !== name);
		this.selected = others.length < this.selected.length ? others : [...this.selected, name];
	}

	async snooze(names) {
		const until = await ask_snooze_time(names.length);
		if (!until) return;
		const outcome = await api.snooze(names, until);
		if (!this.list.snoozed) this.list.drop(outcome.done);
		this.after_bulk(outcome, __("Snoozed"));
	}

	async unsnooze(names) {
		this.after_bulk(await api.unsnooze(names), __("No longer snoozed"));
	}

	async enroll(names) {
		const done = await enroll_many("Lead", names, (name) => this.list.row_of(name)?.title || name);
		if (!done) return;
		this.selected = [];
		this.refresh();
	}

	after_bulk(outcome, done_label) {
		this.selected = [];
		tell_outcome(outcome, done_label, (name) => this.list.row_of(name)?.title || name);
		this.refresh();
	}
}

/** For work in the background: the next event or minute, or Retry, tries again. */
function quietly(promise) {
	return promise.catch((error) => console.warn(error));
}
