frappe.ui.form.on("Reseller Customer", {
	refresh(frm) {
		frappe.require(["reseller_setup.bundle.css", "reseller_setup.bundle.js"], () =>
			lead_inbox.reseller.show_form(frm)
		);
	},
});
