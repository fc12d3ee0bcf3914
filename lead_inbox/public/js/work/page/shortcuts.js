// The keyboard, through Frappe's own registry: its help (?) lists these, its rules keep them out of inputs.

import { nextTick } from "vue";
import { focus_on, is_free, is_in_input } from "../../shared/keyboard";
import { item_actions } from "./item_actions";

/** Each time the page is shown: a workspace takes all letters for itself, and with them their place in the help. */
export function register_shortcuts(work) {
	for (const shortcut of shortcuts(work)) {
		frappe.ui.keys.add_shortcut({ ...shortcut, page: work.page, condition: is_free });
	}
}

/** Frappe's own Escape closes dialogs and leaves inputs; ours must know what it was pressed in, so it comes first. */
export function listen_for_escape(work) {
	document.addEventListener("keydown", (event) => event.key === "Escape" && escape(work), { capture: true });
}

function shortcuts(work) {
	const act = (key) => item_actions(work).find((action) => action.key === key)?.run();
	const of_item = (shortcut, description) => ({ shortcut, description, action: () => act(shortcut) });
	return [
		{ shortcut: "j", description: __("Next activity"), action: () => step(work, 1) },
		{ shortcut: "k", description: __("Previous activity"), action: () => step(work, -1) },
		{ shortcut: "o", description: __("Open the activity (also Enter)"), action: () => open_at_cursor(work) },
		of_item("g", __("Go: call, write, join the meeting")),
		of_item("e", __("Complete")),
		of_item("x", __("Skip")),
		of_item("s", __("Snooze")),
		of_item("n", __("Note")),
		of_item("c", __("Claim")),
		of_item("a", __("Assign")),
		{ shortcut: "t", description: __("Add an activity"), action: () => work.add_for_open() },
		{ shortcut: "i", description: __("Open the lead in the inbox"), action: () => open_in_inbox(work) },
		{ shortcut: "escape", description: __("Back"), action: () => false },
	];
}

function step(work, direction) {
	const key = work.neighbor(direction);
	if (!key) return;
	work.place_cursor(key);
	if (!work.narrow || work.open_item.key) work.open(key, { delayed: true });
	nextTick(() => focus_row(key));
}

function open_at_cursor(work) {
	if (work.cursor) work.open(work.cursor);
}

function open_in_inbox(work) {
	const lead = work.open_item.item?.lead;
	if (lead) frappe.set_route("lead-inbox", lead);
}

function escape(work) {
	if (work.shown && !is_in_input() && is_free()) go_back_to_list(work);
}

export function go_back_to_list(work) {
	work.close();
	setTimeout(() => focus_row(work.cursor)); // after Frappe's handler of Escape, which takes the focus away
}

function focus_row(key) {
	if (key) focus_on(`[data-item="${CSS.escape(key)}"]`);
}
