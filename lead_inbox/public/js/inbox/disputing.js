// What we tell the source about a lead that it charged for.

import * as api from "./api";
import { until_refused } from "./api";
import { ask_dispute } from "./dialogs/dispute_dialog";

export const dispute = until_refused(async (inbox) => {
	const { name, row } = inbox.lead;
	const choices = await api.get_dispute_reasons(name);
	const filed = await ask_dispute(row.title, choices);
	if (!filed) return;
	await api.file_dispute(name, filed);
	frappe.show_alert({ message: __("Filed"), indicator: "green" });
	await inbox.refresh();
});
