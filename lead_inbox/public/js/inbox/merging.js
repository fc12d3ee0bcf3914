// Two leads of one person.

import { ask_whether } from "../shared/dialogs/confirm_dialog";
import * as api from "./api";
import { until_refused } from "./api";
import { ask_merge, ask_other_lead } from "./dialogs/merge_dialog";

/** @param other {name, title} of the lead to merge the open one with; without it the user chooses */
export const merge = until_refused(async (inbox, other = null) => {
	const { name, row } = inbox.lead;
	const second = other || (await choose_other(name));
	if (!second) return;
	const leads = await ask_merge([{ name, title: row.title }, second]);
	if (!leads) return;
	await api.merge(leads.winner, leads.loser);
	frappe.show_alert({ message: __("Merged"), indicator: "green" });
	inbox.list.drop([leads.loser]);
	await show_winner(inbox, name, leads.winner);
});

/** @param merged {name, title} of one of the open lead's merges */
export const unmerge = until_refused(async (inbox, merged) => {
	const question = __("Take the merge back? What came from {0} goes back to it.", [merged.title]);
	if (!(await ask_whether({ question, yes: __("Take back") }))) return;
	await api.unmerge(merged.name);
	frappe.show_alert({ message: __("Merge taken back"), indicator: "green" });
	await reload(inbox);
});

async function choose_other(name) {
	const other = await ask_other_lead(name);
	if (!other) return null;
	const title = await frappe.db.get_value("Lead", other, "title");
	return { name: other, title: title.message.title };
}

async function show_winner(inbox, open, winner) {
	if (inbox.lead.name === open && winner !== open) await inbox.open(winner);
	await reload(inbox);
}

/** From its newest messages on: a refresh keeps older ones that are shown, and some are another lead's now. */
async function reload(inbox) {
	await Promise.all([inbox.lead.name && inbox.lead.load(), inbox.refresh()]);
}
