import { ask, escape_html, user_option } from "../../shared/dialogs/ask";
import { KINDS, kind_label } from "../kinds";

/** @returns a promise of the filters of api/worklist.get_items, or of null when the dialog was closed */
export async function ask_work_filters(context, filters) {
	const values = await ask({
		title: __("Filter"),
		fields: filter_fields(context).map((field) => ({ ...field, default: filters[field.fieldname] })),
		primary_action_label: __("Apply"),
	});
	return values && Object.fromEntries(Object.entries(values).filter(([, value]) => value));
}

function filter_fields({ sequences, users }) {
	const any = { value: "", label: __("Any") };
	return [
		{
			fieldname: "kind",
			fieldtype: "Select",
			label: __("Kind"),
			options: [any, ...KINDS.map((kind) => ({ value: kind, label: escape_html(kind_label(kind)) }))],
		},
		{
			fieldname: "sequence",
			fieldtype: "Select",
			label: __("Sequence"),
			options: [any, ...sequences.map(sequence_option)],
		},
		{
			fieldname: "reference_doctype",
			fieldtype: "Select",
			label: __("For"),
			options: [any, ...["Lead", "Opportunity"].map((value) => ({ value, label: __(value) }))],
		},
		{
			fieldname: "user",
			fieldtype: "Select",
			label: __("Assigned to"),
			options: [any, ...users.map(user_option)],
		},
	];
}

function sequence_option({ name, sequence_name, version }) {
	const label = version > 1 ? __("{0} (version {1})", [sequence_name, version]) : sequence_name;
	return { value: name, label: escape_html(label) };
}
