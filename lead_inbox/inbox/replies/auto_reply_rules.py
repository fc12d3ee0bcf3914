"""Whether and how a customer is answered automatically while a channel is closed (IN-8). Pure."""

from __future__ import annotations

from datetime import datetime


def is_due(closed_since: datetime | None, replied_on: datetime | None) -> bool:
	"""Whether the customer is to be told that the channel is closed: once in each closed period.

	closed_since: when the period started, None while the channel is open. replied_on: the last time that
	the customer was told. Site times.
	"""
	if closed_since is None:
		return False
	return replied_on is None or replied_on < closed_since


def medium_of(kind: str, can_mail: bool, can_text: bool) -> str | None:
	"""Return Email or SMS, the way the customer spoke to us; None where nothing suitable is possible.

	kind: of their Lead Message. A caller has a telephone in hand, so only a text will do; a form asks for
	the address that an answer is expected at.
	"""
	possible = {"Email": can_mail, "SMS": can_text}
	wanted = {
		"Email": ("Email",),
		"Call": ("SMS",),
		"SMS": ("SMS", "Email"),
		"Message": ("SMS", "Email"),
	}.get(kind, ("Email", "SMS"))
	return next((medium for medium in wanted if possible[medium]), None)
