// The words of a plan: waits, people, questions and ways.

const AMOUNTS = {
	Minutes: (count) => (count === 1 ? __("1 minute") : __("{0} minutes", [count])),
	Hours: (count) => (count === 1 ? __("1 hour") : __("{0} hours", [count])),
	Days: (count) => (count === 1 ? __("1 day") : __("{0} days", [count])),
};

const WORKING_AMOUNTS = {
	Minutes: (count) => (count === 1 ? __("1 working minute") : __("{0} working minutes", [count])),
	Hours: (count) => (count === 1 ? __("1 working hour") : __("{0} working hours", [count])),
	Days: (count) => (count === 1 ? __("1 working day") : __("{0} working days", [count])),
};

/** "after 2 working days" */
export function wait_label({ wait, wait_unit, wait_in }) {
	if (!wait) return __("at once");
	const amounts = wait_in === "Elapsed Time" ? AMOUNTS : WORKING_AMOUNTS;
	return __("after {0}", [amounts[wait_unit || "Days"](wait)]);
}

export function who_label({ done_by, user, user_group, automatic }, names) {
	if (automatic) return __("sent automatically");
	if (done_by === "User") return user ? names.user(user) : __("a user, not chosen yet");
	if (done_by === "User Group") return user_group || __("a User Group, not chosen yet");
	return __("the owner of the record");
}

/** "Opened within 2 days?", empty without a branch */
export function question_label(row, names) {
	if (!row.branch_on) return "";
	const signal = row.branch_on === "Field Value" ? field_question(row, names) : signal_label(row.branch_on);
	if (row.branch_on === "Call Answered" || !row.branch_within) return `${signal}?`;
	return __("{0} within {1}?", [signal, AMOUNTS[row.branch_within_unit || "Days"](row.branch_within)]);
}

function signal_label(signal) {
	const labels = {
		Replied: __("Replied"),
		Opened: __("Opened"),
		"Link Clicked": __("Link clicked"),
		"Call Answered": __("Answered"),
	};
	return labels[signal] || __(signal);
}

function field_question({ branch_field, branch_operator, branch_value }, names) {
	const field = branch_field ? names.field(branch_field) : __("A field, not chosen yet");
	if (branch_operator === "Set") return __("{0} is set", [field]);
	if (branch_operator === "Not Set") return __("{0} is not set", [field]);
	const value = branch_value || "…";
	if (branch_operator === "Not Equal To") return __("{0} is not {1}", [field, value]);
	return __("{0} is {1}", [field, value]);
}

export function answer_label(answer) {
	return { yes: __("yes"), no: __("no"), either: __("in either case"), then: __("then") }[answer];
}

/** "yes: 3. Meet them" */
export function exit_label({ answer, to }) {
	return `${answer_label(answer)}: ${box_label(to)}`;
}

function box_label({ end, title, number, row }) {
	if (end === "unknown") return __("no step is called {0}", [title]);
	return end ? __("the plan ends") : `${number}. ${row.title || __("without a title")}`;
}

/** What keeps the plan from working, for a step's box; empty when nothing does. */
export function problem_label({ is_unreached, exits }) {
	if (is_unreached) return __("No record comes here");
	const unknown = exits.find(({ to }) => to.end === "unknown");
	if (unknown) return __("No step is called {0}", [unknown.to.title]);
	return exits.some(({ is_back }) => is_back) ? __("Leads back: the plan would never end") : "";
}
