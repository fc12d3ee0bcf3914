import { escape_html } from "./ask";

/**
 * Says how many leads it worked for, and for each of the others why not.
 * @param untold the leads it worked for but whose customers could not be told, if they should be
 * @param count_label the words for a number of records that are no leads
 */
export function tell_outcome({ done, failed, untold = [] }, done_label, title_of, count_label = lead_count) {
	if (done.length) {
		const message = done.length > 1 ? `${done_label}: ${count_label(done.length)}` : done_label;
		frappe.show_alert({ message, indicator: "green" });
	}
	const line = ({ name, message }) => `${escape_html(title_of(name))}: ${escape_html(message)}`;
	tell_list(__("Not done for all"), failed.map(line));
	tell_list(__("Done, but the customer was not told"), untold.map(line));
}

function lead_count(count) {
	return __("{0} leads", [count]);
}

function tell_list(title, lines) {
	if (lines.length) frappe.msgprint({ title, indicator: "orange", message: lines, as_list: true });
}
