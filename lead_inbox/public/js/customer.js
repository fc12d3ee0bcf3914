frappe.ui.form.on("Customer", {
	refresh(frm) {
		if (frm.is_new() || frm.doc.disabled || !frappe.model.can_create("Reseller Customer")) return;
		frm.add_custom_button(
			__("Reseller Customer"),
			() => frappe.set_route("reseller-customer-setup", "new", "Customer", frm.doc.name),
			__("Create")
		);
	},
});
