// What can be done with the open lead: one entry an action, for the head of the conversation and the keyboard.

import { is_future } from "../shared/time";
import { assign } from "./assigning";
import { book } from "./booking";
import { call, call_another } from "./calling";
import { convert } from "./converting";
import { decline, restore } from "./deciding";
import { is_hidden } from "./labels";
import { merge } from "./merging";

/**
 * @returns entries of {name, label, key, icon, run, in_menu, choices}: behind "…" if in_menu; with choices of
 *   {label, note, run} there is a menu beside the button. What is not possible for this lead is not in the list.
 */
export function lead_actions(inbox) {
	return [...contact_actions(inbox), ...work_actions(inbox), ...menu_actions(inbox)].filter(
		(action) => action.possible
	);
}

function contact_actions(inbox) {
	const { detail } = inbox.lead;
	return [
		{
			name: "call",
			label: __("Call"),
			key: "c",
			icon: "es-line-call",
			possible: detail?.can.write,
			run: () => call(inbox),
			choices: number_choices(inbox),
		},
		{
			name: "book",
			label: __("Book"),
			key: "b",
			icon: "es-line-calender",
			possible: detail?.can.write && !detail.lead.merged_into,
			run: () => book(inbox),
		},
	];
}

/** Where there is something to choose: the numbers, and any other one. */
function number_choices(inbox) {
	const numbers = inbox.lead.detail?.lead.numbers || [];
	if (!numbers.length || numbers.some(({ number }) => is_hidden(number))) return [];
	return [
		...numbers.map(({ number, label }) => ({ label: number, note: label, run: () => call(inbox, number) })),
		{ label: __("Another number…"), run: () => call_another(inbox) },
	];
}

function work_actions(inbox) {
	const { name, row, detail } = inbox.lead;
	const is_snoozed = is_future(row?.snoozed_until);
	return [
		{
			name: "snooze",
			label: __("Snooze"),
			key: "s",
			icon: "es-line-time",
			possible: detail?.can.write && !is_snoozed,
			run: () => inbox.snooze([name]),
		},
		{
			name: "unsnooze",
			label: __("End Snooze"),
			key: "s",
			icon: "es-line-time",
			possible: detail?.can.write && is_snoozed,
			run: () => inbox.unsnooze([name]),
		},
		{
			name: "decline",
			label: __("Decline"),
			key: "d",
			icon: "es-line-close-circle",
			possible: detail?.can.decline,
			run: () => decline(inbox, [name]),
		},
		{
			name: "restore",
			label: __("Restore"),
			icon: "es-line-reload",
			possible: detail?.can.restore,
			run: () => restore(inbox, [name]),
		},
	];
}

function menu_actions(inbox) {
	const { name, detail } = inbox.lead;
	return [
		{
			name: "convert",
			label: __("Convert"),
			key: "v",
			icon: "es-line-customer",
			possible: detail?.can.convert,
			run: () => convert(inbox),
		},
		{
			name: "assign",
			label: __("Assign"),
			key: "a",
			icon: "es-line-add-people",
			possible: detail?.can.assign,
			run: () => assign(inbox, [name]),
		},
		{
			name: "mark_unread",
			label: __("Mark as Unread"),
			key: "u",
			icon: "es-line-mark-unread",
			possible: Boolean(detail),
			run: () => inbox.mark_unread(),
		},
		{
			name: "merge",
			label: __("Merge…"),
			icon: "es-line-group",
			possible: detail?.can.merge,
			run: () => merge(inbox),
		},
		{
			name: "open_form",
			label: __("Open Lead"),
			icon: "es-line-arrow-up-right",
			possible: Boolean(detail),
			run: () => frappe.set_route("Form", "Lead", name),
		},
	].map((action) => ({ ...action, in_menu: true }));
}
