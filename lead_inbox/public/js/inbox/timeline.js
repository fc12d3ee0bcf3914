// Puts messages and state changes of one lead into the order in which they are read.

import { day_key } from "../shared/time";

/** All that is shown and all that is fresh, each message once, in the order of time. */
export function merge_messages(shown, fresh) {
	const fresh_names = new Set(fresh.map((message) => message.name));
	return [...shown.filter((message) => !fresh_names.has(message.name)), ...fresh].sort(by("sent_on"));
}

const UNSAID = ["Scheduled", "Cancelled"];

/** What the customer has said or been told, or is about to be. */
export function said(messages) {
	return messages.filter((message) => !UNSAID.includes(message.delivery_status));
}

const ON_ITS_WAY = ["Queued", "Sending"];

export function is_on_its_way(message) {
	return ON_ITS_WAY.includes(message.delivery_status);
}

/** What is to go out later, the next one first. */
export function scheduled(messages) {
	return messages.filter((message) => message.delivery_status === "Scheduled");
}

/** @returns items of kind "day", "message" or "event", oldest first, each with a key */
export function build_timeline(messages, transitions, older) {
	const start = older && messages.length ? messages[0].sent_on : "";
	const entries = [
		...transitions
			.map((transition, index) => ({
				kind: "event",
				key: `event-${index}`,
				on: transition.transition_on,
				transition,
			}))
			.filter((entry) => entry.on >= start),
		...messages.map((message) => ({ kind: "message", key: message.name, on: message.sent_on, message })),
	];
	return with_days(entries.sort(by("on")));
}

function by(field) {
	return (a, b) => (a[field] < b[field] ? -1 : a[field] > b[field] ? 1 : 0);
}

function with_days(entries) {
	const items = [];
	let day = null;
	for (const entry of entries) {
		const own_day = day_key(entry.on);
		if (own_day !== day) items.push({ kind: "day", key: `day-${own_day}`, on: entry.on });
		day = own_day;
		items.push(entry);
	}
	return items;
}
