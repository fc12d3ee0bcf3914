// What can be chosen for each record, in the order in which it is offered: {pick, label, notes, disabled}.

export function customer_options({ customers, may }) {
	const make = { pick: { mode: "new" }, label: __("New Customer"), notes: [], disabled: !may.customer };
	if (make.disabled) make.notes.push(__("You may not create Customers."));
	return [make, ...customers.map(match_option)];
}

export function contact_options({ contacts }) {
	return [{ pick: { mode: "own" }, label: __("The Contact of this lead"), notes: [] }, ...contacts.map(match_option)];
}

export function opportunity_options({ opportunities, may }) {
	const make = { pick: { mode: "new" }, label: __("New Opportunity"), notes: [], disabled: !may.opportunity };
	if (make.disabled) make.notes.push(__("You may not create Opportunities."));
	const attach = opportunities.map(({ name, title, status }) => ({
		pick: existing(name),
		label: title || name,
		notes: [name, __(status)],
	}));
	return [make, ...attach, { pick: { mode: "none" }, label: __("No Opportunity"), notes: [] }];
}

function match_option({ name, label, reasons }) {
	return { pick: existing(name), label: label || name, notes: [...(label && label !== name ? [name] : []), ...reasons] };
}

export function existing(name) {
	return { mode: "existing", name };
}

export function is_same(one, other) {
	return one.mode === other.mode && (one.name || "") === (other.name || "");
}
