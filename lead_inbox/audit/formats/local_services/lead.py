"""A lead of Google Local Services, whichever way it was exported, and what its status says has happened."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime

from lead_inbox.audit.formats.base import Context
from lead_inbox.audit.formats.fields import folded
from lead_inbox.audit.told import Source, Told
from lead_inbox.channels import appointment
from lead_inbox.channels.event import CallDetails, LeadEvent, LeadKind, Person
from lead_inbox.inbox.rules import Happening

# By the names of the API, their numbers, and the words of the Leads page.
KINDS: dict[str, LeadKind] = {
	**dict.fromkeys(("2", "message", "messagelead", "directmessage", "5", "coupon"), "Message"),
	**dict.fromkeys(("3", "phone", "phonecall", "phonelead", "call"), "Phone Call"),
	**dict.fromkeys(("4", "booking", "bookinglead", "directbooking"), "Booking"),
}
# One that nobody answered is refused the second, one that somebody did the first.
_CAME_TO_REST = (Happening.WENT_UNANSWERED, Happening.WENT_QUIET)
_HAPPENINGS: dict[str, tuple[Happening, ...]] = {
	**dict.fromkeys(("", "0", "1", "unspecified", "unknown", "2", "new", "unread"), ()),
	**dict.fromkeys(("charged", "notcharged", "credited"), ()),
	**dict.fromkeys(("3", "active", "replied"), (Happening.REPLIED,)),
	**dict.fromkeys(("4", "booked"), (Happening.BOOKED,)),
	"completed": (Happening.BOOKED, Happening.BOOKINGS_ENDED),
	**dict.fromkeys(("5", "declined"), (Happening.DECLINED,)),
	**dict.fromkeys(("6", "expired", "7", "disabled", "8", "consumerdeclined"), _CAME_TO_REST),
	**dict.fromkeys(("9", "wipedout", "inactive", "archived"), _CAME_TO_REST),
}
_WIPED_OUT = ("9", "wipedout")
_NUMBER = re.compile(r"\+?\(?\d[\d\s().\-–]{5,}", re.ASCII)
_SHOWN = 40  # letters of an unknown status


@dataclass(frozen=True)
class Lead:
	"""What an export says of a lead. id: the source's, "" where it has none. status: as written."""

	id: str
	kind: LeadKind
	person: Person
	arrived_on: datetime
	status: str = ""
	touched_on: datetime | None = None
	text: str = ""
	note: str = ""
	service: str = ""
	location: str = ""
	call: CallDetails | None = None
	starts_on: datetime | None = None


def told_of(lead: Lead, context: Context) -> Told:
	"""Return the lead's arrival. One that its source has wiped tells nobody's name any more."""
	is_wiped = folded(lead.status) in _WIPED_OUT
	event = LeadEvent(
		external_id=lead.id,
		thread_id=lead.id,
		kind=lead.kind,
		person=Person() if is_wiped else lead.person,
		occurred_on=lead.arrived_on,
		text="" if is_wiped else lead.text,
		description="" if is_wiped else lead.note,
		service=lead.service,
		location=lead.location,
		call=lead.call,
		source_status=lead.status,
	)
	return Told(
		Source.LOCAL_SERVICES,
		_with_appointment(event, lead.starts_on) if lead.starts_on else event,
		afterwards=_happenings(lead.status, context),
		touched_on=lead.touched_on,
	)


def person_of(name: str, phone: str, email: str = "", postal_code: str = "") -> Person:
	"""Return the customer. The Leads page shows the number of a caller in the place of the name."""
	is_number = _NUMBER.fullmatch(name) is not None
	number = phone or (name if is_number else "")
	return Person(
		full_name="" if is_number else name,
		phones=(number,) if number else (),
		emails=(email,) if email else (),
		postal_code=postal_code,
	)


def kind_of(word: str, is_call: bool = False) -> LeadKind:
	"""Return the kind of a lead by its folded type. is_call: the export has a call of it."""
	return KINDS.get(word) or ("Phone Call" if is_call else "Message")


def _happenings(status: str, context: Context) -> tuple[Happening, ...]:
	happenings = _HAPPENINGS.get(folded(status))
	if happenings is None:
		context.note(
			f"Leads with the status “{status[:_SHOWN]}” keep the state that their events speak for: "
			"the status is unknown."
		)
	return happenings or ()


def _with_appointment(event: LeadEvent, starts_on: datetime) -> LeadEvent:
	return replace(event, booking=appointment.details_of(event, event.external_id, starts_on, None))
