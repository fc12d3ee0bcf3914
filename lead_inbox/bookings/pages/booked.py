"""What a customer sees of a booking of theirs: how it stands, and what they may still do about it (BO-5)."""

from __future__ import annotations

from datetime import timedelta

import frappe
from frappe import _
from frappe.utils import now_datetime

from lead_inbox.bookings import rules
from lead_inbox.bookings.booking_rows import BOOKING
from lead_inbox.bookings.pages import choosing, links, views
from lead_inbox.bookings.pages.choosing import Choice
from lead_inbox.bookings.pages.links import Opened
from lead_inbox.bookings.pages.views import Context
from lead_inbox.bookings.rules import HOLDING, Refusal, Status
from lead_inbox.bookings.services import services
from lead_inbox.bookings.telling import times, words

FIELDS = (*words.FIELDS, "notes")
OVER = (Status.CANCELLED, Status.DECLINED)


def read(booking: str) -> frappe._dict:
	"""Return the row of a booking whose link has been opened."""
	return frappe.db.get_value(BOOKING, booking, FIELDS, as_dict=True)


def see(token: str, opened: Opened, notice: str = "", status: int | None = None) -> Context:
	row = read(opened.booking)
	may_change = not change_refusal(row)
	return views.frame(
		"booking",
		_title(row),
		sentence=_sentence(row),
		notice=notice,
		facts={**words.facts_of(row), "notes": row.notes or ""},
		is_over=Status(row.status) in OVER,
		move_url=views.url(token, step="move") if may_change and choice_to_move(token, opened, row) else "",
		cancel_url=views.url(token, step="cancel") if may_change else "",
		limit=_limit_sentence(row),
		again_url=links.service_link(opened.lead) if opened.lead and not may_change else "",
		help=views.helping.contact(opened.lead),
		status=status,
	)


def ask_to_cancel(token: str, opened: Opened) -> Context:
	row = read(opened.booking)
	if change_refusal(row):
		return see(token, opened)
	return views.frame(
		"cancel",
		_("Cancel the Appointment?"),
		facts=words.facts_of(row),
		form=views.form(token, do="cancel"),
		back=views.url(token),
	)


def choice_to_move(token: str, opened: Opened, row: frappe._dict) -> Choice | None:
	"""Return what other times may be chosen from; None when we have to agree on one with the customer.

	A booking that was given another length by hand would lose it.
	"""
	service = choosing.service_named(row.service or "")
	if not service or row.ends_on - row.starts_on != service.duration:
		return None
	return Choice(token, opened.lead, service, moved=row)


def change_refusal(row: frappe._dict) -> Refusal | None:
	"""Return why customers may not change a booking themselves any more."""
	return rules.own_change_refusal(Status(row.status), row.starts_on, _limit_minutes(row), now_datetime())


def _limit_minutes(row: frappe._dict) -> int:
	if not row.service:
		return 0
	return frappe.get_cached_value(services.SERVICE, row.service, "change_until_minutes") or 0


def _limit_sentence(row: frappe._dict) -> str:
	"""Return until when it can be changed here, or could; empty for one that is over."""
	if Status(row.status) not in HOLDING or row.ends_on <= now_datetime():
		return ""
	limit = times.zoned(row.starts_on - timedelta(minutes=_limit_minutes(row)), row.time_zone)
	moment = _("{0}, {1}").format(times.date_of(limit), times.time_of(limit))
	if change_refusal(row):
		return _("It could be moved or cancelled here until {0}. Now please call us or write to us.").format(
			moment
		)
	return _("You can move or cancel it here until {0}.").format(moment)


def _title(row: frappe._dict) -> str:
	return {
		Status.REQUESTED: _("We Have Your Request"),
		Status.CONFIRMED: _("Your Appointment"),
		Status.COMPLETED: _("Your Appointment Is Over"),
		Status.NO_SHOW: _("Your Appointment Is Over"),
		Status.CANCELLED: _("Your Appointment Is Cancelled"),
		Status.DECLINED: _("This Appointment Is Not Possible"),
	}[Status(row.status)]


def _sentence(row: frappe._dict) -> str:
	return {
		Status.REQUESTED: _("The time is held for you. You will hear from us when it is confirmed."),
		Status.CONFIRMED: _("It is confirmed."),
		Status.COMPLETED: _("Thank you for coming to us."),
		Status.NO_SHOW: _("We missed you."),
		Status.CANCELLED: _("The time is free for others again."),
		Status.DECLINED: _("Unfortunately we can't offer you this appointment."),
	}[Status(row.status)]
