// Words and colors for bookings.

/** As the list of Bookings has it: the doctype must have been loaded. */
export function status_color(status) {
	return frappe.get_indicator({ status }, "Booking")[1];
}

export function origin_label({ origin, channel }) {
	const labels = {
		Customer: __("Booked by the customer"),
		Partner: channel ? __("Booked through {0}", [channel]) : __("Booked through a partner"),
		Google: __("Booked on Google"),
	};
	return labels[origin] || "";
}

/** What has no price has no currency either, and a stored 0. */
export function price_label({ price, currency }) {
	return currency ? format_currency(price, currency) : "";
}

/** "★★★★☆"; for screen readers there is stars_label. */
export function stars(count) {
	return "★".repeat(count) + "☆".repeat(5 - count);
}

export function stars_label(count) {
	return __("{0} of 5 stars", [count]);
}

/** "3 places left", where there is more than one */
export function places_label(places) {
	return places > 1 ? __("{0} places left", [places]) : "";
}
