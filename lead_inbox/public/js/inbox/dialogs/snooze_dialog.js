import { clock_format, to_site_time, user_now } from "../../shared/time";

/** @returns a promise of a site time, or of null when the dialog was closed */
export function ask_snooze_time(count) {
	return ask_time({
		title: count > 1 ? __("Snooze {0} leads until", [count]) : __("Snooze until"),
		description: __("A message or call from the customer ends it earlier."),
	});
}

/** @param description plain words below the field for another time @returns as of ask_snooze_time */
export function ask_time({ title, description }) {
	return new Promise((resolve) => {
		const dialog = new frappe.ui.Dialog({
			title,
			fields: [
				{ fieldname: "choices", fieldtype: "HTML" },
				{
					fieldname: "until",
					fieldtype: "Datetime",
					label: __("Another time"),
					description,
				},
			],
			primary_action_label: __("Snooze"),
			primary_action: ({ until }) => (until ? finish(until) : ask_for_time(dialog)),
			on_hide: () => resolve(null),
		});
		const finish = (until) => {
			resolve(until);
			dialog.hide();
		};
		dialog
			.get_field("choices")
			.$wrapper.append(snooze_choices().map((choice) => choice_button(choice, finish)));
		dialog.show();
	});
}

function ask_for_time(dialog) {
	dialog.get_field("until").$input.trigger("focus");
}

/** Usual times, each {label, at: a moment of the user's}. */
export function snooze_choices() {
	const now = user_now();
	const at_nine = (day) => day.startOf("day").hour(9);
	const later = now.clone().add(3, "hours").startOf("hour");
	const choices = [
		{ label: __("Tomorrow"), at: at_nine(now.clone().add(1, "day")) },
		{ label: __("Next week"), at: at_nine(now.clone().add(1, "week").isoWeekday(1)) },
	];
	if (later.isSame(now, "day")) choices.unshift({ label: __("Later today"), at: later });
	return choices;
}

/** A button that calls finish with a site time. @param choice {label, at} and instead of the time, {note} */
export function choice_button({ label, at, note = at.format(`ddd ${clock_format()}`) }, finish) {
	return $('<button type="button" class="btn btn-default lead-inbox-choice"></button>')
		.append($("<span>").text(label), $('<span class="text-muted">').text(note))
		.on("click", () => finish(to_site_time(at)));
}
