"""Calls, from the fields of ERPNext's Call Log, which telephony integrations fill in."""

from __future__ import annotations

from lead_inbox.channels import clean
from lead_inbox.channels.event import CallDetails, ChannelContext, Direction, LeadEvent, Person
from lead_inbox.channels.reader import PayloadReader, as_object

_FINAL = ("Completed", "Failed", "Busy", "No Answer", "Canceled")


def is_final(status: str) -> bool:
	"""Whether the call is over: before, it is neither answered nor missed for good."""
	return status in _FINAL


def is_answered(status: str, duration_seconds: int) -> bool:
	"""Whether the two sides talked. A completed call without a duration was an announcement or a mailbox."""
	return status == "In Progress" or (status == "Completed" and duration_seconds > 0)


def parse(payload: object, context: ChannelContext) -> LeadEvent:
	"""The call; its person is only a number, that of the other party. Raises MalformedEvent.

	`payload` has the Call Log's field names. `start_time` without a zone is in `context.zone`.
	"""
	fields = as_object(payload)
	reader = PayloadReader()
	status = reader.line("status", fields.get("status"))
	direction: Direction = "Out" if fields.get("type") == "Outgoing" else "In"
	other_party = "to" if direction == "Out" else "from"
	number = reader.line(other_party, fields.get(other_party))
	reader.keep("medium", reader.line("medium", fields.get("medium")))
	event = LeadEvent(
		external_id=reader.identifier("id", fields.get("id")) or clean.identifier(context.event_id),
		kind="Phone Call",
		person=Person(phones=(number,) if number else ()),
		direction=direction,
		occurred_on=reader.moment("start_time", fields.get("start_time"), context.zone),
		text=reader.lines("summary", fields.get("summary")),
		call=_call(reader, fields, status),
		extra=reader.extra,
		source_status=status,
	)
	reader.raise_faults()
	return event


def _call(reader: PayloadReader, fields: dict[str, object], status: str) -> CallDetails:
	seconds = reader.seconds("duration", fields.get("duration"))
	return CallDetails(
		answered=is_answered(status, seconds),
		duration_seconds=seconds,
		recording_url=reader.address("recording_url", fields.get("recording_url")),
	)
