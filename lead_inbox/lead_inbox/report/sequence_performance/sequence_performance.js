frappe.query_reports["Sequence Performance"] = {
	filters: [
		{
			fieldname: "from_date",
			label: __("Enrolled From"),
			fieldtype: "Date",
			reqd: 1,
			default: frappe.datetime.add_months(frappe.datetime.get_today(), -12),
		},
		{
			fieldname: "to_date",
			label: __("Enrolled Until"),
			fieldtype: "Date",
			reqd: 1,
			default: frappe.datetime.get_today(),
		},
		{ fieldname: "sequence", label: __("Sequence"), fieldtype: "Autocomplete", options: [] },
		{ fieldname: "version", label: __("Version"), fieldtype: "Int" },
		{
			fieldname: "document_type",
			label: __("For"),
			fieldtype: "Select",
			options: [
				{ value: "", label: "" },
				{ value: "Lead", label: __("Lead") },
				{ value: "Opportunity", label: __("Opportunity") },
			],
		},
	],

	async onload(report) {
		const names = await frappe.db.get_list("Sequence", {
			fields: ["sequence_name"],
			group_by: "sequence_name",
			order_by: "sequence_name asc",
			limit: 0,
		});
		report.get_filter("sequence").set_data(names.map((row) => row.sequence_name));
	},

	// What there can't be is no zero; a version leads to its plan.
	formatter(value, row, column, data, default_formatter) {
		if (value === null || value === undefined) return "";
		const shown = default_formatter(value, row, column, data);
		if (column.fieldname !== "label" || !data?.sequence) return shown;
		const link = $("<a>").attr("href", frappe.utils.get_form_link("Sequence", data.sequence));
		return link.css("font-weight", "bold").text(value).prop("outerHTML");
	},
};
