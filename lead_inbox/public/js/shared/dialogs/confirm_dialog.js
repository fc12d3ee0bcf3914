import { ask } from "./ask";

/**
 * Does what the server may want to ask about first.
 * @param call gets {} and then, if the user was asked and wants it, {anyway: 1}; returns a promise of the answer
 * @param yes the words on the button that goes on
 * @returns a promise of the answer, or of null when the user does not want it
 */
export async function confirmed(call, yes) {
	const answer = await call({});
	if (!answer?.confirm) return answer;
	return (await ask_whether({ question: answer.confirm, yes })) ? call({ anyway: 1 }) : null;
}

/** Its buttons say what they do. @returns a promise of whether the user chose `yes`; closing the dialog is a no */
export async function ask_whether({ question, yes, no = __("Cancel"), title = __("Confirm") }) {
	const focused = document.activeElement;
	const values = await ask({
		title,
		fields: [{ fieldname: "question", fieldtype: "HTML" }],
		primary_action_label: yes,
		secondary_action_label: no,
		on_ready: (dialog) => {
			dialog.get_field("question").$wrapper.append($("<p>").text(question));
			dialog.set_secondary_action(() => dialog.hide());
			dialog.confirm_dialog = true; // Enter is the primary button, as in Frappe's own questions
		},
	});
	focused?.focus(); // Frappe's dialogs leave it nowhere
	return Boolean(values);
}
