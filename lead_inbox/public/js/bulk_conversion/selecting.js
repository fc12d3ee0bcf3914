// From checked leads to a bulk conversion.

import * as api from "./api";

const MOST = 10000;

/** Makes a bulk conversion of the leads that are checked in a list, and opens it. */
export const convert_checked = api.until_refused(async (listview) => {
	const leads = listview.get_checked_items(true);
	if (leads.length > MOST) {
		frappe.msgprint(__("Select at most {0} leads.", [MOST]));
		return;
	}
	frappe.dom.freeze(__("Reading the leads …"));
	try {
		const name = await api.prepare(leads);
		listview.clear_checked_items();
		frappe.set_route("Form", "Bulk Lead Conversion", name);
	} finally {
		frappe.dom.unfreeze();
	}
});
