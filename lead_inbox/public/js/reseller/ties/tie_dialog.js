// The dialog in which a Reseller Customer gets its Customer, Contact and Address: made, or one that is there already.

import { watchEffect } from "vue";
import { until_refused } from "../../request";
import { escape_html } from "../../shared/dialogs/ask";
import { enable_primary, show_in_dialog } from "../../shared/dialogs/vue_dialog";
import { Tie } from "./tie";
import TieBox from "./TieBox.vue";

const STYLES = ["convert.bundle.css"]; // the choices look as they do where a lead is converted

/** @param customer as of api.get @param done called once it is tied */
export async function tie(customer, done) {
	await frappe.require(STYLES);
	const ties = Tie.of(customer.name);
	const options = {
		title: __("Customer for {0}", [escape_html(customer.title || customer.name)]),
		size: "large",
		primary_action_label: __("Make the Connection"),
		primary_action: until_refused(async () => {
			const { customer: made } = await ties.submit();
			dialog.hide();
			const link = frappe.utils.get_form_link("Customer", made, true, escape_html(made));
			frappe.show_alert({ message: __("Tied to {0}", [link]), indicator: "green" }, 10);
			done();
		}),
	};
	const dialog = show_in_dialog(options, TieBox, { tie: ties });
	const stop = watchEffect(() => enable_primary(dialog, ties.is_ready));
	dialog.$wrapper.one("hidden.bs.modal", stop);
	ties.load();
}
