// Calls: dialing a number of the open lead, and what came of it.

import * as api from "./api";
import { until_refused } from "./api";
import { ask_number, ask_outcome } from "./dialogs/call_dialog";
import { confirmed } from "./dialogs/confirm_dialog";
import { is_hidden } from "./labels";

/**
 * Dials, then asks for the outcome. Closing that dialog leaves the call in progress.
 * @param number without one: the first that is known (business before personal), else the user types it
 */
export const call = until_refused(async (inbox, number = null) => {
	const { name, row, detail } = inbox.lead;
	const wanted = number || detail.lead.numbers[0]?.number || (await ask_number(row.title));
	if (!wanted) return;
	if (is_hidden(wanted)) return tell_hidden();
	const started = await confirmed((consent) => api.start_call(name, wanted, consent), __("Call anyway"));
	if (!started) return;
	show(inbox, name, started.message);
	window.open(started.href, "_self"); // a tel: address: the browser hands it to the phone and stays
	const outcome = await ask_outcome({ title: row.title, number: wanted, is_running: true });
	await finish(inbox, name, started.message, outcome);
});

/** The pad, although numbers are known. */
export const call_another = until_refused(async (inbox) => {
	const number = await ask_number(inbox.lead.row.title);
	if (number) await call(inbox, number);
});

/** The outcome of a call that is still in progress. */
export const log_call = until_refused(async (inbox, message) => {
	const { name, row } = inbox.lead;
	const outcome = await ask_outcome({ title: row.title, number: message.recipient || "" });
	await finish(inbox, name, message, outcome);
});

export const end_call_back = until_refused(async (inbox) => {
	await api.end_call_back(inbox.lead.name);
	await inbox.refresh();
});

async function finish(inbox, name, message, outcome) {
	if (!outcome) return;
	const finished = await api.finish_call(message.name, outcome);
	show(inbox, name, finished.message);
}

function show(inbox, name, message) {
	if (inbox.lead.name === name) inbox.lead.append(message);
	inbox.refresh();
}

function tell_hidden() {
	frappe.msgprint({
		title: __("This number is hidden from you"),
		message: __(
			"You may not see the numbers of customers, so your browser cannot dial them. Write to the customer, or ask a colleague who may see them to call."
		),
	});
}
