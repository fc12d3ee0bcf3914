// Filters and cells that the reports on conversion share: each report includes this file.
frappe.provide("lead_inbox.rates");

// Sources and campaigns are records of other DocTypes in ERPNext 16, so they are offered by name.
lead_inbox.rates.LINKS = { source: ["source", "utm_source"], campaign: ["campaign_name", "utm_campaign"] };

lead_inbox.rates.dates = (months) => [
	{
		fieldname: "from_date",
		label: __("From"),
		fieldtype: "Date",
		default: frappe.datetime.add_months(frappe.datetime.month_start(), 1 - months),
		reqd: 1,
	},
	{
		fieldname: "to_date",
		label: __("Until"),
		fieldtype: "Date",
		default: frappe.datetime.get_today(),
		reqd: 1,
	},
];

lead_inbox.rates.options = (values) => values.map((value) => ({ value, label: __(value) }));

lead_inbox.rates.group_by = () => ({
	fieldname: "group_by",
	label: __("Group By"),
	fieldtype: "Select",
	options: lead_inbox.rates.options(["Period", "Source", "Campaign", "Owner", "Channel"]),
	default: "Period",
	reqd: 1,
});

lead_inbox.rates.interval = (depends_on = "") => ({
	fieldname: "interval",
	label: __("Period"),
	fieldtype: "Select",
	options: lead_inbox.rates.options(["Day", "Week", "Month", "Quarter"]),
	default: "Month",
	reqd: 1,
	depends_on,
});

lead_inbox.rates.grouping = () => [
	lead_inbox.rates.group_by(),
	lead_inbox.rates.interval("eval: frappe.query_report.get_filter_value('group_by') === 'Period'"),
];

lead_inbox.rates.choices = () => [
	{ fieldname: "source", label: __("Source"), fieldtype: "Autocomplete", options: [] },
	{ fieldname: "campaign", label: __("Campaign"), fieldtype: "Autocomplete", options: [] },
	{ fieldname: "owner", label: __("Owner"), fieldtype: "Link", options: "User" },
	{ fieldname: "channel", label: __("Channel"), fieldtype: "Link", options: "Lead Channel" },
];

// Returns the names that a lead's source or campaign can have; none for a user who may not list them.
lead_inbox.rates.names = async (kind) => {
	await new Promise((resolve) => frappe.model.with_doctype("Lead", resolve));
	const field = lead_inbox.rates.LINKS[kind]
		.map((name) => frappe.meta.get_docfield("Lead", name))
		.find(Boolean);
	if (!field || !(frappe.model.can_read(field.options) || frappe.model.can_select(field.options))) return [];
	const rows = await frappe.db.get_list(field.options, {
		fields: ["name"],
		order_by: "name asc",
		limit: 0,
	});
	return rows.map((row) => row.name);
};

lead_inbox.rates.onload = async (report) => {
	for (const kind of Object.keys(lead_inbox.rates.LINKS)) {
		report.get_filter(kind).set_data(await lead_inbox.rates.names(kind));
	}
};

// What can't be divided is no zero; what has no name is told by a word.
lead_inbox.rates.formatter = (value, row, column, data, default_formatter) => {
	const is_empty = value === null || value === undefined;
	if (is_empty && data && column.fieldname === "group") return __("None");
	return is_empty ? "" : default_formatter(value, row, column, data);
};
