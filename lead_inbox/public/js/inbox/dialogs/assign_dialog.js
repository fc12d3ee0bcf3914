import { ask, user_option } from "./ask";

/** @returns a promise of a user's name, or of null when the dialog was closed */
export function ask_assignee(users, count) {
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
		],
		primary_action_label: __("Assign"),
	}).then((values) => values?.user || null);
}
