// What can be chosen for each record, in the order in which it is offered.

import { match_option, new_option } from "../../shared/choices/options";

/** @param matches as of reseller_ties.get_matches */
export function customer_options({ customers, lead, became }) {
	if (became) return customers.map(match_option);
	const label = lead ? __("The Customer that its lead becomes") : __("New Customer");
	const refusal = frappe.model.can_create("Customer") ? "" : __("You may not create Customers.");
	return [new_option(label, refusal), ...customers.map(match_option)];
}

export function contact_options({ contacts, tied, same_contact }) {
	const label = tied.contact ? __("The Contact that it has") : __("A Contact of the administrator");
	const own = { pick: { mode: "own" }, label, notes: tied.contact ? [tied.contact] : [] };
	return [
		...(same_contact ? [] : [own]),
		...contacts.filter(({ name }) => name !== tied.contact).map(match_option),
		{ pick: { mode: "none" }, label: __("No Contact"), notes: [] },
	];
}

export function address_options({ addresses, tied }) {
	const own = tied.address ? __("The Address that it has") : __("An Address of what was entered");
	return [
		{ pick: { mode: "own" }, label: own, notes: tied.address ? [tied.address] : [] },
		...addresses.filter(({ name }) => name !== tied.address).map(match_option),
		{ pick: { mode: "none" }, label: __("No Address"), notes: [] },
	];
}
