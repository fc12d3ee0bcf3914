"""Leads and jobs of Housecall Pro, as its webhooks tell of them, and the signature of these.

A lead has no time; the job that is made of it has, once it is scheduled. Both belong to one customer, by
whose id they find each other.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from lead_inbox.channels import values
from lead_inbox.channels.appointment import is_off, said_once
from lead_inbox.channels.event import ChannelContext, LeadEvent
from lead_inbox.channels.reader import as_object
from lead_inbox.channels.signature import TOLERANCE_SECONDS, SignatureError
from lead_inbox.channels.standard import MappedPayload

RECORDS = ("lead", "job")
_UTC = ZoneInfo("UTC")
_RECORD_MAP = (
	("id", "id"),
	("customer.id", "thread_id"),
	("customer_id", "thread_id"),
	("customer.first_name", "first_name"),
	("customer.last_name", "last_name"),
	("customer.company", "company"),
	("customer.mobile_number", "phone"),
	("customer.home_number", "phone"),
	("customer.work_number", "phone"),
	("customer.email", "email"),
	("address.street", "street"),
	("address.city", "city"),
	("address.state", "state"),
	("address.zip", "postal_code"),
	("address.country", "country"),
	("line_items.0.name", "service"),
	("note", "message"),
	("description", "description"),
	("schedule.scheduled_start", "starts_at"),
	("schedule.scheduled_end", "ends_at"),
	("status", "status"),
	("work_status", "status"),
)


def record_of(payload: object) -> str:
	"""What an event is about: the first part of its name; empty for a ping, which has no event."""
	event = payload.get("event") if isinstance(payload, dict) else None
	return event.partition(".")[0] if isinstance(event, str) else ""


def parse(payload: object, context: ChannelContext) -> LeadEvent:
	"""The lead or job as it stands now. Raises MalformedEvent, also for an event about anything else."""
	body = as_object(payload)
	record = record_of(body)
	prefix = record if record in RECORDS else RECORDS[0]
	field_map = (
		("event_occurred_at", "occurred_at"),
		*((f"{prefix}.{path}", target) for path, target in _RECORD_MAP),
	)
	mapped = MappedPayload(body, replace(context, field_map=field_map, event_id=""))
	if record not in RECORDS:
		mapped.reader.fault("event", values.NOT_A_BOOKING)
	event = mapped.event(kind="Booking")
	if not event.external_id:
		mapped.reader.fault(f"{prefix}.id", values.MISSING)
	mapped.reader.raise_faults()
	return said_once(_with_outcome(event, str(body["event"])))


def _with_outcome(event: LeadEvent, name: str) -> LeadEvent:
	"""`lead.lost` and `job.canceled` say by their name what the record may not say yet."""
	happened = name.rpartition(".")[2]
	if not event.booking or event.booking.is_off or not is_off(happened):
		return event
	booking = replace(event.booking, status=happened, is_off=True)
	return replace(event, source_status=happened, booking=booking)


def verify(body: bytes, stamp: str, signature: str, secrets: Sequence[str], now: datetime) -> None:
	"""Check that one of the secrets has signed the body, within five minutes of `now`, which is aware.

	stamp, signature: the headers api-timestamp and api-signature. Empty secrets match nothing. Raises
	SignatureError.
	"""
	if not (stamp and signature):
		raise SignatureError("signature_missing")
	try:
		signed_on = values.to_moment(stamp, _UTC)
	except values.WrongValue:
		raise SignatureError("signature_invalid") from None
	if not any(_is_signed(body, stamp, signature, secret) for secret in secrets if secret):
		raise SignatureError("signature_invalid")
	if signed_on is None or abs((signed_on - now).total_seconds()) > TOLERANCE_SECONDS:
		raise SignatureError("timestamp_expired")


def _is_signed(body: bytes, stamp: str, signature: str, secret: str) -> bool:
	signed = stamp.encode("utf-8", "surrogatepass") + b"." + body
	expected = hmac.new(secret.encode("utf-8", "surrogatepass"), signed, hashlib.sha256).hexdigest()
	given = signature.strip().lower().encode("utf-8", "surrogatepass")
	return hmac.compare_digest(given, expected.encode())
