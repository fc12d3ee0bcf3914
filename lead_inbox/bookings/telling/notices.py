"""Telling the customer what has happened to a booking (BO-4), with a file for their calendar (BO-9)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import get_system_timezone, now_datetime, strip_html

from lead_inbox.bookings.booking_rows import BOOKING
from lead_inbox.bookings.pages import links
from lead_inbox.bookings.rules import Change, Origin, Status
from lead_inbox.bookings.telling import invitation_rules, reaching, times, words
from lead_inbox.bookings.telling.invitation_rules import Invitation, Standing
from lead_inbox.bookings.telling.reaching import Way
from lead_inbox.bookings.telling.words import Occasion
from lead_inbox.inbox import notes
from lead_inbox.inbox.replies import mailing

SAVEPOINT = "telling_of_booking"
STANDINGS = {Status.REQUESTED: Standing.TENTATIVE, Status.CONFIRMED: Standing.CONFIRMED}


def tell(booking: str, change: Change, *, origin: Origin) -> None:
	"""Tell the customer of a change, in its transaction: once a booking, change and revision.

	By mail, or by SMS where there is no address. A customer who can't be told, or does not want to be, is not:
	the lead's conversation says why. What a partner has booked, the partner speaks about. Call it under the
	booking's row lock.
	"""
	row = frappe.db.get_value(BOOKING, booking, words.FIELDS, as_dict=True)
	occasion = words.occasion_of(change, Status(row.status))
	if not occasion or row.origin == Origin.PARTNER.value:
		return
	way = reaching.find_way(row, reaching.EMAIL_OR_SMS)
	why = _send(row, occasion, change, origin, way) if way.medium else way.why
	if why:
		_remark(row, why)


def _send(row: frappe._dict, occasion: Occasion, change: Change, origin: Origin, way: Way) -> str:
	"""Return why the customer was not told, an empty text when they are."""
	frappe.db.savepoint(SAVEPOINT)
	try:
		with words.in_language_of(row):
			said = words.said(row, occasion, origin)
			invitation = _invitation(row, occasion, way) if way.medium == reaching.EMAIL else b""
		key = f"booking:{row.name}:{change.value}:{row.revision}"
		reaching.send(row, way, said, key=key, invitation=invitation)
	except frappe.ValidationError as error:
		frappe.db.rollback(save_point=SAVEPOINT)
		frappe.clear_last_message()
		return strip_html(str(error))
	return ""


def _invitation(row: frappe._dict, occasion: Occasion, way: Way) -> bytes:
	account = mailing.account_for(way.channel)
	return invitation_rules.make(
		Invitation(
			uid=f"{row.name}@{frappe.local.site}",
			sequence=row.revision or 0,
			standing=STANDINGS.get(Status(row.status), Standing.CANCELLED),
			made_on=times.zoned(now_datetime(), get_system_timezone()),
			starts_on=times.zoned(row.starts_on, row.time_zone),
			ends_on=times.zoned(row.ends_on, row.time_zone),
			summary=words.what(row),
			organizer_name=account.name or "",
			organizer_address=account.email_id,
			attendee_name=row.customer_name or "",
			attendee_address=way.address,
			place=row.place or "",
			description=words.footer(occasion, links.booking_link(row.name)),
		)
	)


def _remark(row: frappe._dict, why: str) -> None:
	text = _("The customer was not told of the booking: {0}").format(why)
	if row.lead:
		notes.remark(row.lead, text)
	else:
		frappe.get_doc(BOOKING, row.name).add_comment("Info", frappe.utils.escape_html(text))
