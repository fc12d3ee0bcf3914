// Meetings: activities and calendar entries alike.

import * as api from "./api";
import { ask_meeting, ask_plan, is_web_link, PLAN } from "./dialogs/meeting_dialog";

/** Joins by the video link, if there is one; in any case the details are open, to close the meeting from. */
export async function open_meeting(item, host) {
	join(item.event);
	const answer = await ask_meeting(item);
	if (answer === PLAN) await plan(item, host);
	else if (answer) await close(item, answer.note, host);
}

function join(event) {
	if (is_web_link(event?.video_link)) window.open(event.video_link, "_blank", "noopener");
}

async function plan(item, host) {
	const values = await ask_plan(item);
	if (!values) return;
	const { item: planned } = await api.plan_meeting(item.name, values);
	host.changed(planned, "planned");
}

async function close(item, note, host) {
	const is_event = item.source === "event";
	const { item: closed } = await (is_event
		? api.close_meeting(item.name, note)
		: api.complete(item.name, { note }));
	host.changed(closed, "completed");
}
