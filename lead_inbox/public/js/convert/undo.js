// The dialog in which a conversion is taken back.

import { until_refused } from "../request";
import * as api from "./api";
import UndoPlan from "./UndoPlan.vue";
import { enable_primary, show_in_dialog } from "../shared/dialogs/vue_dialog";

/**
 * Says what is taken back and what can't be, and asks.
 * @param conversion name of the Lead Conversion
 * @param done called once it is taken back
 */
export const undo = until_refused(async (conversion, done) => {
	const plan = await api.get_undo(conversion);
	if (!plan.allowed) return refuse(plan.refused_because);
	const options = {
		title: __("Undo Conversion"),
		primary_action_label: __("Undo Conversion"),
		primary_action: until_refused(async () => {
			await submit(dialog, conversion);
			dialog.hide();
			frappe.show_alert({ message: __("The conversion was undone."), indicator: "green" });
			done();
		}),
	};
	const dialog = show_in_dialog(options, UndoPlan, { plan });
});

async function submit(dialog, conversion) {
	enable_primary(dialog, false);
	try {
		await api.undo(conversion);
	} finally {
		enable_primary(dialog, true);
	}
}

function refuse(why) {
	frappe.msgprint({
		title: __("Not Possible Now"),
		message: frappe.utils.escape_html(why),
		indicator: "orange",
	});
}
