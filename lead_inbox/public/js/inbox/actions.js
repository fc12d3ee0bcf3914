// What can be done with the open lead: one entry an action, for the head of the conversation and the keyboard.

import { phone_href } from "./labels";
import { is_future } from "./time";

/**
 * @returns entries of {name, label, key, icon, href | run, in_menu}: a link if it has a href,
 *   behind "…" if in_menu. An action that is not possible for this lead is not in the list.
 */
export function lead_actions(inbox) {
	const { row, detail } = inbox.lead;
	const number = detail?.lead.mobile_no || detail?.lead.phone;
	const actions = [
		{
			name: "call",
			label: __("Call"),
			key: "c",
			icon: "es-line-call",
			possible: Boolean(number),
			href: number && phone_href(number),
		},
		{
			name: "snooze",
			label: __("Snooze"),
			key: "s",
			icon: "es-line-time",
			possible: detail?.can.write && !is_future(row?.snoozed_until),
			run: () => inbox.snooze([inbox.lead.name]),
		},
		{
			name: "unsnooze",
			label: __("End Snooze"),
			key: "s",
			icon: "es-line-time",
			possible: detail?.can.write && is_future(row?.snoozed_until),
			run: () => inbox.unsnooze([inbox.lead.name]),
		},
		{
			name: "assign",
			label: __("Assign"),
			key: "a",
			icon: "es-line-add-people",
			possible: detail?.can.assign,
			run: () => inbox.assign([inbox.lead.name]),
		},
		{
			name: "mark_unread",
			label: __("Mark as Unread"),
			key: "u",
			icon: "es-line-mark-unread",
			in_menu: true,
			possible: Boolean(detail),
			run: () => inbox.mark_unread(),
		},
		{
			name: "open_form",
			label: __("Open Lead"),
			icon: "es-line-arrow-up-right",
			in_menu: true,
			possible: Boolean(detail),
			run: () => frappe.set_route("Form", "Lead", inbox.lead.name),
		},
	];
	return actions.filter((action) => action.possible);
}
