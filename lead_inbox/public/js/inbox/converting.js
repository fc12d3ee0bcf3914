// A lead that becomes a customer, and the way back.

const BUNDLES = ["convert.bundle.css", "convert.bundle.js"];

export function convert(inbox) {
	const { name, row } = inbox.lead;
	frappe.require(BUNDLES, () =>
		lead_inbox.conversion.convert({ name, title: row.title }, () => inbox.refresh())
	);
}

/** @param conversion name of a Lead Conversion */
export function undo(inbox, conversion) {
	frappe.require(BUNDLES, () => lead_inbox.conversion.undo(conversion, () => inbox.refresh()));
}
