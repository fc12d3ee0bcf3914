frappe.listview_settings["Lead Event"] = {
	get_indicator(doc) {
		const colors = { Received: "blue", Processed: "green", Rejected: "orange", Failed: "red", Test: "gray" };
		return [__(doc.status), colors[doc.status], `status,=,${doc.status}`];
	},
};
