"""Our answer to a review, told to the customer by mail where the user who wrote it says so (BO-8).

Everybody with the review's link can read the answer on its page; a mail says that there is one.
"""

from __future__ import annotations

import frappe
from frappe import _

from lead_inbox.bookings.booking_rows import BOOKING
from lead_inbox.bookings.pages import links
from lead_inbox.bookings.reviewing import reviews
from lead_inbox.bookings.telling import reaching, words
from lead_inbox.bookings.telling.reaching import Way
from lead_inbox.bookings.telling.words import Said
from lead_inbox.channels.clean import one_line
from lead_inbox.inbox import messages
from lead_inbox.inbox.replies import outbox


def way_to_customer(booking: str) -> Way:
	"""Return how to tell the customer, or why it can't be done."""
	return reaching.find_way(_booking(booking), reaching.EMAIL)


def tell_customer(review: str) -> str:
	"""Mail our answer to who gave the review; return why it can't be, an empty text when it is on its way.

	The same answer is mailed once. The callers have checked that the user may write to the customer. Raises
	frappe.ValidationError with words, as outbox.submit does.
	"""
	row = frappe.db.get_value(reviews.DOCTYPE, review, ["booking", "words", "answer"], as_dict=True)
	booking = _booking(row.booking)
	way = reaching.find_way(booking, reaching.EMAIL)
	if not way.medium:
		return way.why
	with words.in_language_of(booking):
		said = _said(booking, messages.as_text(row.words), messages.as_text(row.answer))
	key = f"review-answer:{review}:{row.answer}"
	if booking.lead:
		# a person's words, but no answer to what the customer wrote in the conversation
		outbox.submit(booking.lead, way.medium, said.text, subject=said.subject, responds=False, key=key)
	else:
		reaching.send(booking, way, said, key=key)
	return ""


def _booking(name: str) -> frappe._dict:
	return frappe.db.get_value(BOOKING, name, words.FIELDS, as_dict=True)


def _said(booking: frappe._dict, review: str, answer: str) -> Said:
	name = one_line(booking.customer_name or "")
	paragraphs = (
		_("Hello {0},").format(name) if name else _("Hello,"),
		_("Thank you for your review of {0}. This is our answer:").format(words.what(booking)),
		answer,
		_("You wrote: {0}").format(review) if review else "",
		_("Your review and our answer are here: {0}").format(links.review_link(booking.name)),
	)
	subject = _("Our answer to your review: {0}").format(words.what(booking))
	return Said(subject, "\n\n".join(filter(None, paragraphs)), "")
