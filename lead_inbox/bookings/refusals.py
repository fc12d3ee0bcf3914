"""Why a booking is not possible, in words for whoever asked."""

from __future__ import annotations

from typing import NoReturn

import frappe
from frappe import _

from lead_inbox.bookings.rules import Refusal


class BookingRefused(frappe.ValidationError):
	"""What was asked for is not possible; the words say what to do. refusal: the same for programs."""

	def __init__(self, words: str, refusal: Refusal) -> None:
		super().__init__(words)
		self.refusal = refusal


def refuse(refusal: Refusal) -> NoReturn:
	"""Raise BookingRefused with its sentence, which the desk shows."""
	words = sentence(refusal)
	frappe.throw(words, BookingRefused(words, refusal), title=_("Not Possible Now"))


def sentence(refusal: Refusal) -> str:
	"""Return one sentence, or two, that say what is wrong and what to do. Plain text."""
	return {
		Refusal.UNKNOWN_SERVICE: _("This service is not offered any more. Choose another one."),
		Refusal.NOT_ONLINE: _("This service can't be booked online. Call us to make an appointment."),
		Refusal.IN_THE_PAST: _("This time has passed. Choose a later one."),
		Refusal.ENDS_BEFORE_START: _("A booking ends after it starts. Choose a later end."),
		Refusal.OUTSIDE_HOURS: _("This time is outside the hours of the service. Choose another time."),
		Refusal.TOO_SOON: _("This time is too soon for us to prepare. Choose a later one."),
		Refusal.TOO_FAR_AHEAD: _("This time is too far ahead to be booked yet. Choose an earlier one."),
		Refusal.NO_SUCH_SLOT: _("There is no appointment at exactly this time. Choose one that is offered."),
		Refusal.TAKEN: _("This time has been taken meanwhile. Choose another one."),
		Refusal.TOO_LATE_TO_CHANGE: _("It is too late to change this booking online. Call us instead."),
		Refusal.IS_OVER: _("This booking is over, so it can't be changed. Make a new one."),
		Refusal.NOT_YET: _("This booking has not begun yet. Say what came of it when its time has come."),
		Refusal.NO_CONTACT_DATA: _("Give an e-mail address or a phone number, so that we can reach you."),
	}[refusal]
