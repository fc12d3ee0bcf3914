{% include "lead_inbox/public/js/rate_reports.js" %}

frappe.query_reports["Lead Conversion Rate"] = {
	filters: [
		...lead_inbox.rates.dates(12),
		{
			fieldname: "count_by",
			label: __("Count By"),
			fieldtype: "Select",
			options: [
				{ value: "Arrival", label: __("What became of the leads that arrived") },
				{ value: "Conversion", label: __("Conversions that happened") },
			],
			default: "Arrival",
			reqd: 1,
		},
		...lead_inbox.rates.grouping(),
		...lead_inbox.rates.choices(),
		{
			fieldname: "currency",
			label: __("Currency"),
			fieldtype: "Link",
			options: "Currency",
			default: frappe.boot.sysdefaults.currency,
			reqd: 1,
		},
		{
			fieldname: "sales",
			label: __("Revenue By"),
			fieldtype: "Select",
			options: lead_inbox.rates.options(["Sales Invoice", "Sales Order"]),
			default: frappe.model.can_read("Sales Invoice") ? "Sales Invoice" : "Sales Order",
			reqd: 1,
		},
	],
	onload: lead_inbox.rates.onload,
	formatter: lead_inbox.rates.formatter,
};
