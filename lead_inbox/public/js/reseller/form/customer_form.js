// The form of a Reseller Customer: for what it waits, what can be done next, and its checklist.

import { until_refused } from "../../request";
import * as api from "../api";
import { SETUP_PAGE } from "../records";
import { offer_actions } from "./actions";
import { TipBox } from "./tip_box";
import { show_wait } from "./waiting";

/** Called at each refresh of the form. */
export const show_form = until_refused(async (frm) => {
	if (frm.is_new()) return go_to_setup(frm);
	const { docname } = frm;
	const customer = await api.get(docname);
	if (frm.docname !== docname) return; // the form shows another one by now
	show_wait(frm, customer);
	offer_actions(frm, customer);
	frm.reseller_tips ??= new TipBox(frm);
	frm.reseller_tips.show(customer);
});

/** A customer begins with the guided form, also when it is added from a list or from another record. */
function go_to_setup({ doc }) {
	frappe.route_flags.replace_route = true;
	const source = doc.lead ? ["Lead", doc.lead] : doc.customer ? ["Customer", doc.customer] : [];
	frappe.set_route(SETUP_PAGE, "new", ...source);
}
