frappe.ui.form.on("Lead Inbox Settings", {
	setup(frm) {
		frm.set_query("lead_field", "field_mapping", () => ({
			query: "lead_inbox.api.field_mapping.search_lead_fields",
		}));
		frm.set_query("target_field", "field_mapping", (_doc, doctype, name) => {
			const { lead_field, target_doctype } = frappe.get_doc(doctype, name);
			return {
				query: "lead_inbox.api.field_mapping.search_target_fields",
				params: { lead_field: lead_field || "", target_doctype: target_doctype || "" },
			};
		});
		frm.set_query("sequence", "source_sequences", () => ({
			filters: { document_type: "Lead", status: "Active" },
		}));
	},

	refresh(frm) {
		show_problems(frm);
		offer_sources(frm);
	},
});

frappe.ui.form.on("Lead Field Mapping", {
	lead_field: forget_target,
	target_doctype: forget_target,
});

/** What was chosen for another field, or of another document, need not be there or fit. */
function forget_target(_frm, doctype, name) {
	frappe.model.set_value(doctype, name, "target_field", "");
}

async function show_problems(frm) {
	const { message: problems } = await frappe.call({
		method: "lead_inbox.api.field_mapping.get_problems",
		type: "GET",
	});
	frm.set_intro("");
	for (const problem of problems) {
		frm.set_intro(`<span>${frappe.utils.escape_html(problem)}</span>`, "orange");
	}
}

async function offer_sources(frm) {
	const { message } = await frappe.call({ method: "lead_inbox.api.stages.get_rule_choices", type: "GET" });
	frm.fields_dict.source_sequences.grid.update_docfield_property("source", "options", message.sources);
}
