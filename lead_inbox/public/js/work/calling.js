// Calling a customer for an item of work.

import * as inbox_api from "../inbox/api";
import { dial, open_phone } from "../inbox/dialing";
import { ask_outcome } from "../inbox/dialogs/call_dialog";
import { phone_href } from "../inbox/labels";
import * as api from "./api";
import { choose_number } from "./dialogs/number_dialog";

export async function call(item, host) {
	const { lead, numbers } = await whom_to_call(item);
	const number = await choose_number(item.reference_title, numbers);
	if (!number) return;
	const done = await (lead ? call_lead(item, lead, number) : call_elsewhere(item, number));
	if (done) host.changed(await api.get_item(item.source, item.name), "completed");
}

/** @returns a promise of {lead, numbers}; no lead where there is none or the user may not see it */
async function whom_to_call({ source, name, lead }) {
	if (source === "activity") return api.prepare(name);
	const { numbers } = (await inbox_api.get_lead(lead)).lead;
	return { lead, numbers };
}

/** The server completes what the call was for as soon as its outcome is told. */
function call_lead(item, lead, number) {
	const activity = item.source === "activity" ? item.name : null;
	return dial({ lead, title: item.reference_title, number, activity });
}

/** Without a lead there is no conversation that keeps the call; its outcome is kept with the activity. */
async function call_elsewhere(item, number) {
	open_phone(phone_href(number));
	const outcome = await ask_outcome({ title: item.reference_title, number, is_running: true });
	if (!outcome) return false;
	const { answered, note } = outcome;
	await api.complete(item.name, { outcome: answered ? "Answered" : "Not Answered", note });
	return true;
}
