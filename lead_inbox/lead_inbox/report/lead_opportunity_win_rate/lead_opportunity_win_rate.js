{% include "lead_inbox/public/js/rate_reports.js" %}

frappe.query_reports["Lead Opportunity Win Rate"] = {
	filters: [
		...lead_inbox.rates.dates(12),
		...lead_inbox.rates.grouping(),
		...lead_inbox.rates.choices(),
	],
	onload: lead_inbox.rates.onload,
	formatter: lead_inbox.rates.formatter,
};
