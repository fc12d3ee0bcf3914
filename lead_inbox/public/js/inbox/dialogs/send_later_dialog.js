import { day_and_time, user_moment } from "../../shared/time";
import { ask } from "../../shared/dialogs/ask";
import * as api from "../api";
import { choice_button, snooze_choices } from "./snooze_dialog";

/** @returns a promise of a site time, or of null when the dialog was closed */
export function ask_send_time(lead) {
	return new Promise((resolve) => {
		const dialog = new frappe.ui.Dialog({
			title: __("Send later"),
			fields: [
				{ fieldname: "choices", fieldtype: "HTML" },
				{ fieldname: "send_on", fieldtype: "Datetime", label: __("Another time") },
			],
			primary_action_label: __("Send later"),
			primary_action: ({ send_on }) => (send_on ? finish(send_on) : ask_for_time(dialog)),
			on_hide: () => resolve(null),
		});
		const finish = (send_on) => {
			resolve(send_on);
			dialog.hide();
		};
		const { $wrapper } = dialog.get_field("choices");
		$wrapper.append(snooze_choices().map((choice) => choice_button(choice, finish)));
		suggest(lead).then(
			(choice) => $wrapper.prepend(choice_button(choice, finish)),
			(error) => console.warn(error) // the other times are there all the same
		);
		dialog.show();
	});
}

async function suggest(lead) {
	const { send_on, because } = await api.suggest_time(lead);
	return { label: day_and_time(send_on), at: user_moment(send_on), note: because };
}

function ask_for_time(dialog) {
	dialog.get_field("send_on").$input.trigger("focus");
}

/** @returns a promise of what api/replies.change takes, or of null when the dialog was closed */
export function ask_change({ kind, content, subject, sent_on }) {
	const fields = [
		{ fieldname: "content", fieldtype: "Text", label: __("Text"), default: content, reqd: 1 },
		{ fieldname: "send_on", fieldtype: "Datetime", label: __("Send on"), default: sent_on, reqd: 1 },
	];
	if (kind === "Email") {
		fields.unshift({ fieldname: "subject", fieldtype: "Data", label: __("Subject"), default: subject });
	}
	return ask({ title: __("Change the message"), fields, primary_action_label: __("Save") });
}
