// The dialog in which a lead is converted: what to make or use, and what comes of it.

import { watchEffect } from "vue";
import { until_refused } from "../request";
import { escape_html } from "../shared/dialogs/ask";
import * as api from "./api";
import ConvertBox from "./ConvertBox.vue";
import { Conversion } from "./conversion";
import { focus_first } from "./focus";
import { enable_primary, show_in_dialog } from "../shared/dialogs/vue_dialog";

/**
 * @param lead {name, title}
 * @param done called once the lead is converted
 */
export async function convert({ name, title }, done) {
	await frappe.model.with_doctype("Lead"); // whose options the dialog offers
	const conversion = Conversion.of(name);
	const options = {
		title: __("Convert {0}", [escape_html(title)]),
		size: "extra-large",
		primary_action_label: __("Convert"),
		primary_action: until_refused(async () => {
			const converted = await submit(dialog, conversion);
			dialog.hide();
			tell(converted);
			done();
		}),
	};
	const dialog = show_in_dialog(options, ConvertBox, { conversion });
	const stop = watchEffect(() => enable_primary(dialog, conversion.is_ready));
	// the preview may be there before the dialog has faded in, which takes the focus once more
	dialog.$wrapper.one("shown.bs.modal", () => focus_first(dialog.$wrapper.find("form.convert-choices").get(0)));
	dialog.$wrapper.one("hidden.bs.modal", () => {
		stop();
		conversion.leave();
	});
	conversion.load();
}

/** What the server refuses may be news: the preview then says so, too. */
async function submit(dialog, conversion) {
	enable_primary(dialog, false);
	try {
		return await api.convert(conversion.lead, conversion.choice);
	} catch (error) {
		conversion.load();
		throw error;
	}
}

function tell({ customer, contact, opportunity, quotation }) {
	const links = [
		["Customer", customer],
		["Contact", contact],
		["Opportunity", opportunity],
		["Quotation", quotation],
	]
		.filter(([, name]) => name)
		.map(([doctype, name]) => `${__(doctype)} ${link_to(doctype, name)}`);
	frappe.show_alert({ message: __("Converted: {0}", [links.join(", ")]), indicator: "green" }, 10);
}

function link_to(doctype, name) {
	return frappe.utils.get_form_link(doctype, name, true, escape_html(name));
}
