"""Asking customers for a review: once a booking, some hours after it was completed (BO-8)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import cint, now_datetime

from lead_inbox.bookings.booking_rows import BOOKING
from lead_inbox.bookings.pages import links
from lead_inbox.bookings.reviewing import review_rules, reviews
from lead_inbox.bookings.rules import Status
from lead_inbox.bookings.telling import reaching, telling, words
from lead_inbox.bookings.telling.reminder_rules import Audience, Kind, RowStatus
from lead_inbox.bookings.telling.telling import REMINDER
from lead_inbox.bookings.telling.words import Said
from lead_inbox.channels.clean import one_line


def plan(booking: str) -> None:
	"""Let the question wait for its time, or take it back, as the booking now is.

	Call it under the booking's row lock, after each change of its status.
	"""
	row = frappe.db.get_value(BOOKING, booking, ["status", "lead", "ends_on"], as_dict=True)
	key = {
		"booking": booking,
		"kind": Kind.REVIEW.value,
		"audience": Audience.CUSTOMER.value,
		"minutes_before": 0,
	}
	# a locking read: it may have been sent since the transaction's snapshot
	is_asked = frappe.db.get_value(REMINDER, key, "status", for_update=True) == RowStatus.SENT.value
	if is_asked:
		return
	frappe.db.delete(REMINDER, key)
	settings = frappe.get_cached_doc(words.SETTINGS)
	wanted = bool(settings.ask_for_reviews)
	if not review_rules.asks(Status(row.status), wanted=wanted, is_given=_is_given(booking)):
		return
	reminder = frappe.get_doc(
		doctype=REMINDER,
		**key,
		lead=row.lead,
		medium=reaching.EMAIL_OR_SMS,
		due_on=review_rules.ask_on(now_datetime(), row.ends_on, cint(settings.review_after_hours)),
		status=RowStatus.WAITING.value,
	)
	reminder.flags.ignore_links = True  # written of documents that were just read
	reminder.insert(ignore_permissions=True)  # nobody has a right to write reminders


def send(row: frappe._dict) -> None:
	"""Ask the customer, and settle the row of Booking Reminder that was due. Under the booking's row lock."""
	booking = frappe.db.get_value(BOOKING, row.booking, words.FIELDS, as_dict=True)
	if refusal := reviews.refusal_of(booking):
		telling.settle(row.name, RowStatus.SKIPPED, error=reviews.refusal_sentence(refusal))
		return
	telling.tell_customer(row, booking, lambda: _said(booking))


def _said(booking: frappe._dict) -> Said:
	link = links.review_link(booking.name)
	facts = words.facts_of(booking)
	template = frappe.get_cached_doc(words.SETTINGS).review_template
	mail = words.filled(template, booking, facts, review_link=link) if template else None
	short = _("How was {0}? Tell us here: {1}").format(one_line(facts["service"], words.SHORT), link)
	return Said(*(mail or _own(booking, facts, link)), short)


def _own(booking: frappe._dict, facts: dict[str, str], link: str) -> tuple[str, str]:
	"""Return subject and text in our words."""
	name = one_line(booking.customer_name or "")
	paragraphs = (
		_("Hello {0},").format(name) if name else _("Hello,"),
		_("Thank you for choosing us: {0}, {1}.").format(facts["service"], facts["date"]),
		_("How was it? Please give your stars here, it takes a minute: {0}").format(link),
	)
	return _("How was it? {0}, {1}").format(facts["service"], facts["date"]), "\n\n".join(paragraphs)


def _is_given(booking: str) -> bool:
	return bool(frappe.db.exists(reviews.DOCTYPE, {"booking": booking}))
