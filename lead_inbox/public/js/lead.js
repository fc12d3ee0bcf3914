frappe.ui.form.on("Lead", {
	refresh(frm) {
		if (frm.is_new()) return;
		frm.add_custom_button(__("Open in Inbox"), () => frappe.set_route("lead-inbox", frm.doc.name));
		const winner = frm.doc.inbox_merged_into;
		if (!winner) return;
		const link = frappe.utils.get_form_link("Lead", winner, true);
		frm.set_intro(__("This lead was merged into {0}. Go on there.", [link]), "orange");
	},
});
