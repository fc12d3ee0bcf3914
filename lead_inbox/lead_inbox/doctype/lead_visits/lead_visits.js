{% include "lead_inbox/public/js/rate_reports.js" %}

frappe.ui.form.on("Lead Visits", {
	async refresh(frm) {
		for (const kind of Object.keys(lead_inbox.rates.LINKS)) {
			frm.fields_dict[kind].set_data(await lead_inbox.rates.names(kind));
		}
	},
});
