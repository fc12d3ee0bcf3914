frappe.ui.form.on("Lead Dispute", {
	refresh(frm) {
		offer_reasons(frm);
	},
	lead(frm) {
		offer_reasons(frm);
	},
	kind(frm) {
		offer_reasons(frm);
	},
	satisfaction(frm) {
		offer_reasons(frm);
	},
});

// Which reasons fit is the server's to know.
async function offer_reasons(frm) {
	const { lead, kind, satisfaction } = frm.doc;
	if (!lead) return;
	if (frm.choices?.lead !== lead) {
		const method = "lead_inbox.api.disputes.get_reasons";
		const { message } = await frappe.call({ method, type: "GET", args: { name: lead } });
		frm.choices = { lead, ...message };
	}
	const fitting = kind === "Dispute" ? frm.choices.dispute : frm.choices.feedback[satisfaction] || [];
	frm.set_df_property("reason", "options", ["", ...fitting]);
	if (kind === "Dispute" && frm.is_new() && frm.choices.no_dispute) {
		frm.set_intro(frm.choices.no_dispute, "orange");
	} else {
		frm.set_intro("");
	}
}
