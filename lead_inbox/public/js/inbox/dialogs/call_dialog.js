import { duration, parse_duration } from "../../shared/time";
import { ask, escape_html, name_inputs } from "../../shared/dialogs/ask";

/** The pad. @returns a promise of a number, or of null when the dialog was closed */
export async function ask_number(title) {
	const values = await ask({
		title: __("Call {0}", [escape_html(title)]),
		fields: [
			{
				fieldname: "number",
				fieldtype: "Data",
				label: __("Number"),
				description: __("With the country code, as in +1 415 555 0123."),
				reqd: 1,
			},
		],
		primary_action_label: __("Call"),
		on_ready: (dialog) => dialog.get_field("number").$input.attr({ type: "tel", autocomplete: "off" }),
	});
	return values?.number || null;
}

/**
 * What came of a call.
 * @param is_running the call has just begun: a clock runs and fills the duration in
 * @returns a promise of {answered, duration_seconds, note}, or of null when the dialog was closed
 */
export function ask_outcome({ title, number, is_running }) {
	return new Promise((resolve) => {
		const dialog = new frappe.ui.Dialog({
			title: is_running ? __("Calling {0}", [escape_html(title)]) : __("Call to {0}", [escape_html(title)]),
			fields: outcome_fields(),
			primary_action_label: __("Answered"),
			primary_action: (values) => finish(answered(values)),
			secondary_action_label: __("No answer"),
			secondary_action: () => finish({ answered: 0, note: dialog.get_value("note") }),
			on_hide: () => {
				stop_clock();
				resolve(null);
			},
		});
		const finish = (outcome) => {
			if (!outcome) return dialog.get_field("duration").$input.trigger("select");
			resolve(outcome);
			dialog.hide();
		};
		const stop_clock = show_call(dialog, number, is_running);
		name_inputs(dialog);
		dialog.show();
	});
}

function outcome_fields() {
	return [
		{ fieldname: "call", fieldtype: "HTML" },
		{ fieldname: "note", fieldtype: "Small Text", label: __("Note") },
		{
			fieldname: "duration",
			fieldtype: "Data",
			label: __("Duration"),
			description: __("Minutes and seconds, as in 2:30."),
		},
	];
}

/** @returns null for a duration that cannot be read */
function answered({ duration: text, note }) {
	const seconds = text ? parse_duration(text) : 0;
	if (seconds === null) {
		frappe.show_alert({ message: __("Write the duration as minutes:seconds, 2:30."), indicator: "red" });
		return null;
	}
	return { answered: 1, duration_seconds: seconds, note };
}

/** @returns a function that stops the clock */
function show_call(dialog, number, is_running) {
	const clock = $('<span class="lead-inbox-clock" role="timer">');
	dialog
		.get_field("call")
		.$wrapper.append($('<p class="lead-inbox-calling">').append($("<b>").text(number), clock));
	if (!is_running) return () => {};
	const began = Date.now();
	const { $input } = dialog.get_field("duration");
	let is_own = false; // the user knows it better
	$input.on("input", () => (is_own = true));
	const tick = () => {
		const text = duration(Math.floor((Date.now() - began) / 1000));
		clock.text(text);
		if (!is_own) $input.val(text);
	};
	tick();
	const timer = setInterval(tick, 1000);
	return () => clearInterval(timer);
}
