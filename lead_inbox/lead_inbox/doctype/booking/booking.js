frappe.ui.form.on("Booking", {
	refresh(frm) {
		frm.disable_save();
		frappe.require(["booking.bundle.css", "booking.bundle.js"], () => lead_inbox.booking.offer_actions(frm));
	},
});
