// For what a customer waits, on top of its form.

import { waits_label } from "../labels";
import { has_failed } from "../setup/requests";

const COLORS = { Us: "orange", Customer: "blue", Vendor: "blue", Nobody: "green" };
const { escape_html } = frappe.utils;

/** @param customer as of api.get */
export function show_wait(frm, customer) {
	const trouble = has_failed(customer) ? customer.request.error : "";
	const words = [waits_label(customer.waits), trouble].filter(Boolean).map((text) => escape_html(text));
	frm.set_intro("");
	frm.set_intro(words.join("<br>"), trouble ? "red" : COLORS[frm.doc.waits_for]);
}
