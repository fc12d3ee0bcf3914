// Words, colors and icons for what the server names.

import { duration, span } from "../shared/time";

/** The tabs, in their order. `hint` says when leads come there. */
export function tabs() {
	return [
		{
			status: "New",
			label: __("New"),
			color: "blue",
			empty: __("No new leads"),
			hint: __(
				"New leads appear here the moment they arrive from one of your channels, by mail, by phone or from a web form."
			),
		},
		{
			status: "Active",
			label: __("Active"),
			color: "green",
			empty: __("No active leads"),
			hint: __("A lead comes here when someone replies to it or answers its call."),
		},
		{
			status: "Booked",
			label: __("Booked"),
			color: "purple",
			empty: __("No booked leads"),
			hint: __("A lead comes here when a time has been agreed with the customer."),
		},
		{
			status: "Inactive",
			label: __("Inactive"),
			color: "orange",
			empty: __("No inactive leads"),
			hint: __(
				"A lead comes here when nobody has answered it, or nothing has been heard of it, for the days set in Lead Inbox Settings."
			),
		},
		{
			status: "Declined",
			label: __("Declined"),
			color: "red",
			empty: __("No declined leads"),
			hint: __("A lead comes here when it has been declined."),
		},
		{
			status: "Closed",
			label: __("Closed"),
			color: "gray",
			empty: __("No closed leads"),
			hint: __("A lead comes here when it has been converted or merged, or must not be contacted."),
		},
	];
}

export function tab_of(status) {
	return tabs().find((tab) => tab.status === status) || { status, label: __(status), color: "gray" };
}

export function kind_label(kind) {
	const labels = {
		Message: __("Message"),
		Email: __("E-mail"),
		SMS: __("SMS"),
		Call: __("Call"),
		Form: __("Form"),
		Booking: __("Booking"),
		Note: __("Note"),
	};
	return labels[kind] || __(kind);
}

export function medium_label(medium) {
	return medium === "Call" ? __("Calls") : kind_label(medium);
}

/** Who will be told of a decision, and by what: as inbox/replies/declining.py chooses. detail: of the open lead */
export function told_label({ reply, lead }) {
	const possible = { Email: reply.email.possible, SMS: reply.sms.possible };
	const media = (reply.medium === "SMS" ? ["SMS", "Email"] : ["Email", "SMS"]).filter((name) => possible[name]);
	const medium = media.find((name) => !lead.refusals[name]);
	if (medium === "Email") return __("The customer is told by e-mail to {0}.", [reply.email.address]);
	if (medium) return __("The customer is told by SMS to {0}.", [reply.sms.numbers[0].number]);
	const why = media.length ? lead.refusals[media[0]] : [reply.email.why, reply.sms.why].join(" ");
	return __("The customer cannot be told: {0}", [why]);
}

/** "First response after 24 min (10 min in business hours)" */
export function response_label(lead) {
	const { first_response_on, first_response_seconds, first_response_business_seconds } = lead;
	if (!first_response_on) return __("No response yet");
	const elapsed = span(first_response_seconds || 0);
	const business = span(first_response_business_seconds || 0);
	if (elapsed === business) return __("First response after {0}", [elapsed]);
	return __("First response after {0} ({1} in business hours)", [elapsed, business]);
}

/** "Dispute: Spam" */
export function dispute_label({ kind, reason }) {
	return `${__(kind)}: ${__(reason)}`;
}

export function result_color(result) {
	return { Credited: "green", Refused: "red" }[result] || "gray";
}

export function stage_color(stage) {
	return { MQL: "blue", SQL: "purple", Customer: "green" }[stage] || "gray";
}

export function is_missed_call(message) {
	return message?.kind === "Call" && message.call_status === "Missed";
}

/** What was said last, with a word on what it is where that is not plain. */
export function preview_label({ message, preview }) {
	if (!message) return preview;
	if (message.kind === "Call") return call_preview(message, preview);
	if (message.direction === "Out") return __("Reply: {0}", [preview]);
	const is_plain = message.kind === "Message" || message.kind === "SMS";
	return is_plain ? preview : `${kind_label(message.kind)}: ${preview}`;
}

function call_preview(message, preview) {
	const length = message.duration_seconds ? duration(message.duration_seconds) : "";
	return [call_label(message), length, preview].filter(Boolean).join(" · ");
}

export function call_label(message) {
	const { direction, call_status } = message;
	if (direction !== "Out") return is_missed_call(message) ? __("Missed call") : __("Call");
	return { Missed: __("No answer"), "In Progress": __("Calling") }[call_status] || __("Outgoing call");
}

const TYPE_ICONS = {
	Message: "es-line-chat-alt",
	"Phone Call": "es-line-call",
	Booking: "es-line-calender",
	Form: "es-line-notes",
	Email: "es-line-email",
};

export function type_icon(type) {
	return TYPE_ICONS[type] || TYPE_ICONS.Message;
}

/** "Quiet in 3 days" for a row of the list. */
export function countdown_label({ to, days }) {
	const unanswered = to === "Unanswered";
	if (days < 1) return unanswered ? __("Unanswered today") : __("Quiet today");
	if (days === 1) return unanswered ? __("Unanswered in 1 day") : __("Quiet in 1 day");
	return unanswered ? __("Unanswered in {0} days", [days]) : __("Quiet in {0} days", [days]);
}

/** "3 days left" for the head of the conversation. */
export function days_left_label({ days }) {
	if (days < 1) return __("Last day");
	return days === 1 ? __("1 day left") : __("{0} days left", [days]);
}

export function phone_href(number) {
	return `tel:${number.replace(/[^\d+*#]/g, "")}`;
}

/** The server shows it without its first digits to who may not see it (inbox/contact/mask_rules.py). */
export function is_hidden(number) {
	return number.includes("•");
}
