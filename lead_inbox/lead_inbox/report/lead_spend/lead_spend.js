frappe.query_reports["Lead Spend"] = {
	filters: [
		{
			fieldname: "from_date",
			label: __("Arrived From"),
			fieldtype: "Date",
			default: frappe.datetime.add_months(frappe.datetime.month_start(), -11),
			reqd: 1,
		},
		{
			fieldname: "to_date",
			label: __("Arrived Until"),
			fieldtype: "Date",
			default: frappe.datetime.get_today(),
			reqd: 1,
		},
		{ fieldname: "channel", label: __("Channel"), fieldtype: "Link", options: "Lead Channel" },
		{
			fieldname: "group_by",
			label: __("Group By"),
			fieldtype: "Select",
			options: ["Channel and Month", "Channel", "Month"],
			default: "Channel and Month",
			reqd: 1,
		},
	],
	// What can't be divided is no zero.
	formatter(value, row, column, data, default_formatter) {
		return value === null || value === undefined ? "" : default_formatter(value, row, column, data);
	},
};
