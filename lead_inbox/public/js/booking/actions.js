// What can be done with a booking. The dialogs are a bundle of their own, which comes with the first of them.

const BUNDLES = ["booking.bundle.css", "booking.bundle.js"];

/** @param lead {name, title} @param done called once it is booked */
export function book(lead, done) {
	frappe.require(BUNDLES, () => lead_inbox.booking.book(lead, done));
}

/**
 * @param booking as of api.get_bookings @param done called after a change
 * @returns entries of {name, label, run}, the likeliest first
 */
export function booking_actions(booking, done) {
	const { can } = booking;
	const run = (name) => () => frappe.require(BUNDLES, () => lead_inbox.booking[name](booking, done));
	return [
		{ name: "confirm", label: __("Confirm"), possible: can.confirm },
		{ name: "complete", label: __("Complete"), possible: can.complete },
		{ name: "mark_no_show", label: __("No Show"), possible: can.no_show },
		{ name: "reschedule", label: __("Move…"), possible: can.reschedule },
		{ name: "decline", label: __("Decline…"), possible: can.decline },
		{ name: "cancel", label: __("Cancel…"), possible: can.cancel && !can.decline },
	]
		.filter(({ possible }) => possible)
		.map((action) => ({ ...action, run: run(action.name) }));
}
