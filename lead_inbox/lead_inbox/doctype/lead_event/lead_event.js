frappe.ui.form.on("Lead Event", {
	refresh(frm) {
		if (["Rejected", "Failed"].includes(frm.doc.status) && frappe.model.can_write("Lead Channel")) {
			frm.add_custom_button(__("Take Up"), async () => {
				await frm.call("take_up");
				frappe.show_alert(__("The event will be processed in a moment"));
				frm.reload_doc();
			});
		}
	},
});
