"""What customers are told about a booking: in the administrator's words or ours, in the customer's language."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from html import escape
from typing import Any

import frappe
from frappe import _
from frappe.utils import fmt_money, get_fullname

from lead_inbox.bookings.pages import links
from lead_inbox.bookings.rules import BY_THEMSELVES, Change, Origin, Status
from lead_inbox.bookings.telling import times
from lead_inbox.channels.clean import many_lines, one_line
from lead_inbox.channels.markup import to_text

SETTINGS = "Lead Inbox Settings"
# What must be known of a booking to speak of it.
FIELDS = (
	*("name", "lead", "customer", "customer_name", "lead_email", "status", "service", "service_text", "user"),
	*("starts_on", "ends_on", "time_zone", "place", "price", "currency", "reason", "origin", "revision"),
)
SHORT = 60  # characters of a name or place in an SMS


class Occasion(str, Enum):
	REQUESTED = "requested"
	CONFIRMED = "confirmed"
	MOVED = "moved"
	CANCELLED = "cancelled"
	DECLINED = "declined"
	REMINDER = "reminder"


TEMPLATES = {
	Occasion.CONFIRMED: "booking_confirmed_template",
	Occasion.MOVED: "booking_confirmed_template",
	Occasion.CANCELLED: "booking_cancelled_template",
	Occasion.DECLINED: "booking_cancelled_template",
	Occasion.REMINDER: "booking_reminder_template",
}
OVER = (Occasion.CANCELLED, Occasion.DECLINED)
WITH_REASON = (Occasion.MOVED, *OVER)


@dataclass(frozen=True)
class Said:
	"""A mail and its short form for an SMS. Plain text."""

	subject: str
	text: str
	sms: str


def occasion_of(change: Change, status: Status) -> Occasion | None:
	"""Return what a customer is told of a change, None when nothing."""
	if status is Status.REQUESTED:
		return Occasion.REQUESTED
	return {
		Change.BOOKED: Occasion.CONFIRMED,
		Change.CONFIRMED: Occasion.CONFIRMED,
		Change.MOVED: Occasion.MOVED,
		Change.CANCELLED: Occasion.CANCELLED,
		Change.DECLINED: Occasion.DECLINED,
	}.get(change)


def said(booking: frappe._dict, occasion: Occasion, origin: Origin = Origin.USER) -> Said:
	"""Return what to tell the customer. booking: a row with FIELDS. origin: who made the change, and knows why.

	Raises frappe.ValidationError for a template that can't be filled. Call it `in_language_of` the customer.
	"""
	link = links.booking_link(booking.name)
	tells_reason = occasion in WITH_REASON and origin not in BY_THEMSELVES
	facts = facts_of(booking, booking.reason or "" if tells_reason else "")
	mail = _from_template(booking, occasion, facts, link) or _own(booking, occasion, facts, link)
	return Said(*mail, _short(occasion, facts, link))


@contextmanager
def in_language_of(booking: frappe._dict) -> Iterator[None]:
	"""Speak the language of a booking's lead or Customer, where it is known."""
	language = _language_of(booking)
	before, environment = frappe.local.lang, frappe.local.jenv
	if not language or language == before:
		yield
		return
	frappe.local.lang, frappe.local.jenv = language, None
	try:
		yield
	finally:
		frappe.local.lang, frappe.local.jenv = before, environment


def what(booking: frappe._dict) -> str:
	"""Return what was booked, on one line."""
	return one_line(booking.service or booking.service_text or "") or _("Appointment")


def footer(occasion: Occasion, link: str) -> str:
	"""Return the sentence with the link to the booking's page."""
	if occasion in OVER:
		return _("See it here: {0}").format(link)
	return _("See, move or cancel it here: {0}").format(link)


def facts_of(booking: frappe._dict, reason: str = "") -> dict[str, str]:
	"""Return what may be told of a booking, each as text; what there is nothing of is empty."""
	starts_on, ends_on = (
		times.zoned(moment, booking.time_zone) for moment in (booking.starts_on, booking.ends_on)
	)
	return {
		"service": what(booking),
		"when": times.span(starts_on, ends_on),
		"date": times.date_of(starts_on),
		"time": times.time_of(starts_on),
		"place": many_lines(booking.place or ""),
		"price": fmt_money(booking.price, currency=booking.currency) if booking.price else "",
		"reason": many_lines(reason),
		"user_name": get_fullname(booking.user) if booking.user else "",
		"status": _(booking.status),
	}


def _own(booking: frappe._dict, occasion: Occasion, facts: dict[str, str], link: str) -> tuple[str, str]:
	"""Return subject and text in our words."""
	name = one_line(booking.customer_name or "")
	greeting = _("Hello {0},").format(name) if name else _("Hello,")
	told = [facts["service"], facts["when"], facts["place"]]
	told += [_("Price: {0}").format(facts["price"])] if facts["price"] and occasion not in OVER else []
	reason = _("Reason: {0}").format(facts["reason"]) if facts["reason"] else ""
	paragraphs = [greeting, _sentence(occasion), "\n".join(filter(None, told)), reason]
	subject = _subject(occasion).format(facts["service"], facts["date"])
	return subject, "\n\n".join(filter(None, [*paragraphs, footer(occasion, link)]))


def _from_template(
	booking: frappe._dict, occasion: Occasion, facts: dict[str, str], link: str
) -> tuple[str, str] | None:
	"""Return subject and text by the administrator's Email Template, None without one."""
	field = TEMPLATES.get(occasion)
	name = frappe.get_cached_doc(SETTINGS).get(field) if field else None
	return filled(name, booking, facts, booking_link=link) if name else None


def filled(template: str, booking: frappe._dict, facts: dict[str, str], **own_links: str) -> tuple[str, str]:
	"""Return subject and text of an Email Template for a booking. own_links: by the names that templates use.

	A template is HTML: what others wrote must come out of it as the text that it is.
	"""
	doc = frappe.get_doc("Email Template", template)
	record = _record(booking)
	plain = {**record, "booking": facts, **own_links}
	escaped = {key: escape(value) if isinstance(value, str) else value for key, value in record.items()}
	facts_as_html = {key: escape(value).replace("\n", "<br>") for key, value in facts.items()}
	subject = doc.get_formatted_subject(plain)
	response = doc.get_formatted_response({**escaped, "booking": facts_as_html, **own_links})
	return one_line(subject), to_text(response).strip()


def _record(booking: frappe._dict) -> dict[str, Any]:
	"""Return the fields of whom the booking is for, by which templates address them."""
	doctype, name = ("Lead", booking.lead) if booking.lead else ("Customer", booking.customer)
	return dict(frappe.get_doc(doctype, name).as_dict()) if name else {}


def _short(occasion: Occasion, facts: dict[str, str], link: str) -> str:
	"""Return the words of an SMS."""
	place = one_line(facts["place"], SHORT)
	about = ", ".join(filter(None, (one_line(facts["service"], SHORT), facts["when"], place)))
	return "\n".join((_sentence(occasion), about, link))


def _subject(occasion: Occasion) -> str:
	return {
		Occasion.REQUESTED: _("Your request: {0}, {1}"),
		Occasion.CONFIRMED: _("Confirmed: {0}, {1}"),
		Occasion.MOVED: _("Moved: {0}, {1}"),
		Occasion.CANCELLED: _("Cancelled: {0}, {1}"),
		Occasion.DECLINED: _("Not possible: {0}, {1}"),
		Occasion.REMINDER: _("Reminder: {0}, {1}"),
	}[occasion]


def _sentence(occasion: Occasion) -> str:
	return {
		Occasion.REQUESTED: _("We have received your request. You will hear from us when it is confirmed."),
		Occasion.CONFIRMED: _("Your appointment is confirmed."),
		Occasion.MOVED: _("Your appointment has a new time."),
		Occasion.CANCELLED: _("Your appointment has been cancelled."),
		Occasion.DECLINED: _("Unfortunately we can't offer you this appointment."),
		Occasion.REMINDER: _("This is a reminder of your appointment."),
	}[occasion]


def _language_of(booking: frappe._dict) -> str | None:
	for doctype, name in (("Lead", booking.lead), ("Customer", booking.customer)):
		if name and (language := frappe.db.get_value(doctype, name, "language")):
			return language
	return None
