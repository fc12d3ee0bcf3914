frappe.listview_settings["Booking Review"] = {
	add_fields: ["answered_on"],
	formatters: {
		stars(value) {
			const label = frappe.utils.escape_html(__("{0} of 5 stars", [value]));
			return `<span title="${label}" aria-label="${label}" role="img">${"★".repeat(value)}${"☆".repeat(5 - value)}</span>`;
		},
	},
	get_indicator(doc) {
		return doc.answered_on
			? [__("Answered"), "green", "answered_on,is,set"]
			: [__("Not Answered"), "orange", "answered_on,is,not set"];
	},
};
