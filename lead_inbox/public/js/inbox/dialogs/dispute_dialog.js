import { ask, escape_html } from "../../shared/dialogs/ask";

const OTHER = "Other"; // the reason that a comment has to explain

/**
 * @param choices as api/disputes.get_reasons gives them: {feedback: reasons by satisfaction, dispute: reasons,
 *   no_dispute: why it cannot be disputed}
 * @returns a promise of {kind, satisfaction, reason, comment}, or of null when the dialog was closed
 */
export async function ask_dispute(title, choices) {
	let dialog = null;
	const offer = () => offer_reasons(dialog, choices);
	const values = await ask({
		title: __("Feedback or dispute: {0}", [escape_html(title)]),
		fields: dispute_fields(choices, offer),
		primary_action_label: __("File"),
		on_ready: (made) => {
			dialog = made;
			offer();
		},
	});
	const { kind, satisfaction, reason, comment } = values || {};
	return values && { kind, satisfaction: kind === "Feedback" ? satisfaction : null, reason, comment };
}

function dispute_fields({ feedback, no_dispute }, on_change) {
	const kinds = no_dispute ? ["Feedback"] : ["Feedback", "Dispute"];
	const is_feedback = "eval:doc.kind === 'Feedback'";
	return [
		{
			fieldname: "kind",
			fieldtype: "Select",
			label: __("What for"),
			options: options(kinds),
			default: "Feedback",
			description: escape_html(no_dispute || __("A dispute asks the source for the price of the lead.")),
			onchange: on_change,
		},
		{
			fieldname: "satisfaction",
			fieldtype: "Select",
			label: __("How good is the lead?"),
			options: ["", ...options(Object.keys(feedback))],
			depends_on: is_feedback,
			mandatory_depends_on: is_feedback,
			onchange: on_change,
		},
		{
			fieldname: "reason",
			fieldtype: "Select",
			label: __("Reason"),
			depends_on: "eval:doc.kind === 'Dispute' || doc.satisfaction",
			reqd: 1,
		},
		{
			fieldname: "comment",
			fieldtype: "Small Text",
			label: __("Comment"),
			mandatory_depends_on: `eval:doc.reason === '${OTHER}'`,
		},
	];
}

/** The reasons that fit; the one that was chosen stays if it is among them. */
function offer_reasons(dialog, { feedback, dispute }) {
	const { kind, satisfaction, reason } = dialog.get_values(true);
	const fitting = kind === "Dispute" ? dispute : feedback[satisfaction] || [];
	dialog.set_df_property("reason", "options", ["", ...options(fitting)]);
	if (reason && !fitting.includes(reason)) dialog.set_value("reason", "");
}

function options(values) {
	return values.map((value) => ({ value, label: escape_html(__(value)) }));
}
