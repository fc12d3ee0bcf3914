{% include "lead_inbox/public/js/rate_reports.js" %}

frappe.query_reports["Booking Performance"] = {
	filters: [
		...lead_inbox.rates.dates(12).map((filter) =>
			// what is booked ahead counts too
			filter.fieldname === "to_date" ? { ...filter, default: frappe.datetime.month_end() } : filter
		),
		{
			fieldname: "group_by",
			label: __("Group By"),
			fieldtype: "Select",
			options: lead_inbox.rates.options(["Service", "User", "Channel", "Month"]),
			default: "Service",
			reqd: 1,
		},
		{ fieldname: "service", label: __("Service"), fieldtype: "Link", options: "Bookable Service" },
		{ fieldname: "user", label: __("User"), fieldtype: "Link", options: "User" },
		{ fieldname: "channel", label: __("Channel"), fieldtype: "Link", options: "Lead Channel" },
	],
	formatter: lead_inbox.rates.formatter,
};
