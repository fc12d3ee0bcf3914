import { ask, user_option } from "../../shared/dialogs/ask";

/**
 * @param has_sequence whether what is done with the running sequences is to be chosen too
 * @returns a promise of {user, sequences} as api/desk.assign takes it, or of null when the dialog was closed
 */
export function ask_assignee(users, count, has_sequence) {
	const me = frappe.session.user;
	return ask({
		title: count > 1 ? __("Assign {0} leads", [count]) : __("Assign"),
		fields: [
			{
				fieldname: "user",
				fieldtype: "Select",
				label: __("Assign to"),
				options: users.map((user) => user_option(user)),
				default: users.some((user) => user.name === me) ? me : undefined,
				reqd: 1,
			},
			...(has_sequence ? [sequences_field()] : []),
		],
		primary_action_label: __("Assign"),
	});
}

function sequences_field() {
	return {
		fieldname: "sequences",
		fieldtype: "Select",
		label: __("A running sequence"),
		options: [
			{ value: "stay", label: __("The open step stays with the previous owner") },
			{ value: "move", label: __("The open step goes to the new owner, too") },
			{ value: "stop", label: __("The sequence is stopped") },
		],
		default: "stay",
		description: __("All steps that follow go to the new owner."),
	};
}
