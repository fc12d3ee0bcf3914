// Mending what was mistyped of a vendor's account.

import { ask } from "../../shared/dialogs/ask";

/** @returns a promise of what correct_account takes, or of null */
export function ask_account({ vendor, values }) {
	return ask({
		title: __("Correct the Account"),
		primary_action_label: __("Save"),
		fields: [
			{
				fieldname: "account",
				fieldtype: "Data",
				label: __("Vendor's Account"),
				reqd: 1,
				length: 255,
				default: vendor.account,
				description: __("As the vendor names or numbers it."),
			},
			{
				fieldname: "cloud_identity_id",
				fieldtype: "Data",
				label: __("Cloud Identity ID"),
				length: 140,
				default: values.cloud_identity_id,
			},
			{
				fieldname: "console",
				fieldtype: "Data",
				options: "URL",
				label: __("Customer's Console"),
				length: 255,
				default: vendor.console,
			},
		],
	});
}
