// Questions to the user, in Frappe's own dialogs. Labels there are HTML: whatever comes from data is escaped.

export const { escape_html } = frappe.utils;

/**
 * @param options of frappe.ui.Dialog; `on_ready(dialog)` is called before it is shown
 * @returns a promise of the dialog's values, or of null when it was closed
 */
export function ask({ on_ready, ...options }) {
	return new Promise((resolve) => {
		const dialog = new frappe.ui.Dialog({
			...options,
			primary_action: (values) => {
				resolve(values);
				dialog.hide();
			},
			on_hide: () => resolve(null),
		});
		name_inputs(dialog);
		on_ready?.(dialog);
		dialog.show();
	});
}

/** Frappe's labels are not tied to their inputs: screen readers would not say what to enter. */
export function name_inputs(dialog) {
	for (const { $input, df } of dialog.fields_list) $input?.attr("aria-label", df.label);
}

/** A field that only says something, by `tell`. */
export function notice(fieldname) {
	return { fieldname, fieldtype: "HTML" };
}

/** @param words plain text; screen readers hear when it changes */
export function tell(dialog, fieldname, words) {
	const { $wrapper } = dialog.get_field(fieldname);
	let line = $wrapper.find(".lead-inbox-told");
	if (!line.length) line = $('<p class="lead-inbox-told" role="status">').appendTo($wrapper);
	line.text(words);
}

/** The options of a Select for users. */
export function user_option({ name, full_name }) {
	return { value: name, label: escape_html(full_name || name) };
}
