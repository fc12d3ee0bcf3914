// Who works on leads.

import * as work_api from "../work/api";
import * as api from "./api";
import { until_refused } from "./api";
import { ask_assignee } from "./dialogs/assign_dialog";

/** @param names of one lead or of many */
export const assign = until_refused(async (inbox, names) => {
	const [{ users }, has_sequence] = await Promise.all([inbox.load_context(), may_run_sequence(names)]);
	const choice = await ask_assignee(users, names.length, has_sequence);
	if (choice) inbox.after_bulk(await api.assign(names, choice.user, choice.sequences), __("Assigned"));
});

/** Of many leads some may, and asking for each would take long. */
async function may_run_sequence(names) {
	if (names.length > 1) return true;
	try {
		const next = await work_api.get_up_next("Lead", names[0]);
		return Boolean(next.enrollments.length);
	} catch (error) {
		console.warn(error); // the lead can be assigned all the same; its steps stay where they are
		return false;
	}
}
