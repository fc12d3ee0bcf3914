import { ask, escape_html, user_option } from "../../shared/dialogs/ask";

const GROUP = "group:"; // no user's name has a colon

/**
 * A user, or a group of whom the first one to claim the item does it.
 * @param context of api.get_context
 * @returns a promise of {user} or {user_group}, or of null when the dialog was closed
 */
export async function ask_assignee({ title, user }, { users, user_groups }) {
	const me = frappe.session.user;
	const groups = user_groups.map((group) => ({
		value: GROUP + group,
		label: __("Group: {0}", [escape_html(group)]),
	}));
	const values = await ask({
		title: __("Assign: {0}", [escape_html(title)]),
		fields: [
			{
				fieldname: "assignee",
				fieldtype: "Select",
				label: __("Assign to"),
				options: [...users.map(user_option), ...groups],
				default: user || (users.some(({ name }) => name === me) ? me : undefined),
				reqd: 1,
			},
		],
		primary_action_label: __("Assign"),
	});
	if (!values) return null;
	const { assignee } = values;
	return assignee.startsWith(GROUP) ? { user_group: assignee.slice(GROUP.length) } : { user: assignee };
}
