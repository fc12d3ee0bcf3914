from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone
from decimal import Decimal

import pytest

from lead_inbox.channels import clean
from lead_inbox.channels.event import CallDetails, LeadEvent, MalformedEvent, Person
from lead_inbox.channels.reader import EXTRA_COUNT, FAULT_COUNT
from lead_inbox.channels.standard import is_path, known_targets, parse
from lead_inbox.tests.unit.channels.strategies import BERLIN

FULL = {
	"id": "lead-1",
	"type": "message",
	"thread_id": "thread-1",
	"occurred_at": "2026-03-31T14:05:00+02:00",
	"name": "Ada Lovelace",
	"first_name": "Ada",
	"last_name": "Lovelace",
	"company": "Engines Ltd",
	"job_title": "Analyst",
	"phone": "+49 151 23456789",
	"mobile": "0151 1",
	"email": "Ada@Example.com",
	"street": "1 Main St",
	"postal_code": 10115,
	"city": "Berlin",
	"state": "BE",
	"country": "Germany",
	"service": "Plumbing",
	"location": "Kitchen",
	"description": "A tap\ndrips",
	"subject": "Tap",
	"message": "Hello,\r\nmy tap drips.",
	"price": "12.50",
	"currency": "eur",
	"campaign": "Spring",
	"status": "OPEN",
	"is_test": False,
}


def faults(payload: object, **context: object) -> dict[str, str]:
	with pytest.raises(MalformedEvent) as caught:
		parse(payload, replace(BERLIN, **context))
	return caught.value.fields


def test_every_field_finds_its_place() -> None:
	assert parse(FULL, BERLIN) == LeadEvent(
		external_id="lead-1",
		kind="Message",
		person=Person(
			full_name="Ada Lovelace",
			first_name="Ada",
			last_name="Lovelace",
			company_name="Engines Ltd",
			job_title="Analyst",
			phones=("+49 151 23456789", "0151 1"),
			emails=("Ada@Example.com",),
			postal_code="10115",
			street="1 Main St",
			city="Berlin",
			state="BE",
			country="Germany",
		),
		thread_id="thread-1",
		direction="In",
		occurred_on=datetime(2026, 3, 31, 12, 5, tzinfo=timezone.utc),
		subject="Tap",
		text="Hello,\nmy tap drips.",
		service="Plumbing",
		location="Kitchen",
		description="A tap\ndrips",
		price=Decimal("12.50"),
		currency="EUR",
		campaign="Spring",
		source_status="OPEN",
	)


def test_an_empty_event_is_the_delivery_and_nobody() -> None:
	event = parse({}, BERLIN)
	assert event == LeadEvent(external_id="delivery-1", kind="Message", person=Person())
	assert event.person.is_anonymous


@pytest.mark.parametrize("field", ["name", "last_name", "company", "phone", "mobile", "email"])
def test_a_name_or_a_contact_is_somebody(field: str) -> None:
	assert not parse({field: "1"}, BERLIN).person.is_anonymous


@pytest.mark.parametrize(
	("word", "kind"),
	[
		("message", "Message"),
		("CALL", "Phone Call"),
		("phone_call", "Phone Call"),
		("Phone Call", "Phone Call"),
		("booking", "Booking"),
		("form", "Form"),
		("email", "Email"),
	],
)
def test_kinds(word: str, kind: str) -> None:
	event = parse({"type": word}, BERLIN)
	assert event.kind == kind
	assert event.extra == {}


def test_a_kind_of_its_own_is_kept_and_turns_nobody_away() -> None:
	event = parse({"type": "web chat"}, replace(BERLIN, default_type="Form"))
	assert (event.kind, event.extra) == ("Form", {"type": "web chat"})


def test_a_call() -> None:
	call = {
		"answered": True,
		"direction": "out",
		"duration_seconds": 61,
		"recording_url": "https://calls.example/1.mp3",
		"announced": True,
	}
	event = parse({"call": call, "message": "spoke"}, BERLIN)
	assert event.kind == "Phone Call"
	assert event.direction == "Out"
	assert event.call == CallDetails(True, 61, "https://calls.example/1.mp3", True)
	assert event.extra == {}


def test_a_call_that_does_not_say_whether_it_was_answered() -> None:
	assert parse({"call": {"duration_seconds": "5"}}, BERLIN).call == CallDetails(True, 5)
	assert parse({"type": "call"}, BERLIN).call == CallDetails(False)
	assert parse({"call": {"answered": False, "duration_seconds": 5}}, BERLIN).call == CallDetails(False, 5)


def test_a_script_is_no_recording_but_is_kept_as_text() -> None:
	event = parse({"call": {"recording_url": "javascript:alert(1)"}}, BERLIN)
	assert event.call == CallDetails(False)
	assert event.extra == {"call.recording_url": "javascript:alert(1)"}


def test_a_message_has_a_direction_too() -> None:
	assert parse({"direction": "Outbound"}, BERLIN).direction == "Out"


@pytest.mark.parametrize(
	("given", "moment"),
	[
		("2026-03-31T14:05:00Z", datetime(2026, 3, 31, 14, 5, tzinfo=timezone.utc)),
		("2026-03-31T14:05:00.1234567-0330", datetime(2026, 3, 31, 17, 35, 0, 123456, timezone.utc)),
		("2026-03-31 14:05", datetime(2026, 3, 31, 12, 5, tzinfo=timezone.utc)),
		("2026-12-31T00:00:00", datetime(2026, 12, 30, 23, 0, tzinfo=timezone.utc)),
		("2026-12-31", datetime(2026, 12, 30, 23, 0, tzinfo=timezone.utc)),
		(1774965900, datetime(2026, 3, 31, 14, 5, tzinfo=timezone.utc)),
		("1774965900", datetime(2026, 3, 31, 14, 5, tzinfo=timezone.utc)),
		(1774965900.5, datetime(2026, 3, 31, 14, 5, 0, 500000, timezone.utc)),
		(1774965900000, datetime(2026, 3, 31, 14, 5, tzinfo=timezone.utc)),
	],
)
def test_times_with_and_without_a_zone(given: object, moment: datetime) -> None:
	occurred_on = parse({"occurred_at": given}, BERLIN).occurred_on
	assert occurred_on == moment
	assert occurred_on.tzinfo


@pytest.mark.parametrize(
	"given",
	[
		"yesterday",
		"2026-02-30",
		"2026-03-31T25:00Z",
		"2026-03-31T14:05+99:00",
		"0001-01-01",
		-1,
		10**40,
		True,
		[],
	],
)
def test_what_is_no_time(given: object) -> None:
	assert list(faults({"occurred_at": given})) == ["occurred_at"]


@pytest.mark.parametrize("given", ["$12", "12,50", "1e400", float("nan"), 10**12, True, {}])
def test_what_is_no_price(given: object) -> None:
	assert list(faults({"price": given})) == ["price"]


@pytest.mark.parametrize(("given", "price"), [(0, "0"), (12.5, "12.5"), (" 7 ", "7"), (-3, "-3")])
def test_prices(given: object, price: str) -> None:
	assert parse({"price": given}, BERLIN).price == Decimal(price)


def test_a_currency_that_is_none_is_only_kept() -> None:
	event = parse({"currency": "Taler"}, BERLIN)
	assert (event.currency, event.extra) == ("", {"currency": "TALER"})


@pytest.mark.parametrize("seconds", [-1, "1 min", 2**31, True, []])
def test_what_is_no_duration(seconds: object) -> None:
	assert list(faults({"call": {"duration_seconds": seconds}})) == ["call.duration_seconds"]


def test_every_fault_is_named_at_once_and_no_value_is_repeated() -> None:
	payload = {
		"name": ["Ada"],
		"message": {"a": "secret-value"},
		"phone": True,
		"is_test": "maybe",
		"call": "secret-value",
		"direction": "up",
	}
	found = faults(payload)
	assert {"name", "message", "phone", "is_test", "call.answered", "direction"} <= set(found)
	assert all(text.endswith(".") and "secret-value" not in text for text in found.values())


def test_a_number_for_a_name_is_a_text() -> None:
	event = parse({"name": 42, "id": 9007199254740993, "company": 4.0}, BERLIN)
	assert (event.person.full_name, event.external_id) == ("42", "9007199254740993")
	assert event.person.company_name == "4"


def test_an_integer_too_long_to_print_is_a_fault_where_it_matters() -> None:
	assert list(faults({"name": 10**5000, "price": 10**5000})) == ["name", "price"]
	assert parse({"unknown": 10**5000}, BERLIN).extra == {}


def test_first_and_last_name_make_a_name() -> None:
	assert parse({"first_name": "Ada", "last_name": "L"}, BERLIN).person.full_name == "Ada L"
	assert parse({"last_name": "L"}, BERLIN).person.full_name == "L"


def test_what_is_too_long_is_cut_and_kept_whole() -> None:
	event = parse({"name": "N" * 10_000, "description": "d " * 20_000, "id": "i" * 1000}, BERLIN)
	assert event.person.full_name == "N" * 139 + "…"
	assert len(event.description) <= clean.DESCRIPTION_LIMIT
	assert event.extra["name"] == "N" * 10_000
	assert event.extra["description"] == ("d " * 20_000).strip()
	assert event.external_id == "i" * 1000


def test_unknown_values_are_kept_by_their_path() -> None:
	payload = {"utm": {"source": "ad", "ids": [1, None, True, ""]}, "budget": 1500.5, "empty": {}}
	event = parse(payload, BERLIN)
	assert event.extra == {"utm.source": "ad", "utm.ids.0": "1", "utm.ids.2": "true", "budget": "1500.5"}


def test_unknown_values_are_bounded_and_that_shows() -> None:
	extra = parse({f"k{number}": number for number in range(5000)}, BERLIN).extra
	assert len(extra) == EXTRA_COUNT + 1
	assert extra["…"] == "…"


def test_nesting_is_bounded_and_that_shows() -> None:
	nested: object = "bottom"
	for _level in range(50_000):
		nested = {"a": nested}
	assert parse({"deep": nested}, BERLIN).extra == {"deep" + ".a" * 9: "…"}


def test_two_unknown_names_that_look_alike_are_both_kept() -> None:
	assert parse({"a b": "1", "a  b": "2"}, BERLIN).extra == {"a b": "1", "a b (2)": "2"}


class TestFieldMap:
	def test_a_partner_keeps_its_own_names(self) -> None:
		field_map = (
			("bookingId", "id"),
			("contacts.0.value", "phone"),
			("contacts.1.value", "email"),
			("customer.display", "name"),
		)
		payload = {
			"bookingId": 77,
			"customer": {"display": "Ada", "vip": "yes"},
			"contacts": [{"value": "0151 1"}, {"value": "a@example.com", "memo": "home"}],
			"name": "not the customer",
		}
		event = parse(payload, replace(BERLIN, field_map=field_map))
		assert event.external_id == "77"
		assert event.person.full_name == "Ada"
		assert event.person.phones == ("0151 1",)
		assert event.person.emails == ("a@example.com",)
		assert event.extra == {"customer.vip": "yes", "contacts.1.memo": "home", "name": "not the customer"}

	def test_the_first_path_with_a_value_counts_and_the_rest_is_kept(self) -> None:
		field_map = (("a", "name"), ("b", "name"), ("c", "name"))
		event = parse({"a": "", "b": "Ada", "c": "Bob"}, replace(BERLIN, field_map=field_map))
		assert event.person.full_name == "Ada"
		assert event.extra == {"c": "Bob"}

	def test_all_numbers_count(self) -> None:
		field_map = (("home", "phone"), ("work", "phone"))
		event = parse({"home": "1", "work": "2", "mobile": "1"}, replace(BERLIN, field_map=field_map))
		assert event.person.phones == ("1", "2")

	def test_absent_parts_are_no_fault(self) -> None:
		field_map = (("contacts.5.value", "phone"), ("customer.name", "name"), ("x.²", "city"))
		payload = {"contacts": [{"value": "0151 1"}], "customer": None, "x": [1]}
		assert parse(payload, replace(BERLIN, field_map=field_map)).person == Person()

	def test_a_single_value_in_the_place_of_an_object_is_a_fault(self) -> None:
		found = faults({"customer": "Ada"}, field_map=(("customer.name", "name"),))
		assert list(found) == ["customer.name"]

	def test_a_target_that_no_longer_exists_is_passed_over(self) -> None:
		event = parse({"a": "1"}, replace(BERLIN, field_map=(("a", "gone"),)))
		assert event.extra == {"a": "1"}

	def test_what_a_map_may_hold(self) -> None:
		assert {"id", "name", "call.answered", "occurred_at"} <= set(known_targets())
		assert is_path("contacts.0.value")
		assert not any(map(is_path, ("", ".", "a..b", "a.")))


def test_a_hopeless_payload_gets_a_short_answer() -> None:
	field_map = tuple((f"x.{number}", "phone") for number in range(100))
	assert len(faults({"x": "text"}, field_map=field_map)) == FAULT_COUNT


@pytest.mark.parametrize(
	("word", "is_sms"), [("sms", True), ("SMS", True), ("message", False), ("smsx", False), ("", False)]
)
def test_a_text_message_is_a_message_that_was_sent_by_sms(word: str, is_sms: bool) -> None:
	event = parse({"type": word}, BERLIN)
	assert (event.kind, event.is_sms) == ("Message", is_sms)
