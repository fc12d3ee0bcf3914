(() => {
	const COLORS = {
		Requested: "orange",
		Confirmed: "green",
		Completed: "blue",
		"No Show": "red",
		Cancelled: "gray",
		Declined: "gray",
	};

	frappe.listview_settings["Booking"] = {
		add_fields: ["status"],
		hide_name_column: true,
		get_indicator: ({ status }) => [__(status), COLORS[status], `status,=,${status}`],
	};
})();
