frappe.ui.form.on("Bookable Service", {
	refresh(frm) {
		if (frm.is_new()) return;
		const { average } = frm.doc.__onload || {};
		if (average) {
			const stars = format_number(average.stars, null, 1);
			frm.dashboard.add_indicator(__("{0} of 5 stars in {1} reviews", [stars, average.reviews]), "yellow");
		}
		frm.add_custom_button(__("Bookings"), () =>
			frappe.set_route("List", "Booking", "List", { service: frm.doc.name })
		);
		frm.add_custom_button(__("Calendar"), () =>
			frappe.set_route("List", "Booking", "Calendar", "default", { service: frm.doc.name })
		);
	},
});
