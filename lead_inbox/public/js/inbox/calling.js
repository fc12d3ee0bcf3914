// Calls: dialing a number of the open lead, and what came of it.

import * as api from "./api";
import { until_refused } from "./api";
import { dial, log } from "./dialing";
import { ask_number } from "./dialogs/call_dialog";

/** @param number without one: the first that is known (business before personal), else the user types it */
export const call = until_refused(async (inbox, number = null) => {
	const { name, row, detail } = inbox.lead;
	const wanted = number || detail.lead.numbers[0]?.number || (await ask_number(row.title));
	if (!wanted) return;
	const on_started = (message) => show(inbox, name, message);
	const finished = await dial({ lead: name, title: row.title, number: wanted, on_started });
	if (finished) show(inbox, name, finished);
});

/** The pad, although numbers are known. */
export const call_another = until_refused(async (inbox) => {
	const number = await ask_number(inbox.lead.row.title);
	if (number) await call(inbox, number);
});

/** The outcome of a call that is still in progress. */
export const log_call = until_refused(async (inbox, message) => {
	const { name, row } = inbox.lead;
	const finished = await log(message, row.title);
	if (finished) show(inbox, name, finished);
});

export const end_call_back = until_refused(async (inbox) => {
	await api.end_call_back(inbox.lead.name);
	await inbox.refresh();
});

function show(inbox, name, message) {
	if (inbox.lead.name === name) inbox.lead.append(message);
	inbox.refresh();
}
