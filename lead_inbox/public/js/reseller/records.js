// Names that the parts of reselling share.

export const CUSTOMER = "Reseller Customer";
export const FAMILY = "Reseller Product Family";
export const SETUP_PAGE = "reseller-customer-setup";

/** Promises what Frappe knows of the doctype's fields: their labels and choices are shown as its form has them. */
export function load_meta() {
	return new Promise((resolve) => frappe.model.with_doctype(CUSTOMER, resolve));
}

export function docfield(field) {
	return frappe.meta.get_docfield(CUSTOMER, field);
}

export function label_of(field) {
	return __(docfield(field).label, null, CUSTOMER);
}

/** As the list has it. */
export function status_pill({ status }) {
	const [label, color] = frappe.get_indicator({ status }, CUSTOMER);
	return { label, color };
}
