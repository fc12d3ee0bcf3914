// The dialog in which a time is booked for a lead, or a booking gets another one.

import { watchEffect } from "vue";
import { until_refused } from "../request";
import { escape_html } from "../shared/dialogs/ask";
import { confirmed } from "../shared/dialogs/confirm_dialog";
import { enable_primary, show_in_dialog } from "../shared/dialogs/vue_dialog";
import * as api from "./api";
import BookingBox from "./BookingBox.vue";
import { Draft } from "./draft";
import { period } from "./times";

/** @param lead {name, title} @param done called once it is booked */
export function book(lead, done) {
	show({
		draft: Draft.of(lead),
		title: __("Book {0}", [escape_html(lead.title)]),
		yes: __("Book"),
		call: api.book,
		told: (when) => __("Booked: {0}", [when]),
		done,
	});
}

/** @param booking as of api.get_bookings @param done called once it is moved */
export function reschedule(booking, done) {
	show({
		draft: Draft.of(null, booking),
		title: __("Move {0}", [escape_html(booking.service_name || booking.name)]),
		yes: __("Move"),
		call: api.reschedule,
		told: (when) => __("Moved to {0}", [when]),
		done,
	});
}

function show({ draft, title, yes, call, told, done }) {
	const submit = until_refused(async () => {
		const time = draft.time;
		if (!(await send(draft, call, yes))) return;
		dialog.hide();
		const message = escape_html(told(period(time, draft.week.time_zone)));
		frappe.show_alert({ message, indicator: "green" }, 10);
		done();
	});
	const options = { title, size: "extra-large", primary_action_label: yes, primary_action: submit };
	const dialog = show_in_dialog(options, BookingBox, { draft });
	const stop = watchEffect(() => enable_primary(dialog, draft.is_ready));
	dialog.$wrapper.one("hidden.bs.modal", () => {
		stop();
		draft.leave();
	});
	draft.load();
}

/**
 * A free slot may be somebody else's by now: then the slots come anew, and say so. A time by hand may be booked all
 * the same, once the user has seen what is in the way.
 * @returns the server's answer, or nothing when it was not booked
 */
async function send(draft, call, yes) {
	draft.sending = true;
	try {
		return await (draft.by_hand ? send_by_hand(draft, call, yes) : send_slot(draft, call));
	} catch (error) {
		if (!draft.by_hand) draft.week.load();
		throw error;
	} finally {
		draft.sending = false;
	}
}

async function send_slot(draft, call) {
	const answer = await call(draft.values);
	if (!answer.confirm) return answer;
	draft.week.lose();
	await draft.week.load();
	return null;
}

function send_by_hand(draft, call) {
	return confirmed(async (more) => {
		const answer = await call({ ...draft.values, ...more });
		if (answer.conflicts) draft.conflicts = answer.conflicts;
		return answer;
	}, draft.booking ? __("Move anyway") : __("Book anyway"));
}
