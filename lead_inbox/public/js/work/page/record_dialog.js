import { ask } from "../../shared/dialogs/ask";

/** @returns a promise of {doctype, name, title}, or of null when the dialog was closed */
export async function ask_record() {
	const values = await ask({
		title: __("New activity"),
		fields: [
			{
				fieldname: "doctype",
				fieldtype: "Select",
				label: __("For"),
				options: ["Lead", "Opportunity"].map((value) => ({ value, label: __(value) })),
				default: "Lead",
				reqd: 1,
			},
			record_field("Lead"),
			record_field("Opportunity"),
		],
		primary_action_label: __("Next"),
	});
	if (!values) return null;
	const { doctype } = values;
	const name = values[doctype];
	const { message } = await frappe.db.get_value(doctype, name, "title");
	return { doctype, name, title: message.title || name };
}

function record_field(doctype) {
	const is_chosen = `eval:doc.doctype === '${doctype}'`;
	return {
		fieldname: doctype,
		fieldtype: "Link",
		options: doctype,
		label: __(doctype),
		depends_on: is_chosen,
		mandatory_depends_on: is_chosen,
		only_select: 1,
	};
}
