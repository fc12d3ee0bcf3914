frappe.query_reports["Lead Response Time"] = {
	filters: [
		{
			fieldname: "from_date",
			label: __("Arrived From"),
			fieldtype: "Date",
			reqd: 1,
			default: frappe.datetime.add_days(frappe.datetime.get_today(), -90),
		},
		{
			fieldname: "to_date",
			label: __("Arrived To"),
			fieldtype: "Date",
			reqd: 1,
			default: frappe.datetime.get_today(),
		},
		{
			fieldname: "by",
			label: __("By"),
			fieldtype: "Select",
			options: [
				{ value: "Channel", label: __("Channel") },
				{ value: "Owner", label: __("Owner") },
			],
			reqd: 1,
			default: "Channel",
		},
		{
			fieldname: "channel",
			label: __("Channel"),
			fieldtype: "Link",
			options: "Lead Channel",
		},
	],

	// What nobody waited for is no wait of zero seconds.
	formatter(value, row, column, data, default_formatter) {
		if (data && value === null && ["Duration", "Percent"].includes(column.fieldtype)) return "";
		if (data && !value && column.fieldname === "group") return __("Nobody");
		return default_formatter(value, row, column, data);
	},
};
