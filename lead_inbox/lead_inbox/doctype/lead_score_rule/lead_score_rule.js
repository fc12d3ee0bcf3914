frappe.ui.form.on("Lead Score Rule", {
	async refresh(frm) {
		frm.set_intro(frm.doc.__onload?.problem || "", "orange");
		const { message } = await frappe.call({
			method: "lead_inbox.api.stages.get_rule_choices",
			type: "GET",
		});
		frm.fields_dict.field.set_data(message.fields);
		frm.fields_dict.source.set_data(message.sources);
		frm.refresh_field("field"); // it shows the label, which it did not know
	},
});
