from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.channels.event import MalformedEvent, Person
from lead_inbox.channels.housecall_pro import parse, record_of, verify
from lead_inbox.channels.signature import SignatureError
from lead_inbox.tests.unit.channels.strategies import BERLIN

CUSTOMER = {
	"id": "cus_1",
	"first_name": "Naree",
	"last_name": "Phan",
	"email": "naree@example.com",
	"mobile_number": "6025550123",
	"home_number": None,
	"work_number": "6025550124",
	"company": "Phan Ltd",
}
ADDRESS = {"street": "1 Main St", "city": "Phoenix", "state": "AZ", "zip": "85001", "country": "US"}
LEAD = {
	"event": "lead.created",
	"event_occurred_at": "2026-11-25T10:30:00Z",
	"company_id": "com_1",
	"lead": {
		"id": "lead_1",
		"customer": CUSTOMER,
		"address": ADDRESS,
		"lead_source": "Google",
		"note": "The tap drips",
		"tags": ["vip"],
		"line_items": [{"name": "Drain cleaning", "unit_price": 12500}],
		"status": "open",
	},
}
JOB = {
	"event": "job.scheduled",
	"event_occurred_at": "2026-11-25T11:00:00Z",
	"company_id": "com_1",
	"job": {
		"id": "job_1",
		"customer": CUSTOMER,
		"address": ADDRESS,
		"description": "Drain cleaning",
		"work_status": "scheduled",
		"schedule": {
			"scheduled_start": "2026-12-01T16:00:00Z",
			"scheduled_end": "2026-12-01T17:30:00Z",
		},
	},
}


def test_a_lead_has_no_time() -> None:
	event = parse(LEAD, BERLIN)
	assert event.kind == "Booking"
	assert event.person == Person(
		full_name="Naree Phan",
		first_name="Naree",
		last_name="Phan",
		company_name="Phan Ltd",
		phones=("6025550123", "6025550124"),
		emails=("naree@example.com",),
		street="1 Main St",
		city="Phoenix",
		state="AZ",
		postal_code="85001",
		country="US",
	)
	assert (event.text, event.service) == ("The tap drips", "Drain cleaning")
	assert event.extra["lead.lead_source"] == "Google"
	assert (event.booking.external_id, event.booking.starts_on) == ("lead_1", None)


def test_its_job_has_one_and_belongs_to_the_same_customer() -> None:
	event = parse(JOB, BERLIN)
	assert event.thread_id == parse(LEAD, BERLIN).thread_id == "cus_1"
	assert event.booking.external_id == "job_1"
	assert event.booking.starts_on == datetime(2026, 12, 1, 16, tzinfo=timezone.utc)
	assert event.booking.ends_on - event.booking.starts_on == timedelta(minutes=90)
	assert event.booking.is_off is False


@pytest.mark.parametrize(
	("payload", "status"),
	[
		({**LEAD, "event": "lead.lost"}, "lost"),
		({**LEAD, "lead": {**LEAD["lead"], "status": "lost"}}, "lost"),
		({**JOB, "event": "job.canceled"}, "canceled"),
		({**JOB, "event": "job.deleted"}, "deleted"),
		({**JOB, "job": {**JOB["job"], "work_status": "pro canceled"}}, "pro canceled"),
	],
)
def test_what_is_lost_or_called_off(payload: dict[str, object], status: str) -> None:
	booking = parse(payload, BERLIN).booking
	assert (booking.is_off, booking.status) == (True, status)


@pytest.mark.parametrize(
	("payload", "fields"),
	[
		({"event": "invoice.paid", "invoice": {"id": "inv_1"}}, {"event", "lead.id"}),
		({"event": "lead.created"}, {"lead.id"}),
		({"event": "lead.created", "lead": {"id": "lead_1", "customer": "Naree"}}, None),
		({"event": 7}, {"event", "lead.id"}),
	],
)
def test_what_can_not_be_used(payload: dict[str, object], fields: set[str] | None) -> None:
	with pytest.raises(MalformedEvent) as caught:
		parse(payload, BERLIN)
	assert fields is None or set(caught.value.fields) == fields


def test_what_an_event_is_about() -> None:
	assert record_of(LEAD) == "lead"
	assert record_of({"event": "job.appointment.scheduled"}) == "job"
	assert record_of({"event": None}) == record_of({}) == record_of([]) == record_of({"event": 7}) == ""


SECRET, BODY = "hcp-secret", b'{"event": "lead.created"}'
NOW = datetime.fromtimestamp(1_796_000_000, tz=timezone.utc)


def signature(stamp: str = "1796000000", body: bytes = BODY, secret: str = SECRET) -> str:
	return hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def code_of(stamp: str, signed: str, secrets: tuple[str, ...] = (SECRET,), now: datetime = NOW) -> str:
	with pytest.raises(SignatureError) as caught:
		verify(BODY, stamp, signed, secrets, now)
	return caught.value.code


@pytest.mark.parametrize("stamp", ["1796000000", "1796000000000", "2026-11-30T00:53:20Z"])
def test_a_signature_that_fits(stamp: str) -> None:
	verify(BODY, stamp, signature(stamp), ["", "old", SECRET], NOW)
	verify(BODY, stamp, signature(stamp).upper(), [SECRET], NOW)


def test_a_signature_that_does_not() -> None:
	good = signature()
	assert code_of("", good) == code_of("1796000000", "") == "signature_missing"
	assert code_of("1796000000", good[:-1]) == "signature_invalid"
	assert code_of("1796000000", "ü") == code_of("1796000000", "\ud800") == "signature_invalid"
	assert code_of("1796000001", good) == "signature_invalid"
	assert code_of("soon", signature("soon")) == "signature_invalid"
	assert code_of("1796000000", signature(secret=""), ("",)) == "signature_invalid"


@pytest.mark.parametrize("seconds", [-301, 301])
def test_five_minutes_either_way(seconds: int) -> None:
	assert code_of("1796000000", signature(), now=NOW + timedelta(seconds=seconds)) == "timestamp_expired"
	verify(BODY, "1796000000", signature(), [SECRET], NOW + timedelta(seconds=300))


@given(st.text(max_size=20), st.text(max_size=70), st.lists(st.text(max_size=10), max_size=2))
def test_no_request_is_an_accident(stamp: str, signed: str, secrets: list[str]) -> None:
	with pytest.raises(SignatureError):
		verify(BODY, stamp, signed, secrets, NOW)
