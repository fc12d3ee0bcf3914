// The form of a Booking: it is changed with buttons only.

import { until_refused } from "../request";
import { booking_actions } from "./actions";
import * as api from "./api";
import { stars, stars_label } from "./labels";

/** Called at each refresh of the form. */
export const offer_actions = until_refused(async (frm) => {
	const { docname } = frm;
	const booking = await api.get_booking(docname);
	if (frm.docname !== docname) return; // the form shows another one by now
	for (const { label, run } of booking_actions(booking, () => frm.reload_doc())) {
		frm.remove_custom_button(label);
		frm.add_custom_button(label, run);
	}
	if (booking.review) show_review(frm, booking.review);
});

function show_review(frm, review) {
	const { escape_html } = frappe.utils;
	const link = frappe.utils.get_form_link("Booking Review", review.name, true, __("Open the review"));
	const given = `<span role="img" aria-label="${stars_label(review.stars)}">${stars(review.stars)}</span>`;
	const words = review.words ? escape_html(review.words) : "";
	frm.set_intro("");
	frm.set_intro([given, words, link].filter(Boolean).join(" · "), "blue");
}
