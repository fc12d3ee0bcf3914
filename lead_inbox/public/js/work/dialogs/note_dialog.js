// Questions that end, skip or annotate an item of work.

import { ask, escape_html, notice, tell } from "../../shared/dialogs/ask";

const note_field = (more = {}) => ({
	fieldname: "note",
	fieldtype: "Small Text",
	label: __("Note"),
	...more,
});

/** @returns a promise of {note, outcome}, or of null when the dialog was closed; so for all functions here */
export function ask_completion(item) {
	return ask({
		title: __("Complete: {0}", [escape_html(item.title)]),
		fields: [
			...(item.kind === "Phone Call" && item.source === "activity" ? [outcome_field()] : []),
			note_field(),
		],
		primary_action_label: __("Complete"),
	});
}

/** What came of a call decides where a sequence goes on. */
function outcome_field() {
	return {
		fieldname: "outcome",
		fieldtype: "Select",
		label: __("The call was"),
		options: [
			{ value: "", label: "" },
			{ value: "Answered", label: __("Answered") },
			{ value: "Not Answered", label: __("Not Answered") },
		],
		reqd: 1,
	};
}

export function ask_skip(item) {
	const consequence = item.by_hand
		? __("It is cancelled and goes from the list.")
		: __("The sequence goes on with its next step.");
	return ask({
		title: __("Skip: {0}", [escape_html(item.title)]),
		fields: [notice("consequence"), note_field({ label: __("Reason") })],
		primary_action_label: __("Skip"),
		on_ready: (dialog) => tell(dialog, "consequence", consequence),
	});
}

export function ask_note(item) {
	return ask({
		title: __("Note: {0}", [escape_html(item.title)]),
		fields: [
			{
				fieldname: "content",
				fieldtype: "Small Text",
				label: __("Note"),
				description: __("For your colleagues. The customer does not see it."),
				reqd: 1,
			},
		],
		primary_action_label: __("Add Note"),
	});
}

export function ask_task({ title, instructions, reference_title }) {
	return ask({
		title: escape_html(title),
		fields: [notice("instructions"), note_field()],
		primary_action_label: __("Complete"),
		on_ready: (dialog) => tell(dialog, "instructions", instructions || __("For {0}", [reference_title])),
	});
}
