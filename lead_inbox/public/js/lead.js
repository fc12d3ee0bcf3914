frappe.ui.form.on("Lead", {
	refresh(frm) {
		if (!frm.is_new()) {
			frm.add_custom_button(__("Open in Inbox"), () => frappe.set_route("lead-inbox", frm.doc.name));
		}
	},
});
