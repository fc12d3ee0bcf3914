// The leads are in the table of public/js/bulk_conversion, which also says what the figures say.

const FIGURES = ["status", "total", "succeeded", "failed", "started_on", "started_by", "finished_on", "problem"];

frappe.ui.form.on("Bulk Lead Conversion", {
	refresh(frm) {
		frm.disable_save();
		frm.toggle_display(FIGURES, false);
		frappe.require(["bulk_conversion.bundle.css", "bulk_conversion.bundle.js"], () =>
			lead_inbox.bulk_conversion.show(frm)
		);
	},
});
