// What can be chosen for each record, in the order in which it is offered.

import { existing, match_option, new_option } from "../shared/choices/options";

export function customer_options({ customers, may }) {
	const refusal = may.customer ? "" : __("You may not create Customers.");
	return [new_option(__("New Customer"), refusal), ...customers.map(match_option)];
}

export function contact_options({ contacts }) {
	return [{ pick: { mode: "own" }, label: __("The Contact of this lead"), notes: [] }, ...contacts.map(match_option)];
}

export function opportunity_options({ opportunities, may }) {
	const make = new_option(
		__("New Opportunity"),
		may.opportunity ? "" : __("You may not create Opportunities.")
	);
	const attach = opportunities.map(({ name, title, status }) => ({
		pick: existing(name),
		label: title || name,
		notes: [name, __(status)],
	}));
	return [make, ...attach, { pick: { mode: "none" }, label: __("No Opportunity"), notes: [] }];
}
