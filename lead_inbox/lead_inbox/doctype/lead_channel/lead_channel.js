frappe.ui.form.on("Lead Channel", {
	refresh(frm) {
		const is_signed = ["Standard Webhooks", "Booking Form"].includes(frm.doc.provider);
		if (!frm.is_new() && is_signed && frm.perm[0].write) {
			frm.add_custom_button(__("New Signing Secret"), () => {
				frappe.confirm(
					__("The present secret stays valid until you clear it. Make a new one?"),
					() => frm.call("rotate_signing_secret").then(() => frm.reload_doc())
				);
			});
		}
	},
});
