import { ask, escape_html, notice } from "../../shared/dialogs/ask";
import { day_and_time, to_site_time, user_now } from "../../shared/time";

export const PLAN = "plan";
const SUBJECT_LENGTH = 140;

/**
 * Who, when, what; and a note for when it is over.
 * @returns a promise of {note}, of PLAN, or of null when the dialog was closed
 */
export function ask_meeting(item) {
	return new Promise((resolve) => {
		ask({
			title: escape_html(item.event?.subject || item.title),
			fields: [notice("facts"), { fieldname: "note", fieldtype: "Small Text", label: __("Note") }],
			primary_action_label: __("It has taken place"),
			on_ready: (dialog) => {
				dialog.get_field("facts").$wrapper.append(facts(item));
				if (item.source === "event") return; // it is changed in the calendar
				dialog.set_secondary_action_label(item.event ? __("Move it…") : __("Plan it…"));
				dialog.set_secondary_action(() => {
					resolve(PLAN);
					dialog.hide();
				});
			},
		}).then(resolve);
	});
}

function facts({ event, reference_title, instructions }) {
	const rows = [
		[__("With"), event?.people?.map(person_name).join(", ") || reference_title],
		[__("When"), event ? period(event) : __("Not planned yet")],
		[__("Where"), event?.location],
		[__("What"), instructions],
	];
	const list = $('<dl class="lead-inbox-facts">');
	for (const [label, value] of rows.filter(([, value]) => value)) {
		list.append($("<dt>").text(label), $("<dd>").text(value));
	}
	if (is_web_link(event?.video_link))
		list.append($("<dt>").text(__("Video")), $("<dd>").append(video_link(event)));
	return list;
}

/** What somebody wrote into a calendar may be anything. */
export function is_web_link(link) {
	return /^https?:\/\//i.test(link || "");
}

function person_name(person) {
	return person.full_name || person.title || person.name || String(person);
}

function period({ starts_on, ends_on }) {
	const start = day_and_time(starts_on);
	return ends_on ? __("{0} to {1}", [start, day_and_time(ends_on)]) : start;
}

function video_link({ video_link: href }) {
	return $('<a target="_blank" rel="noopener noreferrer">').attr("href", href).text(__("Join the meeting"));
}

/** @returns a promise of what api.plan_meeting takes, or of null when the dialog was closed */
export function ask_plan(item) {
	const now = item.event || proposal(item);
	const fields = [
		{ fieldname: "subject", fieldtype: "Data", label: __("Subject"), reqd: 1 },
		{ fieldname: "starts_on", fieldtype: "Datetime", label: __("Begins"), reqd: 1 },
		{ fieldname: "ends_on", fieldtype: "Datetime", label: __("Ends"), reqd: 1 },
		{ fieldname: "location", fieldtype: "Data", label: __("Location") },
		{ fieldname: "video_link", fieldtype: "Data", options: "URL", label: __("Video link") },
	];
	return ask({
		title: __("Plan a meeting"),
		fields: fields.map((field) => ({ ...field, default: now[field.fieldname] })),
		primary_action_label: __("Plan"),
	});
}

/** An hour, tomorrow morning. */
function proposal({ title, reference_title }) {
	const start = user_now().add(1, "day").startOf("day").hour(9);
	return {
		subject: `${title}: ${reference_title}`.slice(0, SUBJECT_LENGTH),
		starts_on: to_site_time(start),
		ends_on: to_site_time(start.clone().add(1, "hour")),
	};
}
