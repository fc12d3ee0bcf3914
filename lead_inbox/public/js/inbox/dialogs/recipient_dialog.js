import { ask } from "../../shared/dialogs/ask";

/** @returns a promise of a number, or of null when the dialog was closed */
export async function ask_recipient() {
	const values = await ask({
		title: __("Send to another number"),
		fields: [
			{
				fieldname: "number",
				fieldtype: "Data",
				label: __("Number"),
				description: __("With the country code, as in +1 415 555 0123."),
				reqd: 1,
			},
		],
		primary_action_label: __("Choose"),
		on_ready: (dialog) => dialog.get_field("number").$input.attr({ type: "tel", autocomplete: "off" }),
	});
	return values?.number || null;
}
