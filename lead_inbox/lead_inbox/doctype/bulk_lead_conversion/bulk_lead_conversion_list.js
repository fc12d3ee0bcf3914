frappe.listview_settings["Bulk Lead Conversion"] = {
	get_indicator({ status }) {
		const colors = { Preparing: "gray", Ready: "blue", Running: "orange", Finished: "green", Stopped: "red" };
		return [__(status), colors[status], `status,=,${status}`];
	},
};
