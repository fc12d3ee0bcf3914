{% include "lead_inbox/public/js/rate_reports.js" %}

frappe.query_reports["Converted Leads"] = {
	filters: [
		...lead_inbox.rates.dates(3),
		lead_inbox.rates.interval(),
		...lead_inbox.rates.choices(),
	],
	onload: lead_inbox.rates.onload,
	formatter: lead_inbox.rates.formatter,
};
