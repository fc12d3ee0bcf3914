(() => {
	const OLD_DAYS = 7;
	const options = (values) => values.map((value) => ({ value, label: value ? __(value) : "" }));

	// Text of customers: never as HTML.
	function link(name, text) {
		const href = frappe.utils.get_form_link("Reseller Customer", name);
		return $("<a>").attr("href", href).text(text).prop("outerHTML");
	}

	frappe.query_reports["Reseller Customers Waiting"] = {
		filters: [
			{
				fieldname: "group_by",
				label: __("Group By"),
				fieldtype: "Select",
				options: options(["Waits For", "What For", "Product Family", "Status"]),
				default: "Waits For",
				reqd: 1,
			},
			{
				fieldname: "waits_for",
				label: __("Waits For"),
				fieldtype: "Select",
				options: options(["", "Us", "Customer", "Vendor"]),
			},
			{
				fieldname: "product_family",
				label: __("Product Family"),
				fieldtype: "Link",
				options: "Reseller Product Family",
			},
			{
				fieldname: "origin",
				label: __("Origin"),
				fieldtype: "Select",
				options: options(["", "New", "Import"]),
			},
		],

		// A customer leads to its form; a group and a long wait stand out; what there can't be is no zero.
		formatter(value, row, column, data, default_formatter) {
			if (value === null || value === undefined) return "";
			if (column.fieldname === "label" && data?.reseller_customer) return link(data.reseller_customer, value);
			const shown = default_formatter(value, row, column, data);
			if (data && !data.reseller_customer) return `<b>${shown}</b>`;
			return column.fieldname === "days" && value >= OLD_DAYS
				? `<span class="text-danger">${shown}</span>`
				: shown;
		},
	};
})();
