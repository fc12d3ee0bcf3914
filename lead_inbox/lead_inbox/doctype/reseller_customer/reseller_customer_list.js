(() => {
	const COLORS = {
		Draft: "orange",
		Checked: "yellow",
		Created: "light-blue",
		Imported: "light-blue",
		Ordered: "blue",
		"Terms Accepted": "purple",
		Active: "green",
		Suspended: "red",
		"Transferred Out": "gray",
	};
	const VIEWS = [
		{ label: __("What Waits for Us"), filters: [["waits_for", "=", "Us"]] },
		{ label: __("What Waits for the Customer"), filters: [["waits_for", "=", "Customer"]] },
		{ label: __("What Waits for the Vendor"), filters: [["waits_for", "=", "Vendor"]] },
		{
			label: __("In Setup"),
			filters: [["status", "in", ["Draft", "Checked", "Created", "Imported", "Ordered", "Terms Accepted"]]],
		},
		{ label: __("Active"), filters: [["status", "=", "Active"]] },
		{ label: __("All"), filters: [] },
	];

	async function show(listview, filters) {
		await listview.filter_area.clear(false);
		await listview.filter_area.set(filters.map((filter) => [listview.doctype, ...filter]));
		listview.refresh();
	}

	frappe.listview_settings["Reseller Customer"] = {
		add_fields: ["status", "waits_for", "waits_since"],
		hide_name_column: true,
		get_indicator: ({ status }) => [__(status), COLORS[status], `status,=,${status}`],
		formatters: {
			waits_for_what(value, _df, { waits_for, waits_since }) {
				if (waits_for === "Nobody" || !value) return "";
				const since = waits_since ? frappe.datetime.str_to_user(waits_since) : "";
				const words = frappe.utils.escape_html(__(value));
				return `<span class="ellipsis" title="${frappe.utils.escape_html(since)}">${words}</span>`;
			},
		},
		// where the guided form begins
		primary_action: () => frappe.set_route("reseller-customer-setup"),
		onload(listview) {
			for (const { label, filters } of VIEWS) {
				listview.page.add_inner_button(label, () => show(listview, filters), __("Show"));
			}
		},
	};
})();
