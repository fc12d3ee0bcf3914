import { ask, escape_html } from "../../shared/dialogs/ask";

/** @returns a promise of the name of a lead other than this one, or of null when the dialog was closed */
export async function ask_other_lead(name) {
	const values = await ask({
		title: __("Merge with another lead"),
		fields: [
			{
				fieldname: "other",
				fieldtype: "Link",
				options: "Lead",
				label: __("Lead of the same person"),
				get_query: () => ({ filters: { name: ["!=", name], inbox_merged_into: ["is", "not set"] } }),
				filter_description: __("Leads that were merged away are not in the list."),
				only_select: 1,
				reqd: 1,
			},
		],
		primary_action_label: __("Next"),
	});
	return values?.other || null;
}

/**
 * @param leads two of {name, title}; the first one is kept unless the user chooses otherwise
 * @returns a promise of {winner, loser}, or of null when the dialog was closed
 */
export async function ask_merge(leads) {
	const values = await ask({
		title: __("Merge two leads"),
		fields: [
			{
				fieldname: "winner",
				fieldtype: "Select",
				label: __("Lead to keep"),
				options: leads.map(lead_option),
				default: leads[0].name,
				reqd: 1,
			},
			{ fieldname: "consequences", fieldtype: "HTML" },
		],
		primary_action_label: __("Merge"),
		on_ready: (dialog) => dialog.get_field("consequences").$wrapper.append(consequences()),
	});
	if (!values) return null;
	const loser = leads.find(({ name }) => name !== values.winner);
	return { winner: values.winner, loser: loser.name };
}

function lead_option({ name, title }) {
	return { value: name, label: escape_html(`${title} (${name})`) };
}

function consequences() {
	const lines = [
		__("Messages, calls, notes, comments, files and tasks of the other lead move to the one you keep."),
		__("Numbers and facts that it lacks are taken from the other. Its name, e-mail and price stay."),
		__("The other lead is closed and points to it. A merge can be taken back."),
	];
	return $('<ul class="lead-inbox-consequences">').append(lines.map((line) => $("<li>").text(line)));
}
