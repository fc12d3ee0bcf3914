// One call, from dialing to its outcome.

import { confirmed } from "../shared/dialogs/confirm_dialog";
import * as api from "./api";
import { ask_outcome } from "./dialogs/call_dialog";
import { is_hidden } from "./labels";

/**
 * Dials, then asks for the outcome. Closing that dialog leaves the call in progress.
 * @param activity name of the Sales Activity that the call is for, if there is one
 * @param on_started is called with the message of the call
 * @returns a promise of the message of the finished call, or of null
 */
export async function dial({ lead, title, number, activity = null, on_started = () => {} }) {
	if (is_hidden(number)) return tell_hidden();
	const start = (consent) => api.start_call(lead, number, { ...consent, activity });
	const started = await confirmed(start, __("Call anyway"));
	if (!started) return null;
	on_started(started.message);
	open_phone(started.href);
	return finish(started.message, await ask_outcome({ title, number, is_running: true }));
}

/** The outcome of a call that is still in progress. @returns as of dial */
export async function log(message, title) {
	return finish(message, await ask_outcome({ title, number: message.recipient || "" }));
}

/** @param href a tel: address: the browser hands it to the phone and stays */
export function open_phone(href) {
	window.open(href, "_self");
}

async function finish(message, outcome) {
	if (!outcome) return null;
	return (await api.finish_call(message.name, outcome)).message;
}

function tell_hidden() {
	frappe.msgprint({
		title: __("This number is hidden from you"),
		message: __(
			"You may not see the numbers of customers, so your browser cannot dial them. Write to the customer, or ask a colleague who may see them to call."
		),
	});
	return null;
}
