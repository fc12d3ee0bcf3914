// Whose a tip of the checklist is.

import { ask } from "../../shared/dialogs/ask";

/** @returns a promise of {user}, which may be missing for nobody, or of null when the dialog was closed */
export function ask_assignee({ assigned_to }) {
	const user = {
		fieldname: "user",
		fieldtype: "Link",
		options: "User",
		label: __("Assigned To"),
		description: __("Empty: nobody in particular."),
		default: assigned_to || "",
		only_select: 1,
		get_query: () => ({ filters: { enabled: 1, user_type: "System User" } }),
	};
	return ask({ title: __("Assign"), fields: [user], primary_action_label: __("Assign") });
}
