"""Telling what is built on the inbox of what happens in it, without knowing who that is.

An import only points down, so sequences, bookings and conversion are not imported here: they are named in
hooks.py. Listeners run in the transaction of what happened, under the lead's row lock, and an error in
one undoes it: what belongs together is committed together.
"""

from __future__ import annotations

from datetime import datetime

import frappe

from lead_inbox.channels.event import BookingDetails
from lead_inbox.inbox.rules import Happening


def happened(lead: str, happening: Happening, on: datetime) -> None:
	"""Something happened to a lead and was not refused. on: when it reached us, site time."""
	_tell("lead_inbox_happening", lead=lead, happening=happening, on=on)


def identity_changed(lead: str) -> None:
	"""A lead has become a Customer, has got what belonged to another lead, or that was taken back."""
	_tell("lead_inbox_identity_changed", lead=lead)


def erased(lead: str) -> None:
	"""The person of a lead has been erased. Its row is still there."""
	_tell("lead_inbox_erased", lead=lead)


def refused_contact(lead: str, medium: str) -> None:
	"""The customer does not want Calls, Email or SMS any more."""
	_tell("lead_inbox_refusal", lead=lead, medium=medium)


def bounced(lead: str) -> None:
	"""Mail to the lead's address came back."""
	_tell("lead_inbox_bounce", lead=lead)


def call_ended(message: str, answered: bool) -> None:
	"""Somebody told what came of a call that was made from here: its user, or the telephony."""
	_tell("lead_inbox_call_ended", message=message, answered=answered)


def message_settled(message: str, delivery_status: str) -> None:
	"""A message that we write has become Sent, Failed or Cancelled."""
	_tell("lead_inbox_message_settled", message=message, delivery_status=delivery_status)


def mail_opened(message: str) -> None:
	"""The customer has opened a mail of ours, told once. message: its Lead Message."""
	_tell("lead_inbox_mail_opened", message=message)


def link_clicked(message: str) -> None:
	"""The customer has followed a link in a mail of ours, told once."""
	_tell("lead_inbox_link_clicked", message=message)


def told_of_booking(lead: str, channel: str, details: BookingDetails) -> None:
	"""A source has told of an appointment of the lead's: a new one, or how one stands now.

	The event that it came by is not marked as processed yet.
	"""
	_tell("lead_inbox_booking_told", lead=lead, channel=channel, details=details)


def _tell(hook: str, **details: object) -> None:
	for listener in frappe.get_hooks(hook):
		frappe.get_attr(listener)(**details)
