import { ask, escape_html, notice, tell } from "../../shared/dialogs/ask";

/**
 * @param sequences of {name, sequence_name, version, description}: what may be chosen
 * @returns a promise of a sequence's name, or of null when the dialog was closed or there is none
 */
export async function ask_sequence(sequences, doctype, count) {
	if (!sequences.length) return tell_none(doctype);
	const values = await ask({
		title: count > 1 ? __("Add {0} records to a sequence", [count]) : __("Add to a sequence"),
		fields: [
			{
				fieldname: "sequence",
				fieldtype: "Select",
				label: __("Sequence"),
				options: sequences.map(sequence_option),
				default: sequences[0].name,
				reqd: 1,
			},
			notice("description"),
		],
		primary_action_label: __("Add"),
		on_ready: (dialog) => describe_choice(dialog, sequences),
	});
	return values?.sequence || null;
}

function sequence_option({ name, sequence_name }) {
	return { value: name, label: escape_html(sequence_name || name) };
}

function describe_choice(dialog, sequences) {
	const describe = () => {
		const chosen = sequences.find(({ name }) => name === dialog.get_value("sequence"));
		tell(dialog, "description", chosen?.description || "");
	};
	dialog.get_field("sequence").$input.on("change", describe);
	describe();
}

function tell_none(doctype) {
	frappe.msgprint({
		title: __("No sequence to enter"),
		message: __(
			"There is no active sequence for {0}, or the record has been through each that allows it once only.",
			[__(doctype)]
		),
	});
	return null;
}
