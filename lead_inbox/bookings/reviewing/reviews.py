"""What customers say of completed bookings, and our answers: the only writer of Booking Review (BO-8).

Texts are stored HTML-escaped, as those of Lead Message are; `messages.as_text` gives them back.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import frappe
from frappe import _
from frappe.query_builder.functions import Avg, Count
from frappe.utils import escape_html, get_url_to_form, now_datetime

from lead_inbox.bookings import alerting
from lead_inbox.bookings.reviewing import review_rules
from lead_inbox.bookings.reviewing.review_rules import LONGEST, Fault, Refusal, Said
from lead_inbox.bookings.rules import Status
from lead_inbox.inbox import lifecycle, messages, notify
from lead_inbox.inbox.notify import Notice
from lead_inbox.permissions import booking_review_conditions

DOCTYPE = "Booking Review"
BOOKING_FIELDS = (
	*("name", "status", "lead", "customer", "customer_name", "lead_email"),
	*("service", "service_text", "user"),
)
REVIEW_FIELDS = ("name", "stars", "words", "answer", "answered_on", "given_on")


class ReviewRefused(frappe.ValidationError):
	"""There is nothing to review. refusal: why."""

	def __init__(self, refusal: Refusal) -> None:
		super().__init__(refusal_sentence(refusal))
		self.refusal = refusal


@dataclass(frozen=True)
class Average:
	stars: float
	reviews: int


def give(booking: str, said: Said) -> str:
	"""Keep the review that a customer gives on the page of a signed link, and return its name.

	said: without a fault. Of two at once the first one counts: the database has one place for a booking.
	Raises ReviewRefused, and DoesNotExistError for a booking that is gone.
	"""
	row = frappe.db.get_value("Booking", booking, BOOKING_FIELDS, as_dict=True, for_update=True)
	if not row:
		frappe.throw(_("This booking does not exist any more."), frappe.DoesNotExistError)
	if refused := refusal_of(row):
		raise ReviewRefused(refused)
	review = _insert(row, said)
	_tell_colleagues(row, review, said)
	if row.lead:
		lifecycle.announce(row.lead)
	return review


def refusal_of(booking: frappe._dict) -> Refusal | None:
	"""Return why a booking can't be reviewed now. booking: its name and status."""
	is_given = frappe.db.exists(DOCTYPE, {"booking": booking.name})
	return review_rules.refusal(Status(booking.status), bool(is_given))


def answer(review: str, text: str) -> None:
	"""Put our answer to a review in the name of the session's user, in the place of an earlier one.

	Callers have checked that the user may write the lead or customer. Raises frappe.ValidationError with words.
	"""
	cleaned = review_rules.clean(text)
	if fault := review_rules.answer_fault(cleaned):
		frappe.throw(fault_sentence(fault))
	doc = frappe.get_doc(DOCTYPE, review, for_update=True)
	doc.update(
		{
			"answer": messages.as_stored(cleaned),
			"answered_by": frappe.session.user,
			"answered_on": now_datetime(),
		}
	)
	doc.save(ignore_permissions=True)  # nobody has a right to write reviews; the callers checked the lead
	if doc.lead:
		lifecycle.announce(doc.lead)


def of_booking(booking: str) -> frappe._dict | None:
	"""Return REVIEW_FIELDS of a booking's review as they are stored, None without one. Callers have checked rights."""
	return frappe.db.get_value(DOCTYPE, {"booking": booking}, REVIEW_FIELDS, as_dict=True)


def averages(by: Literal["service", "user"], names: Collection[str] | None = None) -> dict[str, Average]:
	"""Return how good the reviews of services or users are, whoever may see which of them; no reviews, no entry.

	names: those to tell of, None for all.
	"""
	review = frappe.qb.DocType(DOCTYPE)
	column = review[by]
	query = (
		frappe.qb.from_(review)
		.select(column.as_("name"), Avg(review.stars).as_("stars"), Count(review.name).as_("reviews"))
		.where(column.isnotnull() & (column != ""))
		.groupby(column)
		.orderby(column)
	)
	if names is not None:
		if not names:
			return {}
		query = query.where(column.isin(list(names)))
	return {row.name: Average(float(row.stars), row.reviews) for row in query.run(as_dict=True)}


def average_since(moment: datetime) -> Average | None:
	"""Return how good the reviews are that were given since and that the session's user may see, None without any.

	Raises PermissionError for a user who may see none.
	"""
	conditions = booking_review_conditions().replace("%", "%%")
	query = f"""select avg(stars) as stars, count(*) as reviews from `tabBooking Review`
		where given_on >= %s {f"and ({conditions})" if conditions else ""}"""
	row = frappe.db.sql(query, moment, as_dict=True)[0]
	return Average(float(row.stars), row.reviews) if row.reviews else None


def refusal_sentence(refusal: Refusal) -> str:
	return {
		Refusal.GIVEN: _("This booking has been reviewed already."),
		Refusal.NOT_COMPLETED: _("This booking can't be reviewed, as it has not been completed."),
	}[refusal]


def fault_sentence(fault: Fault) -> str:
	return {
		Fault.NO_STARS: _("Choose one to five stars."),
		Fault.TOO_LONG: _("Write {0} characters at most.").format(LONGEST),
		Fault.EMPTY: _("Write an answer first."),
	}[fault]


def _insert(booking: frappe._dict, said: Said) -> str:
	review = frappe.get_doc(
		doctype=DOCTYPE,
		booking=booking.name,
		lead=booking.lead,
		customer=booking.customer,
		customer_name=booking.customer_name,
		lead_email=booking.lead_email,
		service=booking.service,
		user=booking.user,
		stars=said.stars,
		words=messages.as_stored(said.words),
		verified=1,  # only the page of a signed link gives reviews
		given_on=now_datetime(),
	)
	review.flags.ignore_links = True  # copied from the booking that was just read
	try:
		review.insert(ignore_permissions=True)  # customers are no users; their link was checked
	except frappe.UniqueValidationError:
		frappe.clear_last_message()
		raise ReviewRefused(Refusal.GIVEN) from None
	return review.name


def _tell_colleagues(booking: frappe._dict, review: str, said: Said) -> None:
	notice = Notice(
		kind="booking",
		doctype=DOCTYPE,
		name=review,
		link=get_url_to_form(DOCTYPE, review),
		subject=_subject(booking, said),
		content=messages.as_stored(said.words),
	)
	notify.tell(alerting.concerned(booking), notice)


def _subject(booking: frappe._dict, said: Said) -> str:
	"""Return HTML."""
	name = frappe.bold(escape_html(booking.customer_name or _("A customer")))
	what = escape_html(booking.service or booking.service_text or _("an appointment"))
	return _("{0} gave {1} of {2} stars for {3}").format(name, said.stars, review_rules.MOST, what)
