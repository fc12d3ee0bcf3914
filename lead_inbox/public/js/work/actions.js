// What can be done with an item of work, wherever it is shown. Each function is done when its promise is: also
// when the user thinks better of it or the server refuses, as the page tells then.
//
// item: as api/worklist.py gives it. record: {doctype, name, title}.
// host: {load_context, changed, compose}. load_context() promises what api.get_context gives. changed(item, verb) is
// called after each change with the item as it is now (null if it is gone or was no single item); verb: "completed",
// "scheduled", "skipped", "snoozed", "noted", "assigned", "claimed", "planned", "added" or "enrolled". compose(step,
// lead), optional: takes a mail or SMS into a composer that is open for that lead, and returns whether it did.

import * as inbox_api from "../inbox/api";
import { ask_time } from "../inbox/dialogs/snooze_dialog";
import { escape_html } from "../shared/dialogs/ask";
import { until_refused } from "../request";
import * as api from "./api";
import { call } from "./calling";
import { ask_activity } from "./dialogs/add_dialog";
import { ask_assignee } from "./dialogs/assign_dialog";
import { ask_completion, ask_note, ask_skip, ask_task } from "./dialogs/note_dialog";
import { enroll_one } from "./enrolling";
import { open_meeting } from "./meeting";
import { write } from "./writing";

const STARTERS = { "Phone Call": call, Email: write, SMS: write, Meeting: open_meeting, Task: show_task };

/** Does what the icon of the item's kind promises; that may complete it. */
export const start = until_refused(async (item, host) => {
	if (item.source === "event") await open_meeting(item, host);
	else await STARTERS[item.kind](item, host);
});

export const complete = until_refused(async (item, host) => {
	const values = await ask_completion(item);
	if (values) await finish(item, values, host);
});

export const skip = until_refused(async (item, host) => {
	const values = await ask_skip(item);
	if (values) tell(host, await api.skip(item.name, values.note), "skipped");
});

export const snooze = until_refused(async (item, host) => {
	const until = await ask_time({
		title: __("Snooze: {0}", [escape_html(item.title)]),
		description: __("Until then it is among the upcoming ones."),
	});
	if (until) tell(host, await api.snooze(item.name, until), "snoozed");
});

export const note = until_refused(async (item, host) => {
	const values = await ask_note(item);
	if (values) tell(host, await api.add_note(item.name, values.content), "noted");
});

export const assign = until_refused(async (item, host) => {
	const assignee = await ask_assignee(item, await host.load_context());
	if (assignee) tell(host, await api.assign(item.name, assignee), "assigned");
});

export const claim = until_refused(async (item, host) => {
	tell(host, await api.claim(item.name), "claimed");
});

/** An activity by hand: the next contact, when and by whom. */
export const add = until_refused(async (record, host) => {
	const values = await ask_activity(record, await host.load_context());
	if (values) tell(host, await api.add(record, values), "added");
});

export const enroll = until_refused(async (record, host) => {
	if (await enroll_one(record)) host.changed(null, "enrolled");
});

async function show_task(item, host) {
	const values = await ask_task(item);
	if (values) await finish(item, values, host);
}

async function finish(item, values, host) {
	if (item.source === "call_back") {
		await inbox_api.end_call_back(item.lead);
		host.changed(null, "completed");
	} else if (item.source === "event") {
		tell(host, await api.close_meeting(item.name, values.note), "completed");
	} else {
		tell(host, await api.complete(item.name, values), "completed");
	}
}

function tell(host, answer, verb) {
	host.changed(answer?.item ?? null, verb);
}
