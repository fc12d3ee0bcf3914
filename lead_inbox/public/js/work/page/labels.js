// Words for what the server names, and the headings of the list.

import { clock, day_and_time, day_key, day_label, is_future } from "../../shared/time";

/** The tabs, in their order. `hint` says when work comes there. */
export function tabs() {
	return [
		{
			name: "due",
			label: __("Due"),
			empty: __("Nothing is due"),
			hint: __(
				"Calls, mails, meetings and tasks appear here on their day: steps of a sequence, activities added by hand, and customers to call back."
			),
		},
		{
			name: "upcoming",
			label: __("Upcoming"),
			empty: __("Nothing is planned for later"),
			hint: __("What you snooze or plan for another day waits here until its day comes."),
		},
		{
			name: "completed",
			label: __("Completed"),
			empty: __("Nothing has been completed yet"),
			hint: __("An activity comes here when somebody completes or skips it."),
		},
		{
			name: "old",
			label: __("Old"),
			empty: __("Nothing has been left lying"),
			hint: __("What has been due for more than 30 days is kept here, so that it does not hide today's work."),
		},
	];
}

const TAB_OF_BUCKET = { overdue: "due", today: "due" };

export function tab_of_bucket(bucket) {
	return TAB_OF_BUCKET[bucket] || bucket;
}

/** The items under headings: late and today in the first tab, else one a day; the order stays the server's. */
export function groups_of(tab, items) {
	const groups = [];
	for (const item of items) {
		const heading = heading_of(tab, item);
		if (groups.at(-1)?.key !== heading.key) groups.push({ ...heading, items: [] });
		groups.at(-1).items.push(item);
	}
	return groups;
}

function heading_of(tab, item) {
	if (item.bucket === "overdue") return { key: "overdue", label: __("Overdue"), late: true };
	if (tab === "due") return { key: "today", label: __("Today") };
	if (tab === "old") return { key: "old", label: __("Due for more than 30 days") };
	const on = time_of(item);
	return { key: day_key(on), label: day_label(on) };
}

/** When it is due, or when it was done. */
export function time_of(item) {
	return item.bucket === "completed" ? item.completed_on || item.due_on : item.due_on;
}

/** "14:30" where the heading says the day, else "Yesterday 14:30". */
export function time_label(item) {
	const on = time_of(item);
	if (!on) return "";
	return ["overdue", "old"].includes(item.bucket) ? day_and_time(on) : clock(on);
}

export function is_late(item) {
	return ["overdue", "old"].includes(item.bucket);
}

/** "New web lead · step 2 of 4"; "" for what was added by hand. */
export function sequence_label(item) {
	if (!item.sequence_name) return "";
	return [item.sequence_name, step_label(item)].filter(Boolean).join(" · ");
}

export function step_label({ step_no, step_count }) {
	return step_no ? __("step {0} of {1}", [step_no, step_count]) : "";
}

/** A pill for what is not simply to be done: {label, color}, or null. */
export function state_of({ status, error, outcome, snoozed_until }) {
	const states = {
		Scheduled: { label: __("Scheduled"), color: "blue" },
		Sending: { label: __("Sending"), color: "blue" },
		Paused: { label: __("Paused"), color: "gray" },
		Completed: { label: outcome ? __(outcome) : __("Completed"), color: "green" },
		Skipped: { label: __("Skipped"), color: "gray" },
		Cancelled: { label: __("Cancelled"), color: "gray" },
	};
	if (states[status]) return states[status];
	if (error) return { label: __("Needs you"), color: "red" };
	return is_future(snoozed_until) ? { label: __("Snoozed"), color: "gray" } : null;
}

/** "Due: 3, of which overdue: 1", or "Due: 3": what screen readers hear when it changes. */
export function counts_label({ due, overdue }) {
	if (!due) return __("Nothing is due");
	return overdue ? __("Due: {0}, of which overdue: {1}", [due, overdue]) : __("Due: {0}", [due]);
}

/** What the page says after something was done. @param done a verb of ../actions.js */
export function done_label(done, title) {
	const labels = {
		completed: __("Completed: {0}", [title]),
		scheduled: __("Will be sent later: {0}", [title]),
		skipped: __("Skipped: {0}", [title]),
		snoozed: __("Snoozed: {0}", [title]),
		noted: __("Note added to the timeline"),
		assigned: __("Assigned: {0}", [title]),
		claimed: __("Claimed: {0}", [title]),
		planned: __("Meeting planned: {0}", [title]),
		added: __("Activity added"),
	};
	return labels[done] || title;
}
