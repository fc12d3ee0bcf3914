frappe.ui.form.on("Opportunity", {
	refresh(frm) {
		frappe.require(["up_next.bundle.css", "up_next.bundle.js"], () => lead_inbox.up_next.show(frm));
	},
});
