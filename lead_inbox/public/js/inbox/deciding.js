// Decisions on leads: decline and restore, and what the customer does not want.

import { escape_html } from "../shared/dialogs/ask";
import { ask_whether } from "../shared/dialogs/confirm_dialog";
import * as api from "./api";
import { until_refused } from "./api";
import { ask_decline, ask_restore } from "./dialogs/decline_dialog";
import { medium_label, told_label } from "./labels";

/** @param names of one lead or of many; of the open one it is known how its customer is told */
export const decline = until_refused(async (inbox, names) => {
	const { decline_reasons, decline_message } = await inbox.load_context();
	const decision = await ask_decline({
		title: is_bulk(names)
			? __("Decline {0} leads", [names.length])
			: __("Decline {0}", [safe_title(inbox, names[0])]),
		reasons: decline_reasons,
		default_message: decline_message,
		told: told(inbox, names),
	});
	if (!decision) return;
	const { reason, message } = decision;
	inbox.after_bulk(await api.decline(names, reason, message), __("Declined"));
});

export const restore = until_refused(async (inbox, names) => {
	const decision = await ask_restore({
		title: is_bulk(names)
			? __("Restore {0} leads", [names.length])
			: __("Restore {0}", [safe_title(inbox, names[0])]),
		told: told(inbox, names),
	});
	if (decision) inbox.after_bulk(await api.restore(names, decision.message), __("Restored"));
});

/** Notes that the customer does not want to be reached this way; asks before it takes that back. */
export const refuse_contact = until_refused(async (inbox, medium, refused) => {
	const { name, row } = inbox.lead;
	const question = __("Has {0} said that this is welcome again: {1}?", [row.title, medium_label(medium)]);
	if (!refused && !(await ask_whether({ question, yes: __("Allow") }))) return;
	await api.refuse_contact(name, medium, refused);
	await inbox.refresh();
});

const is_bulk = (names) => names.length > 1;

function safe_title(inbox, name) {
	const row = inbox.list.row_of(name) || (inbox.lead.name === name && inbox.lead.row);
	return escape_html(row?.title || name);
}

function told(inbox, names) {
	const is_open = !is_bulk(names) && names[0] === inbox.lead.name && inbox.lead.detail;
	if (is_open) return told_label(inbox.lead.detail);
	return __("Each customer is told by e-mail or SMS, as they last wrote; afterwards you see who could not be.");
}
