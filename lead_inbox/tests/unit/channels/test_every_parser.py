"""What holds for each source, whatever it sends."""

from __future__ import annotations

import dataclasses
import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.channels import clean
from lead_inbox.channels.event import LeadEvent, MalformedEvent
from lead_inbox.channels.reader import EXTRA_COUNT
from lead_inbox.channels.registry import PARSERS
from lead_inbox.channels.standard import known_targets
from lead_inbox.tests.unit.channels.strategies import BERLIN, json_like, objects

NAMES = {
	"Standard Webhooks": (
		*known_targets(),
		"call",
		"answered",
		"duration_seconds",
		"recording_url",
	),
	"Google Ads Lead Form": (
		"lead_id",
		"user_column_data",
		"column_id",
		"column_name",
		"string_value",
		"google_key",
		"is_test",
		"lead_submit_time",
		"campaign_id",
	),
	"Google Actions Center": (
		"slot",
		"service_id",
		"user_information",
		"user_id",
		"given_name",
		"telephone",
		"email",
		"address",
		"idempotency_token",
		"additional_request",
	),
	"Email": (
		"name",
		"message_id",
		"subject",
		"sender",
		"sender_full_name",
		"text_content",
		"content",
		"communication_date",
		"recipients",
		"sent_or_received",
	),
	"Telephony": ("id", "from", "to", "status", "type", "duration", "start_time", "recording_url", "medium"),
	"Web Form": ("name", "title", "submitted_on", "values", "labels", "lead_name", "email_id", "phone"),
	"ServiceTitan": (
		*("id", "name", "status", "start", "summary", "createdOn", "modifiedOn", "address", "street", "zip"),
		*("contacts", "type", "value", "Phone", "Email"),
	),
	"Housecall Pro": (
		*("event", "event_occurred_at", "lead", "job", "id", "customer", "first_name", "mobile_number"),
		*("address", "street", "schedule", "scheduled_start", "line_items", "status", "work_status", "note"),
	),
	"Booking Form": (*known_targets(),),
}


def test_every_provider_is_covered_here() -> None:
	assert set(NAMES) == set(PARSERS)


@pytest.mark.parametrize(
	("provider", "payload", "kind"),
	[
		("Standard Webhooks", {"type": "booking"}, "Booking"),
		("Google Ads Lead Form", {"lead_id": "1"}, "Form"),
		("Email", {"message_id": "1"}, "Email"),
		("Telephony", {"id": "1"}, "Phone Call"),
		("Web Form", {"name": "1"}, "Form"),
		("ServiceTitan", {"id": 1}, "Booking"),
		("Housecall Pro", {"event": "lead.created", "lead": {"id": "1"}}, "Booking"),
		("Booking Form", {"id": "1"}, "Booking"),
	],
)
def test_each_provider_has_its_own_parser(provider: str, payload: object, kind: str) -> None:
	assert PARSERS[provider](payload, BERLIN).kind == kind


@pytest.mark.parametrize("provider", PARSERS)
@given(data=st.data())
def test_any_payload_is_an_event_or_malformed(provider: str, data: st.DataObject) -> None:
	payload = data.draw(objects(NAMES[provider]) | json_like())
	try:
		event = PARSERS[provider](payload, BERLIN)
	except MalformedEvent as error:
		assert error.fields and all(error.fields.values())
		return
	assert_storable(event)


@pytest.mark.parametrize("provider", PARSERS)
@pytest.mark.parametrize("payload", [None, [], "text", 7, True, [{"id": "1"}]])
def test_a_body_that_is_no_object_is_malformed(provider: str, payload: object) -> None:
	with pytest.raises(MalformedEvent) as caught:
		PARSERS[provider](payload, BERLIN)
	assert list(caught.value.fields) == ["body"]


@given(data=st.data())
def test_a_webhook_of_a_known_kind_is_an_event_or_malformed(data: st.DataObject) -> None:
	"""Random names of events never get past the first check."""
	record = data.draw(st.sampled_from(["lead", "job"]))
	values = data.draw(objects(NAMES["Housecall Pro"])) | {"id": data.draw(st.integers() | st.text())}
	try:
		event = PARSERS["Housecall Pro"]({"event": f"{record}.updated", record: values}, BERLIN)
	except MalformedEvent as error:
		assert error.fields and all(error.fields.values())
		return
	assert_storable(event)


def assert_storable(event: LeadEvent) -> None:
	for text in texts_of(dataclasses.asdict(event)):
		text.encode("utf-8")
		assert not any(unicodedata.category(letter) == "Cc" for letter in text if letter not in "\t\n")
		assert "\u202e" not in text
	person = dataclasses.asdict(event.person)
	lines = [event.subject, event.service, event.location, event.campaign, *texts_of(person)]
	assert all(len(line) <= clean.LINE_LIMIT and "\n" not in line for line in lines)
	assert len(event.text) <= clean.TEXT_LIMIT
	assert len(event.description) <= clean.DESCRIPTION_LIMIT
	assert len(event.extra) <= EXTRA_COUNT + 1
	assert event.occurred_on is None or event.occurred_on.tzinfo
	if event.booking:
		moments = (event.booking.starts_on, event.booking.ends_on, event.booking.changed_on)
		assert all(moment is None or moment.tzinfo for moment in moments)
		assert event.booking.ends_on is None or event.booking.ends_on > event.booking.starts_on
		assert len(event.booking.notes) <= clean.DESCRIPTION_LIMIT
	if event.call:
		assert event.call.duration_seconds >= 0
		assert event.call.recording_url == "" or event.call.recording_url.startswith("http")


def texts_of(value: object) -> Iterator[str]:
	if isinstance(value, str):
		yield value
	elif isinstance(value, dict):
		for key, inner in value.items():
			yield from texts_of(key)
			yield from texts_of(inner)
	elif isinstance(value, (list, tuple)):
		for inner in value:
			yield from texts_of(inner)
