// Records into sequences, one or many.

import { tell_outcome } from "../shared/dialogs/outcome";
import { until_refused } from "../request";
import * as api from "./api";
import { ask_sequence } from "./dialogs/enroll_dialog";

const COUNT_LABELS = { Opportunity: (count) => __("{0} opportunities", [count]) };

/** @returns a promise of whether the record is in a sequence now */
export async function enroll_one({ doctype, name, title }) {
	const { sequences } = await api.get_up_next(doctype, name);
	return enroll_into(sequences, doctype, [name], () => title);
}

/**
 * For lists. Says how many it worked for and why not for the others.
 * @param title_of the words for a record's name
 * @returns a promise of whether anything was done
 */
export const enroll_many = until_refused(async (doctype, names, title_of) => {
	const { sequences } = await api.get_context();
	const fitting = sequences.filter(({ document_type }) => document_type === doctype);
	return enroll_into(fitting, doctype, names, title_of);
});

async function enroll_into(sequences, doctype, names, title_of) {
	const sequence = await ask_sequence(sequences, doctype, names.length);
	if (!sequence) return false;
	const outcome = await api.enroll(sequence, doctype, names);
	if (outcome.queued) tell_queued(outcome.queued);
	else tell_outcome(by_record(outcome), __("Added to the sequence"), title_of, COUNT_LABELS[doctype]);
	return Boolean(outcome.queued || outcome.done.length);
}

function by_record({ done, failed }) {
	const reasons = Object.entries(failed).map(([name, message]) => ({ name, message }));
	return { done, failed: reasons };
}

function tell_queued(count) {
	const message = __("{0} records are being added. You will be told when it is done.", [count]);
	frappe.show_alert({ message, indicator: "blue" });
}
