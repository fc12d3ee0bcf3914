import { ask, escape_html, notice, tell } from "../../shared/dialogs/ask";

/**
 * @param reasons of {name, message, silent}; their message comes before `default_message`
 * @param told says who is told and by what
 * @returns a promise of {reason, message}, or of null when the dialog was closed
 */
export function ask_decline({ title, reasons, default_message, told }) {
	const chosen = (dialog) => reasons.find(({ name }) => name === dialog.get_value("reason"));
	let dialog = null;
	const choose = () => follow_reason(dialog, chosen(dialog), default_message, told);
	return ask({
		title,
		fields: decline_fields(reasons, choose),
		primary_action_label: __("Decline"),
		on_ready: (made) => {
			dialog = made;
			choose();
		},
	}).then((values) => values && { reason: values.reason, message: values.message || null });
}

function decline_fields(reasons, on_reason) {
	return [
		{
			fieldname: "reason",
			fieldtype: "Select",
			label: __("Reason"),
			options: ["", ...reasons.map(({ name }) => ({ value: name, label: escape_html(__(name)) }))],
			description: reasons.length ? "" : no_reasons(),
			reqd: 1,
			onchange: on_reason,
		},
		{ fieldname: "message", fieldtype: "Small Text", label: __("Message to the customer") },
		notice("told"),
	];
}

function no_reasons() {
	const list = frappe.utils.get_form_link("List", "Lead Decline Reason");
	return __("There are no reasons yet. {0}", [`<a href="${list}">${__("Add them")}</a>`]);
}

/** The message of the reason, unless the user has begun one of his own. */
function follow_reason(dialog, reason, default_message, told) {
	const field = dialog.get_field("message");
	const is_silent = Boolean(reason?.silent);
	const is_own = field.get_value() && field.get_value() !== field.filled;
	if (!is_own) {
		field.filled = is_silent ? "" : reason?.message || default_message || "";
		field.set_value(field.filled);
	}
	const silent = __("With this reason the customer is not told, unless you write a message.");
	tell(dialog, "told", is_silent ? silent : told);
	const reqd = is_silent ? 0 : 1;
	if (field.df.reqd !== reqd) dialog.set_df_property("message", "reqd", reqd);
}

/** @returns a promise of {message}, null in it for telling nobody, or of null when the dialog was closed */
export async function ask_restore({ title, told }) {
	const values = await ask({
		title,
		fields: [
			{ fieldname: "tell", fieldtype: "Check", label: __("Tell the customer"), description: escape_html(told) },
			{
				fieldname: "message",
				fieldtype: "Small Text",
				label: __("Message to the customer"),
				depends_on: "tell",
				mandatory_depends_on: "tell",
			},
		],
		primary_action_label: __("Restore"),
	});
	return values && { message: values.tell ? values.message : null };
}
