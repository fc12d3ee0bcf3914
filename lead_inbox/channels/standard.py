"""Events in this app's own JSON, as a partner sends them through the signed webhook.

A channel's field map replaces the path at which a value is looked up, so that a partner may keep its own
names. Paths are dotted; a number is the place in a list: `contacts.0.value`. What is at no known path
goes to `extra`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from lead_inbox.channels import appointment, clean, values
from lead_inbox.channels.event import (
	CallDetails,
	ChannelContext,
	CreditState,
	Direction,
	LeadEvent,
	LeadKind,
	Person,
)
from lead_inbox.channels.reader import PayloadReader, as_object

# Each is a target of the field map, and the path of its value where the map does not name another.
_CALL_TARGETS = (
	"call.answered",
	"call.direction",
	"call.duration_seconds",
	"call.recording_url",
	"call.announced",
)
_TARGETS = (
	"id",
	"type",
	"thread_id",
	"direction",
	"occurred_at",
	"name",
	"first_name",
	"last_name",
	"company",
	"job_title",
	"phone",
	"mobile",
	"email",
	"street",
	"postal_code",
	"city",
	"state",
	"country",
	"service",
	"location",
	"description",
	"subject",
	"message",
	"price",
	"currency",
	"charged",
	"credit_state",
	"campaign",
	"status",
	"is_test",
	"booking_id",
	"starts_at",
	"ends_at",
	*_CALL_TARGETS,
)
_KINDS: dict[str, LeadKind] = {
	"message": "Message",
	"sms": "Message",
	"call": "Phone Call",
	"phone_call": "Phone Call",
	"phone call": "Phone Call",
	"booking": "Booking",
	"form": "Form",
	"email": "Email",
}
_CREDIT_STATES: dict[str, CreditState] = {
	"pending": "Pending",
	"credited": "Credited",
	"refused": "Refused",
}
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)


def known_targets() -> tuple[str, ...]:
	"""What the right side of a channel's field map may name."""
	return _TARGETS


def is_path(text: str) -> bool:
	"""Whether the text can be the left side of a channel's field map."""
	return bool(text) and all(text.split("."))


def parse(payload: object, context: ChannelContext) -> LeadEvent:
	"""The event of one delivery. Raises MalformedEvent with every value of a wrong type."""
	mapped = MappedPayload(as_object(payload), context)
	event = mapped.event()
	mapped.reader.raise_faults()
	return event


class MappedPayload:
	"""A payload whose values are asked for by target, wherever the channel's field map finds them."""

	def __init__(self, payload: dict[str, object], context: ChannelContext) -> None:
		self.reader = PayloadReader()
		self._payload = payload
		self._context = context
		self._paths = _paths_by_target(context.field_map)
		self._used: set[str] = set()

	def event(self, kind: LeadKind | None = None) -> LeadEvent:
		"""All of it. Faults are with the reader, and make the answer meaningless.

		kind: where the source has only one, whatever the payload calls it.
		"""
		reader, context = self.reader, self._context
		is_sms = kind is None and reader.line(*self._take("type")).lower() == "sms"
		kind = kind or self._kind()
		event = LeadEvent(
			external_id=reader.identifier(*self._take("id")) or clean.identifier(context.event_id),
			kind=kind,
			person=self._person(),
			thread_id=reader.identifier(*self._take("thread_id")),
			direction=self._direction(kind),
			occurred_on=reader.moment(*self._take("occurred_at"), context.zone),
			subject=reader.line(*self._take("subject")),
			text=reader.lines(*self._take("message")),
			service=reader.line(*self._take("service")),
			location=reader.line(*self._take("location")),
			description=reader.lines(*self._take("description"), clean.DESCRIPTION_LIMIT),
			price=reader.amount(*self._take("price")),
			currency=self._currency(),
			charged=self._charged(),
			credit_state=self._credit_state(),
			campaign=reader.line(*self._take("campaign")),
			call=self._call() if kind == "Phone Call" else None,
			extra=reader.extra,
			is_test=reader.flag(*self._take("is_test")),
			source_status=reader.line(*self._take("status")),
			is_sms=is_sms,
		)
		if kind == "Booking":
			event = self._with_appointment(event)
		reader.keep_all(self._payload, self._used)
		return event

	def _with_appointment(self, event: LeadEvent) -> LeadEvent:
		"""One with an id of its own, apart from the event's, is a thread where the source names no other."""
		reader, zone = self.reader, self._context.zone
		own_id = reader.identifier(*self._take("booking_id"))
		booking = appointment.details_of(
			event,
			own_id or event.external_id,
			reader.moment(*self._take("starts_at"), zone),
			reader.moment(*self._take("ends_at"), zone),
		)
		return replace(event, thread_id=event.thread_id or own_id, booking=booking)

	def _person(self) -> Person:
		reader = self.reader
		first_name = reader.line(*self._take("first_name"))
		last_name = reader.line(*self._take("last_name"))
		return Person(
			full_name=reader.line(*self._take("name")) or clean.full_name(first_name, last_name),
			first_name=first_name,
			last_name=last_name,
			company_name=reader.line(*self._take("company")),
			job_title=reader.line(*self._take("job_title")),
			phones=self._all("phone", "mobile"),
			emails=self._all("email"),
			street=reader.line(*self._take("street")),
			postal_code=reader.line(*self._take("postal_code")),
			city=reader.line(*self._take("city")),
			state=reader.line(*self._take("state")),
			country=reader.line(*self._take("country")),
		)

	def _call(self) -> CallDetails:
		reader = self.reader
		seconds = reader.seconds(*self._take("call.duration_seconds"))
		answered_path, answered = self._take("call.answered")
		return CallDetails(
			# A source that only tells the duration counts the talking.
			answered=seconds > 0 if answered is None else reader.flag(answered_path, answered),
			duration_seconds=seconds,
			recording_url=reader.address(*self._take("call.recording_url")),
			recording_announced=reader.flag(*self._take("call.announced")),
		)

	def _kind(self) -> LeadKind:
		"""A word that we do not know is kept, and no reason to turn a customer away."""
		word = self.reader.line(*self._take("type"))
		if word:
			kind = _KINDS.get(word.lower())
			if not kind:
				self.reader.keep("type", word)
			return kind or self._context.default_type
		called = any(self._found(target) for target in _CALL_TARGETS)
		return "Phone Call" if called else self._context.default_type

	def _direction(self, kind: LeadKind) -> Direction:
		path, value = self._take("call.direction") if kind == "Phone Call" else ("", None)
		return self.reader.direction(*((path, value) if value is not None else self._take("direction")))

	def _currency(self) -> str:
		path, value = self._take("currency")
		currency = self.reader.line(path, value).upper()
		if _CURRENCY.fullmatch(currency):
			return currency
		self.reader.keep(path, currency)
		return ""

	def _charged(self) -> bool | None:
		path, value = self._take("charged")
		return None if value is None else self.reader.flag(path, value)

	def _credit_state(self) -> CreditState | None:
		"""A word that we do not know is kept: what a source does later must not turn its leads away."""
		path, value = self._take("credit_state")
		word = self.reader.line(path, value)
		state = _CREDIT_STATES.get(word.lower())
		if not state:
			self.reader.keep(path, word)
		return state

	def _all(self, *targets: str) -> tuple[str, ...]:
		"""Every value of the targets, each once: people have several numbers."""
		found = [item for target in targets for item in self._found(target)]
		self._used.update(path for path, _value in found)
		return tuple(dict.fromkeys(filter(None, (self.reader.line(*item) for item in found))))

	def _take(self, target: str) -> tuple[str, object]:
		"""Path and value of the first of the target's paths that has one."""
		found = self._found(target)
		if not found:
			return self._paths[target][0], None
		self._used.add(found[0][0])
		return found[0]

	def _found(self, target: str) -> list[tuple[str, object]]:
		located = ((path, self._locate(path)) for path in self._paths[target])
		return [(path, value) for path, value in located if value is not None and value != ""]

	def _locate(self, path: str) -> object:
		"""The value at a path; None when a part of it is absent. A fault when a part is a single value."""
		value: object = self._payload
		for part in path.split("."):
			if isinstance(value, dict):
				value = value.get(part)
			elif isinstance(value, list):
				value = _item(value, part)
			elif value is None or value == "":
				return None
			else:
				self.reader.fault(path, values.NOT_A_CONTAINER)
				return None
		return value


def _item(items: list[object], part: str) -> object:
	place = int(part) if part.isdecimal() and len(part) < 6 else len(items)
	return items[place] if place < len(items) else None


def _paths_by_target(field_map: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
	mapped: dict[str, list[str]] = {}
	for path, target in field_map:
		mapped.setdefault(target, []).append(path)
	return {target: mapped.get(target) or [target] for target in _TARGETS}
