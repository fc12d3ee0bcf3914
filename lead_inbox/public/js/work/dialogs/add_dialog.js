import { ask, escape_html, user_option } from "../../shared/dialogs/ask";
import { to_site_time, user_now } from "../../shared/time";
import { KINDS, kind_label } from "../kinds";

/** @returns a promise of what api.add takes, or of null when the dialog was closed */
export async function ask_activity({ title }, { users, user }) {
	const values = await ask({
		title: __("Add an activity: {0}", [escape_html(title)]),
		fields: activity_fields(users, user),
		primary_action_label: __("Add"),
	});
	return values && { ...values, title: values.title || kind_label(values.kind) };
}

function activity_fields(users, me) {
	return [
		{
			fieldname: "kind",
			fieldtype: "Select",
			label: __("Kind"),
			options: KINDS.map((value) => ({ value, label: kind_label(value) })),
			default: KINDS[0],
			reqd: 1,
		},
		{ fieldname: "title", fieldtype: "Data", label: __("Title"), length: 140 },
		{
			fieldname: "due_on",
			fieldtype: "Datetime",
			label: __("When"),
			default: to_site_time(tomorrow_at_nine()),
			reqd: 1,
		},
		{
			fieldname: "user",
			fieldtype: "Select",
			label: __("By"),
			options: users.map(user_option),
			default: users.some(({ name }) => name === me) ? me : undefined,
			reqd: 1,
		},
		{ fieldname: "instructions", fieldtype: "Small Text", label: __("Instructions") },
		{
			fieldname: "remind",
			fieldtype: "Check",
			label: __("Remind, and enter it in that person's calendar"),
			default: 1,
		},
	];
}

function tomorrow_at_nine() {
	return user_now().add(1, "day").startOf("day").hour(9);
}
