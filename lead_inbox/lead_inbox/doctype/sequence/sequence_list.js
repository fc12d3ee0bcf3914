frappe.listview_settings["Sequence"] = {
	get_indicator({ status }) {
		const colors = { Draft: "orange", Active: "green", Archived: "gray" };
		return [__(status), colors[status], `status,=,${status}`];
	},
};
