frappe.ui.form.on("Reseller Product Family", {
	refresh(frm) {
		if (!frm.perm[0].write) return;
		frm.add_custom_button(__("Add the Usual Setup Tips"), () => add_usual_tips(frm));
		const is_connected = frm.doc.connection && frm.doc.connection !== "By Hand";
		if (!frm.is_new() && is_connected) {
			const button = frm.add_custom_button(__("List the Vendor's Accounts"), () => list_accounts(frm, button));
		}
	},
});

async function add_usual_tips(frm) {
	await frm.call("add_usual_tips");
	frm.dirty();
	frm.scroll_to_field("setup_tips");
}

async function list_accounts(frm, button) {
	const { message: is_asked } = await frappe.call({
		method: "lead_inbox.api.resellers.list_vendor_accounts",
		type: "POST",
		args: { family: frm.doc.name },
		btn: button,
	});
	const said = is_asked
		? __("The vendor is asked. You are told when the list is attached here.")
		: __("The vendor is being asked already. The list will be attached here.");
	frappe.show_alert({ message: said, indicator: "blue" });
}
