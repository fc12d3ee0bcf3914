// The keyboard, through Frappe's own registry: its help (?) lists these, its rules keep them out of inputs.

import { nextTick } from "vue";
import { focus_on, is_free, is_in_input } from "../shared/keyboard";
import { lead_actions } from "./actions";
import { assign } from "./assigning";
import { decline } from "./deciding";

/** Each time the page is shown: a workspace takes all letters for itself, and with them their place in the help. */
export function register_shortcuts(inbox) {
	for (const shortcut of shortcuts(inbox)) {
		frappe.ui.keys.add_shortcut({ ...shortcut, page: inbox.page, condition: is_free });
	}
}

/** Frappe's own Escape closes dialogs and leaves inputs; ours must know what it was pressed in, so it comes first. */
export function listen_for_escape(inbox) {
	document.addEventListener("keydown", (event) => event.key === "Escape" && escape(inbox), {
		capture: true,
	});
}

function shortcuts(inbox) {
	const act = (key) => lead_actions(inbox).find((action) => action.key === key)?.run();
	const on_selection = (key, bulk) => (inbox.selected.length ? bulk(inbox.selected) : act(key));
	return [
		{ shortcut: "j", description: __("Next lead"), action: () => step(inbox, 1) },
		{ shortcut: "k", description: __("Previous lead"), action: () => step(inbox, -1) },
		{ shortcut: "o", description: __("Open the lead (also Enter)"), action: () => open_at_cursor(inbox) },
		{ shortcut: "x", description: __("Select the lead"), action: () => select_at_cursor(inbox) },
		{ shortcut: "r", description: __("Reply"), action: () => write(inbox, "reply") },
		{ shortcut: "n", description: __("Write a note"), action: () => write(inbox, "note") },
		{ shortcut: "c", description: __("Call"), action: () => act("c") },
		{ shortcut: "b", description: __("Book a time"), action: () => act("b") },
		{
			shortcut: "d",
			description: __("Decline"),
			action: () => on_selection("d", (names) => decline(inbox, names)),
		},
		{
			shortcut: "s",
			description: __("Snooze"),
			action: () => on_selection("s", (names) => inbox.snooze(names)),
		},
		{
			shortcut: "a",
			description: __("Assign"),
			action: () => on_selection("a", (names) => assign(inbox, names)),
		},
		{ shortcut: "v", description: __("Convert"), action: () => act("v") },
		{ shortcut: "u", description: __("Mark as unread"), action: () => act("u") },
		{ shortcut: "/", description: __("Search leads"), action: () => focus_on("[data-inbox-search]") },
		{ shortcut: "escape", description: __("Back"), action: () => false },
	];
}

function step(inbox, direction) {
	const name = inbox.neighbor(direction);
	if (!name) return;
	inbox.place_cursor(name);
	if (!inbox.narrow || inbox.lead.name) inbox.open(name, { delayed: true });
	nextTick(() => focus_row(name));
}

function open_at_cursor(inbox) {
	if (inbox.cursor) inbox.open(inbox.cursor, { focus: "log" });
}

function select_at_cursor(inbox) {
	if (inbox.list.row_of(inbox.cursor)) inbox.toggle_selected(inbox.cursor);
}

function write(inbox, mode) {
	if (inbox.lead.name) inbox.focus = mode;
}

/** One step back: out of the selection, the side panel, the conversation. */
function escape(inbox) {
	if (!inbox.shown || is_in_input() || !is_free()) return;
	if (inbox.selected.length) inbox.selected = [];
	else if (inbox.side_open) inbox.side_open = false;
	else go_back_to_list(inbox);
}

export async function go_back_to_list(inbox) {
	await inbox.close();
	if (inbox.lead.name) return; // the user stays with an unsent message
	setTimeout(() => focus_row(inbox.cursor)); // after Frappe's handler of Escape, which takes the focus away
}

function focus_row(name) {
	if (name) focus_on(`[data-lead="${CSS.escape(name)}"]`);
}
