// What is asked about a customer's consent and its transfer token.

import { ask } from "../../shared/dialogs/ask";
import { ask_whether } from "../../shared/dialogs/confirm_dialog";
import { CUSTOMER } from "../records";

/** @returns a promise of what record_consent takes, or of null */
export function ask_consent(name, family) {
	return ask({
		title: __("Record Consent"),
		primary_action_label: __("Record"),
		fields: [
			{
				fieldname: "given_by",
				fieldtype: "Data",
				label: __("Given By"),
				reqd: 1,
				length: 255,
				description: __("Who consented, on the customer's side."),
			},
			{
				fieldname: "given_on",
				fieldtype: "Date",
				label: __("Given On"),
				reqd: 1,
				default: frappe.datetime.get_today(),
			},
			{
				fieldname: "expires_on",
				fieldtype: "Date",
				label: __("Expires On"),
				description: __("Empty: as the product family has it."),
			},
			{
				fieldname: "evidence",
				fieldtype: "Small Text",
				label: __("Evidence"),
				reqd: 1,
				description: __("By what it can be seen: a mail, a page of the vendor's, a call."),
			},
			{
				fieldname: "attachment",
				fieldtype: "Attach",
				label: __("File"),
				options: { doctype: CUSTOMER, docname: name, make_attachments_public: false },
			},
		],
	}).then((values) => values && { ...values, family });
}

/** @returns a promise of whether it is withdrawn */
export function ask_withdrawal({ given_by }) {
	return ask_whether({
		title: __("Withdraw Consent"),
		question: __("Has {0} withdrawn the consent? It then does not count any more.", [given_by]),
		yes: __("Withdraw"),
	});
}

/** @returns a promise of what set_token takes, or of null */
export function ask_token() {
	return ask({
		title: __("Transfer Token"),
		primary_action_label: __("Save"),
		fields: [
			{ fieldname: "token", fieldtype: "Password", label: __("Transfer Token"), reqd: 1, length: 512 },
			{
				fieldname: "expires_on",
				fieldtype: "Datetime",
				label: __("Expires On"),
				description: __("Empty: nobody knows."),
			},
		],
		on_ready: (dialog) => {
			dialog.get_field("token").disable_password_checks(); // it is none of the user's making
			// Frappe keeps a closed dialog in the page, and what was entered with it
			dialog.$wrapper.one("hidden.bs.modal", () => dialog.$wrapper.remove());
		},
	});
}
