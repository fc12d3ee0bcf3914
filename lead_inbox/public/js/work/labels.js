// Words for where an item or an enrollment stands.

import { day_and_time, is_future, minute } from "../shared/time";

/** "due tomorrow 9:00" */
export function due_label({ due_on, snoozed_until, status }) {
	if (status === "Scheduled") return __("goes out {0}", [day_and_time(due_on)]);
	if (is_future(snoozed_until)) return __("snoozed until {0}", [day_and_time(snoozed_until)]);
	return due_on ? __("due {0}", [day_and_time(due_on)]) : "";
}

export function is_overdue({ due_on, status }) {
	return minute.value >= 0 && Boolean(due_on) && status === "Open" && !is_future(due_on);
}

/** "step 2 of 4" */
export function step_label({ step_no, step_count }) {
	return step_no ? __("step {0} of {1}", [step_no, step_count]) : "";
}

export function assignee_label({ user, user_full_name, user_group }) {
	if (user) return user === frappe.session.user ? __("you") : user_full_name || user;
	return user_group ? __("{0} (whoever claims it first)", [user_group]) : "";
}

/** Where a sequence stands while nobody has to do anything. */
export function standing_label({ status, phase, due_on, waits_for }) {
	if (status === "Paused") return __("Paused");
	if (phase === "Sending") return __("is being sent");
	if (phase === "Watching") return __("{0} until {1}", [signal_label(waits_for), day_and_time(due_on)]);
	return is_future(due_on) ? __("comes {0}", [day_and_time(due_on)]) : __("comes now");
}

function signal_label(signal) {
	const labels = {
		Replied: __("waits for a reply"),
		Opened: __("waits for the e-mail to be opened"),
		"Link Clicked": __("waits for a click on a link"),
		"Field Value": __("waits for a change of the record"),
	};
	return labels[signal] || __("waits for an answer");
}

export function past_label({ status, exit_reason }) {
	if (status === "Finished") return __("finished");
	return exit_reason ? __("left ({0})", [__(exit_reason)]) : __("left");
}
