import { ask_number } from "../../inbox/dialogs/call_dialog";
import { escape_html } from "../../shared/dialogs/ask";

/**
 * Asks only where there is something to choose.
 * @param numbers of {number, label} @returns a promise of a number, or of null when the user thought better of it
 */
export function choose_number(title, numbers) {
	if (!numbers.length) return ask_number(title);
	if (numbers.length === 1) return Promise.resolve(numbers[0].number);
	return ask_which(title, numbers);
}

function ask_which(title, numbers) {
	return new Promise((resolve) => {
		const dialog = new frappe.ui.Dialog({
			title: __("Call {0}", [escape_html(title)]),
			fields: [{ fieldname: "numbers", fieldtype: "HTML" }],
			on_hide: () => resolve(null),
		});
		const choose = (number) => {
			resolve(number);
			dialog.hide();
		};
		const choices = numbers.map(({ number, label }) => button(number, label, () => choose(number)));
		const another = button(__("Another number…"), "", () => choose(ask_number(title)));
		dialog.get_field("numbers").$wrapper.append(choices, another);
		dialog.show();
	});
}

function button(words, hint, on_click) {
	return $('<button type="button" class="btn btn-default lead-inbox-choice"></button>')
		.append($("<span>").text(words), $('<span class="text-muted">').text(hint))
		.on("click", on_click);
}
