// Words for what a reseller customer goes through.

import { full, user_moment } from "../shared/time";

export const STEP_LABELS = {
	Kind: () => __("Kind"),
	Customer: () => __("Customer"),
	Requirements: () => __("Requirements"),
	Consent: () => __("Consent"),
	Contact: () => __("Contact"),
	Review: () => __("Review"),
	Account: () => __("Account"),
};

/** The answer to a question of which Yes is good. */
export function result_label(result) {
	return { Open: __("Not checked"), Passed: __("Yes"), Failed: __("No") }[result];
}

/** Who has to do something next, and what. @param waits as of api.get, in the words of the user's language */
export function waits_label({ party, matter, since, is_nobody }) {
	if (is_nobody) return __("Nothing has to be done.");
	const words = __("Waits for: {0} · {1}", [party, matter]);
	return since ? `${words} · ${__("since {0}", [day_of(since)])}` : words;
}

function day_of(site_time) {
	return frappe.datetime.str_to_user(user_moment(site_time).locale("en").format("YYYY-MM-DD"));
}

export function token_label({ is_set, is_good, expires_on }) {
	if (!is_set) return __("No transfer token is stored.");
	if (!is_good) return __("The transfer token has expired on {0}: ask the customer for a new one.", [full(expires_on)]);
	if (!expires_on) return __("A transfer token is stored.");
	return __("A transfer token is stored, good until {0}.", [full(expires_on)]);
}
