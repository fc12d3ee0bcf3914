"""What customers do on the booking page. The signed link is their permission, whoever they are to Frappe.

Each deed is done once, however often its form is sent: a new booking has the form's key, and a booking that
has the time already, or is cancelled already, stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

import frappe
from frappe import _
from frappe.utils import now_datetime

from lead_inbox.bookings import booking as bookings
from lead_inbox.bookings.booking import Request
from lead_inbox.bookings.booking_rows import BOOKING, find, keys_of
from lead_inbox.bookings.pages import booked, choosing, links, page_rules, views
from lead_inbox.bookings.pages.choosing import Choice
from lead_inbox.bookings.pages.links import Opened
from lead_inbox.bookings.pages.page_rules import Asked, text_of
from lead_inbox.bookings.pages.views import Context
from lead_inbox.bookings.refusals import BookingRefused, sentence
from lead_inbox.bookings.rules import Origin, Refusal, Status
from lead_inbox.channels.clean import many_lines
from lead_inbox.channels.phone import is_email, to_e164
from lead_inbox.inbox.identity import region_of

Sent = Mapping[str, Any]

LONGEST_TEXT = 1000
MOST_AHEAD = 10
CONFLICT = 409
NOT_OFFERED = (Refusal.UNKNOWN_SERVICE, Refusal.NOT_ONLINE)
CHANGE_REFUSALS = (Refusal.TOO_LATE_TO_CHANGE, Refusal.IS_OVER)


def book(token: str, opened: Opened, asked: Asked, sent: Sent) -> Context | str:
	"""Book what was chosen. Returns the address of the booking's page, or what to show instead."""
	service = choosing.service_named(asked.service)
	if not service or not asked.starts_on:
		return choosing.services_view(token, opened.lead, sentence(Refusal.UNKNOWN_SERVICE), CONFLICT)
	choice = Choice(token, opened.lead, service)
	email, phone, fault = _contact(sent)
	slot = choice.slot_at(asked.starts_on)
	if fault and slot:
		return choosing.confirm_view(choice, slot, sent, fault)
	request = Request(
		service=service.name,
		starts_on=asked.starts_on,
		ends_on=slot.ends_on if slot else None,  # without a slot it may have been booked by this very form
		lead=opened.lead,
		email=email,
		phone=phone,
		origin=Origin.CUSTOMER,
		place=_typed(sent, "place"),
		notes=_typed(sent, "notes"),
		key="\0".join((opened.lead, asked.key, service.name, page_rules.moment_text(asked.starts_on))),
	)
	if _has_too_many(request):
		return choosing.services_view(token, opened.lead, _too_many_sentence(), CONFLICT)

	def instead(refused: BookingRefused) -> Context:
		if refused.refusal is Refusal.NO_CONTACT_DATA and slot:
			return choosing.confirm_view(choice, slot, sent, str(refused))
		if refused.refusal in NOT_OFFERED:
			return choosing.services_view(token, opened.lead, str(refused), CONFLICT)
		return choosing.slots_view(choice, asked, str(refused), CONFLICT)

	return _done_or(lambda: links.booking_link(bookings.book(request)), instead)


def move(token: str, opened: Opened, asked: Asked) -> Context | str:
	"""Move a booking to what was chosen. Returns the address of its page, or what to show instead."""
	row = booked.read(opened.booking)
	if row.starts_on == asked.starts_on:
		return views.url(token)
	choice = booked.choice_to_move(token, opened, row)
	if not choice or not asked.starts_on or booked.change_refusal(row):
		return _see_refused(token, opened, row)
	slot = choice.slot_at(asked.starts_on)

	def act() -> str:
		bookings.reschedule(
			row.name, asked.starts_on, ends_on=slot.ends_on if slot else None, origin=Origin.CUSTOMER
		)
		return views.url(token)

	def instead(refused: BookingRefused) -> Context:
		if refused.refusal in CHANGE_REFUSALS:
			return booked.see(token, opened, str(refused), CONFLICT)
		return choosing.slots_view(choice, asked, str(refused), CONFLICT)

	return _done_or(act, instead)


def cancel(token: str, opened: Opened, sent: Sent) -> Context | str:
	"""Call a booking off. Returns the address of its page, or what to show instead."""
	row = booked.read(opened.booking)
	if row.status == Status.CANCELLED.value:
		return views.url(token)
	reason = _typed(sent, "reason")

	def act() -> str:
		bookings.cancel(row.name, reason, origin=Origin.CUSTOMER)
		return views.url(token)

	return _done_or(act, lambda refused: booked.see(token, opened, str(refused), CONFLICT))


def _done_or(act: Callable[[], str], instead: Callable[[BookingRefused], Context]) -> Context | str:
	try:
		with _undone_on_error():
			return act()
	except BookingRefused as refused:
		frappe.clear_last_message()
		return instead(refused)


@contextmanager
def _undone_on_error() -> Iterator[None]:
	"""Frappe shows a page's error as a page and commits what was written before it.

	It also begins a new transaction, so that what is shown instead is free now and not when the old one began.
	"""
	with ExitStack() as stack:
		stack.callback(frappe.db.rollback)
		yield
		stack.pop_all()


def _see_refused(token: str, opened: Opened, row: frappe._dict) -> Context:
	refusal = booked.change_refusal(row) or Refusal.NO_SUCH_SLOT
	return booked.see(token, opened, sentence(refusal), CONFLICT)


def _has_too_many(request: Request) -> bool:
	"""Whether somebody with a link is filling the calendar. A form that is sent again makes none more."""
	ahead = {
		"lead": request.lead,
		"origin": Origin.CUSTOMER.value,
		"status": ["in", choosing.HOLDING_STATUSES],
		"starts_on": [">", now_datetime()],
	}
	return frappe.db.count(BOOKING, ahead) >= MOST_AHEAD and not find(keys_of(request))


def _too_many_sentence() -> str:
	return _("You have {0} appointments ahead, as many as can be booked here. Call us to book more.").format(
		MOST_AHEAD
	)


def _contact(sent: Sent) -> tuple[str, str, str]:
	"""Return email, phone, and what is wrong with them."""
	email, phone = text_of(sent, "email"), text_of(sent, "phone")
	if email and not is_email(email):
		return "", "", _("This is no e-mail address. Correct it, or leave it empty and give a phone number.")
	number = to_e164(phone, region_of(None)) if phone else ""
	if number is None:
		return "", "", _("This is no phone number. Correct it, or leave it empty and give an e-mail address.")
	return email, number, ""


def _typed(sent: Sent, name: str) -> str:
	return many_lines(text_of(sent, name), LONGEST_TEXT)
