// Frappe loads the settings of the list with the doctype, before those of the calendar: colors are there.
frappe.views.calendar["Booking"] = {
	field_map: { start: "starts_on", end: "ends_on", id: "name", title: "title", allDay: 0 },
	get_events_method: "lead_inbox.lead_inbox.doctype.booking.booking.get_events",
	get_css_class: (booking) => frappe.get_indicator(booking, "Booking")[1],
	options: {
		selectable: false,
		// times are changed with the buttons of the booking, which look for conflicts and tell the customer
		eventDataTransform: (booking) => ({ ...booking, editable: false }),
		viewRender: (_view, element) =>
			element.closest(".frappe-list").find(".footnote-area").text(__("Click a booking to open it.")),
	},
};
