"""What every source is turned into, whatever form it arrived in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

LeadKind = Literal["Message", "Phone Call", "Booking", "Form", "Email"]
Direction = Literal["In", "Out"]
CreditState = Literal["Pending", "Credited", "Refused"]
Nature = Literal["Person", "Automatic", "Bounce"]


class MalformedEvent(ValueError):
	"""The payload has the wrong types: nothing in it can be trusted to mean what it says.

	`fields` maps the source's own name of a field (a dotted path, or `body` for the whole) to an English
	text that says what to send instead. The texts are fixed, never formatted, so that callers may
	translate them; they never repeat the value, which could hold personal data.
	"""

	def __init__(self, fields: dict[str, str]) -> None:
		super().__init__("; ".join(f"{name}: {fault}" for name, fault in fields.items()))
		self.fields = fields


@dataclass(frozen=True)
class Person:
	"""The customer as the source describes them; an empty text means that it did not say.

	Phones and e-mail addresses are as written, the most direct one first; they may be wrong.
	"""

	full_name: str = ""
	first_name: str = ""
	last_name: str = ""
	company_name: str = ""
	job_title: str = ""
	phones: tuple[str, ...] = ()
	emails: tuple[str, ...] = ()
	postal_code: str = ""
	street: str = ""
	city: str = ""
	state: str = ""
	country: str = ""

	@property
	def is_anonymous(self) -> bool:
		"""True when there is neither a name nor a way to reach the person."""
		return not (self.full_name or self.company_name or self.phones or self.emails)


@dataclass(frozen=True)
class CallDetails:
	"""A phone call. `recording_url` is http(s) or empty; `recording_announced`: the caller was told."""

	answered: bool
	duration_seconds: int = 0
	recording_url: str = ""
	recording_announced: bool = False


@dataclass(frozen=True)
class MailNature:
	"""Who is behind an incoming mail: a person, a machine that answers, or a mail server that sends back.

	`failed`: addresses that a bounce says mail could not be delivered to, folded; may be empty.
	`reason`: the line in which the mail server says why; may be empty.
	"""

	nature: Nature = "Person"
	failed: tuple[str, ...] = ()
	reason: str = ""


@dataclass(frozen=True)
class BookingDetails:
	"""An appointment as its source has it; what is empty or None the source did not say.

	external_id: the source's own id, the same in every event about it. Moments are aware. is_off: it will
	not take place. changed_on: when the source changed it.
	"""

	external_id: str
	starts_on: datetime | None = None
	ends_on: datetime | None = None
	service: str = ""
	place: str = ""
	notes: str = ""
	price: Decimal | None = None
	currency: str = ""
	status: str = ""
	is_off: bool | None = None
	changed_on: datetime | None = None


@dataclass(frozen=True)
class LeadEvent:
	"""One thing that happened at a source: a form was filled, a message was written, a phone rang.

	All texts are plain (never HTML), cleaned of control characters and cut to what their field holds;
	`extra` keeps, by label, every value that has no field here and the whole of what was cut.
	`external_id` and `thread_id` are opaque and of any length; empty when the source has none.
	`occurred_on` is aware, or None when the source does not say when. `is_sms`: it was sent as a text
	message; the lead's kind is Message all the same. `mail`: for what came by mail.
	`charged` and `credit_state` are None when the source does not say. `booking`: for the kind Booking.
	"""

	external_id: str
	kind: LeadKind
	person: Person
	thread_id: str = ""
	direction: Direction = "In"
	occurred_on: datetime | None = None
	subject: str = ""
	text: str = ""
	service: str = ""
	location: str = ""
	description: str = ""
	price: Decimal | None = None
	currency: str = ""
	campaign: str = ""
	call: CallDetails | None = None
	extra: dict[str, str] = field(default_factory=dict)
	is_test: bool = False
	source_status: str = ""
	is_sms: bool = False
	mail: MailNature = MailNature()
	charged: bool | None = None
	credit_state: CreditState | None = None
	booking: BookingDetails | None = None

	@property
	def tells_of_charge(self) -> bool:
		return self.charged is not None or self.credit_state is not None

	@property
	def is_only_about_charge(self) -> bool:
		"""True when the source speaks of money and the customer does not speak at all."""
		return self.tells_of_charge and not (self.text or self.subject or self.description or self.call)


@dataclass(frozen=True)
class ChannelContext:
	"""What a parser may know of the channel.

	`zone` applies to times without one. `field_map` is (source path, target) pairs, see
	standard.known_targets(). `default_type` is the kind of an event that does not say. `event_id` is
	the id of the delivery, and of the event when its payload has no id of its own.
	"""

	zone: ZoneInfo
	field_map: tuple[tuple[str, str], ...] = ()
	default_type: LeadKind = "Message"
	event_id: str = ""
