// Steps of a booking that need no more than a reason.

import { until_refused } from "../request";
import { ask } from "../shared/dialogs/ask";
import * as api from "./api";

export const confirm = step(api.confirm, () => __("Confirmed"));
export const complete = step(api.complete, () => __("Completed"));
export const mark_no_show = step(api.mark_no_show, () => __("Marked as No Show"));

export const cancel = until_refused(async (booking, done) => {
	const values = await ask({
		title: __("Cancel the booking"),
		fields: [
			reason_field(),
			{ fieldname: "notify", fieldtype: "Check", label: __("Tell the customer"), default: 1 },
		],
		primary_action_label: __("Cancel the booking"),
	});
	if (!values) return;
	await api.cancel(booking.name, { reason: values.reason, notify: values.notify });
	finish(__("The booking was cancelled"), done);
});

export const decline = until_refused(async (booking, done) => {
	const values = await ask({
		title: __("Decline the request"),
		fields: [reason_field()],
		primary_action_label: __("Decline the request"),
	});
	if (!values) return;
	await api.decline(booking.name, { reason: values.reason });
	finish(__("The request was declined"), done);
});

function step(call, label) {
	return until_refused(async (booking, done) => {
		await call(booking.name);
		finish(label(), done);
	});
}

function reason_field() {
	return {
		fieldname: "reason",
		fieldtype: "Small Text",
		label: __("Reason"),
		description: __("The customer reads it when told."),
		reqd: 1,
	};
}

function finish(message, done) {
	frappe.show_alert({ message, indicator: "green" });
	done();
}
