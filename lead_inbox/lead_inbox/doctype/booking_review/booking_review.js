(() => {
	const API = "lead_inbox.api.reviews";
	const LONGEST = 2000;

	frappe.ui.form.on("Booking Review", {
		async refresh(frm) {
			if (frm.is_new()) return;
			const { name } = frm.doc;
			const { message } = await frappe.call({
				method: `${API}.get_answer`,
				type: "GET",
				args: { review: name },
			});
			// meanwhile the form may show another review
			if (frm.doc.name === name && message.may_answer) offer_answer(frm, message);
		},
	});

	function offer_answer(frm, told) {
		const label = told.answer ? __("Change Answer") : __("Answer");
		frm.remove_custom_button(label);
		frm.add_custom_button(label, () => ask_for_answer(frm, told)).addClass("btn-primary");
	}

	function ask_for_answer(frm, { answer, address, why }) {
		const dialog = new frappe.ui.Dialog({
			title: __("Answer the Review"),
			fields: [
				{
					fieldname: "text",
					fieldtype: "Small Text",
					label: __("Answer"),
					description: __("The customer sees it below the review."),
					default: answer,
					reqd: 1,
				},
				{
					fieldname: "tell_customer",
					fieldtype: "Check",
					label: address ? __("Mail it to {0}", [address]) : __("Mail it to the customer"),
					description: frappe.utils.escape_html(why),
					default: address && !answer ? 1 : 0,
					read_only: address ? 0 : 1,
				},
			],
			primary_action_label: __("Save Answer"),
			primary_action: (values) => save(frm, dialog, values),
		});
		dialog.show();
		dialog.fields_dict.text.$input.attr("maxlength", LONGEST);
	}

	async function save(frm, dialog, { text, tell_customer }) {
		const { message } = await frappe.call({
			method: `${API}.answer`,
			type: "POST",
			args: { review: frm.doc.name, text, tell_customer: tell_customer ? 1 : 0 },
			btn: dialog.get_primary_btn(),
		});
		dialog.hide();
		const told = message.told ? __("Answered. A mail is on its way.") : __("Answered.");
		if (message.why) frappe.msgprint(__("The answer is kept, but was not mailed: {0}", [message.why]));
		else frappe.show_alert({ message: told, indicator: "green" });
		frm.reload_doc();
	}
})();
