"""The .ics file that puts a booking into the customer's calendar, moves it there, and takes it out: BO-9. Pure.

One booking is one event in a calendar: its UID never changes, and of two files the one with the higher
SEQUENCE counts (RFC 5546).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import Enum

from icalendar import Calendar, Event, vCalAddress, vText

from lead_inbox.bookings.telling import zone_rules
from lead_inbox.channels.clean import many_lines, one_line

FILE_NAME = "invite.ics"
PRODUCT = "-//Lead Inbox//Bookings//EN"
# For how long a file tells when the clocks change: a program may use what one file says for all others.
ZONE_BEFORE = timedelta(days=370)
ZONE_AFTER = timedelta(days=3660)


class Standing(str, Enum):
	"""How far an event is agreed: its STATUS."""

	TENTATIVE = "TENTATIVE"
	CONFIRMED = "CONFIRMED"
	CANCELLED = "CANCELLED"


@dataclass(frozen=True, kw_only=True)
class Invitation:
	"""What a file says. Texts are plain, as their authors wrote them.

	starts_on, ends_on: with the zone in which the customer is told of the time. made_on: with any zone.
	"""

	uid: str
	sequence: int
	standing: Standing
	made_on: datetime
	starts_on: datetime
	ends_on: datetime
	summary: str
	organizer_name: str
	organizer_address: str
	attendee_name: str
	attendee_address: str
	place: str = ""
	description: str = ""


def make(invitation: Invitation) -> bytes:
	"""Return the file. It asks for nothing: what was agreed is accepted already, so nobody has to answer."""
	calendar = Calendar()
	calendar.add("prodid", PRODUCT)
	calendar.add("version", "2.0")
	calendar.add("method", "CANCEL" if invitation.standing is Standing.CANCELLED else "REQUEST")
	calendar.add_component(_event(invitation))
	for name in calendar.get_missing_tzids():
		calendar.subcomponents.insert(
			0, zone_rules.explain(name, invitation.starts_on - ZONE_BEFORE, invitation.ends_on + ZONE_AFTER)
		)
	return calendar.to_ical()


def _event(invitation: Invitation) -> Event:
	event = Event()
	event.add("uid", invitation.uid)
	event.add("sequence", invitation.sequence)
	event.add("dtstamp", invitation.made_on.astimezone(timezone.utc))
	event.add("dtstart", invitation.starts_on)
	event.add("dtend", invitation.ends_on)
	event.add("summary", one_line(invitation.summary))
	event.add("status", invitation.standing.value)
	event.add("transp", "OPAQUE")
	if place := many_lines(invitation.place):
		event.add("location", place.replace("\n", ", "))
	if description := many_lines(invitation.description):
		event.add("description", description)
	event.add("organizer", _person(invitation.organizer_address, invitation.organizer_name))
	event.add(
		"attendee",
		_person(
			invitation.attendee_address,
			invitation.attendee_name,
			CUTYPE="INDIVIDUAL",
			ROLE="REQ-PARTICIPANT",
			PARTSTAT="ACCEPTED",
			RSVP="FALSE",
		),
		encode=False,
	)
	return event


def _person(address: str, name: str, **parameters: str) -> vCalAddress:
	"""A name can hold no quote, and a caret only in a way that few programs know (RFC 6868)."""
	person = vCalAddress(f"mailto:{address}")
	if named := one_line(name.replace('"', "'").replace("^", " ")):
		person.params["CN"] = vText(named)
	for parameter, value in parameters.items():
		person.params[parameter] = vText(value)
	return person
