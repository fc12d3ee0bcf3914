"""Google's booking server over HTTP: who may call it, bad requests, and 200 bookings at once (BO-3, BO-6)."""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import frappe
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lead_inbox.tests.integration.booking_builders import in_days, make_service
from lead_inbox.tests.integration.builders import delete_channels, make_channel, make_user
from lead_inbox.tests.integration.google_booking_builders import MERCHANT, PARTNER, REPAIR, creation, slot
from tools.live import Answer, ServedSite

DOOR = "/api/method/lead_inbox.api.v1.google_bookings.serve/v3/"
REQUESTS, PLACES, THREADS = 200, 3, 16
METHODS = (
	"BatchAvailabilityLookup",
	"CheckAvailability",
	"CreateBooking",
	"UpdateBooking",
	"GetBookingStatus",
	"ListBookings",
)
JSON = st.recursive(
	st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
	lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
	max_leaves=12,
)
NAMES = ("merchant_id", "slot_time", "slot", "user_information", "idempotency_token", "booking", "user_id")
PARTS = ("service_id", "start_sec", "duration_sec", "user_id", "given_name", "telephone", "email")


@dataclass(frozen=True)
class Google:
	"""A partner who signs in by HTTP Basic."""

	site: ServedSite
	key: str

	def ask(self, method: str, payload: object, path: str = "{}/", **headers: str) -> Answer:
		body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
		return self.request("POST", DOOR + path.format(method), body, **headers)

	def request(self, verb: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
		signed = {"Authorization": "Basic " + base64.b64encode(self.key.encode()).decode()}
		return self.site.request(verb, path, body, {**signed, "Content-Type": "application/json", **headers})


def set_up() -> str:
	"""Return the partner's key and secret, as an administrator hands them over."""
	user = frappe.get_doc("User", make_user(PARTNER, "Lead Partner"))
	user.update({"api_key": "key-of-google", "api_secret": "secret-of-google"})
	user.save()
	make_channel(MERCHANT, "Google Actions Center", api_user=PARTNER)
	make_service(REPAIR, capacity=PLACES)
	return "key-of-google:secret-of-google"


@pytest.fixture
def google(live_site) -> Iterator[Google]:
	yield Google(live_site, live_site.run(set_up))
	live_site.run(delete_channels, MERCHANT)


def refused(answer: Answer) -> tuple[int, str]:
	"""Status and code of an error, which is JSON and tells nothing of what is inside."""
	assert answer.headers["Content-Type"] == "application/json"
	assert "Traceback" not in answer.body.decode() and "exc" not in answer.json
	assert answer.json["message"]
	return answer.status, answer.json["code"]


def statuses() -> Counter[str]:
	return Counter(frappe.get_all("Booking", pluck="status", order_by="name asc"))


def leads_and_events() -> tuple[int, int]:
	return frappe.db.count("Lead"), frappe.db.count("Lead Event")


def test_of_200_bookings_at_once_for_3_places_3_are_confirmed(google):
	requests = [creation(number) for number in range(1, REQUESTS + 1)]
	with ThreadPoolExecutor(REQUESTS) as threads:
		answers = list(threads.map(lambda request: google.ask("CreateBooking", request), requests))

	assert Counter(answer.status for answer in answers) == {200: REQUESTS}
	causes = Counter(answer.json.get("booking_failure", {}).get("cause", "booked") for answer in answers)
	assert causes == {"booked": PLACES, "SLOT_UNAVAILABLE": REQUESTS - PLACES}
	assert google.site.run(statuses) == {"Confirmed": PLACES}
	assert google.site.run(leads_and_events) == (PLACES, PLACES)


def test_one_request_sent_many_times_at_once_is_one_booking(google):
	requests = [creation()] * THREADS
	with ThreadPoolExecutor(THREADS) as threads:
		answers = list(threads.map(lambda request: google.ask("CreateBooking", request), requests))

	assert {answer.status for answer in answers} == {200}
	assert len({answer.body for answer in answers}) == 1
	assert google.site.run(statuses) == {"Confirmed": 1}
	assert google.site.run(leads_and_events) == (1, 1)


def test_moves_of_many_bookings_to_one_place_at_once_move_one(google):
	bookings = [
		google.ask("CreateBooking", creation(number, slot=slot(in_days(3 + number)))).json["booking"][
			"booking_id"
		]
		for number in range(1, 7)
	]
	google.site.run(frappe.db.set_value, "Bookable Service", REPAIR, "capacity", 1)
	google.site.run(frappe.clear_document_cache, "Bookable Service", REPAIR)
	moves = [{"booking": {"booking_id": booking, "slot": slot()}} for booking in bookings]
	with ThreadPoolExecutor(len(moves)) as threads:
		answers = list(threads.map(lambda move: google.ask("UpdateBooking", move), moves))
	causes = Counter(answer.json.get("booking_failure", {}).get("cause", "moved") for answer in answers)
	assert causes == {"moved": 1, "SLOT_UNAVAILABLE": len(bookings) - 1}


def test_each_method_is_found_with_and_without_a_slash(google):
	for path in ("{}", "{}/"):
		ask_everything(google, path)


def ask_everything(google: Google, path: str) -> None:
	assert google.request("GET", DOOR + path.format("HealthCheck")).status == 200
	made = google.ask("CreateBooking", creation(token=path), path)
	assert made.status == 200 and made.headers["Content-Type"] == "application/json"
	booking = made.json["booking"]["booking_id"]
	asked = {"merchant_id": MERCHANT, "slot_time": [{"service_id": REPAIR, "start_sec": slot()["start_sec"]}]}
	assert google.ask("BatchAvailabilityLookup", asked, path).json["slot_time_availability"][0]["available"]
	assert google.ask("CheckAvailability", {"slot": slot()}, path).json["count_available"] == PLACES - 1
	assert google.ask("GetBookingStatus", {"booking_id": booking}, path).json["booking_status"] == "CONFIRMED"
	listed = google.ask("ListBookings", {"user_id": "user-1"}, path).json["bookings"]
	assert booking in [entry["booking_id"] for entry in listed]
	cancelled = {"booking": {"booking_id": booking, "status": "CANCELED"}}
	assert google.ask("UpdateBooking", cancelled, path).json["booking"]["status"] == "CANCELED"


def test_who_signs_in_wrongly_gets_401_in_json(google):
	for key in ("key-of-google:wrong", "nobody:secret-of-google", "no colon", "a:b:c", ":"):
		stranger = Google(google.site, key)
		assert refused(stranger.ask("CreateBooking", creation()))[0] == 401, key
		assert refused(stranger.request("GET", DOOR + "HealthCheck/"))[0] == 401, key
		assert refused(stranger.request("GET", DOOR + "HealthCheck/", Accept="text/html"))[0] == 401, key
	assert refused(google.site.request("GET", DOOR + "HealthCheck/")) == (401, "not_signed_in")
	assert google.site.run(statuses) == {}


def test_a_user_without_a_channel_gets_403(google):
	google.site.run(delete_channels, MERCHANT)
	assert refused(google.ask("CreateBooking", creation())) == (403, "no_channel")


def test_wrong_addresses_and_verbs_are_refused_in_json(google):
	assert refused(google.ask("DeleteBooking", {})) == (404, "method_not_found")
	assert refused(google.request("POST", DOOR.replace("v3", "v2") + "CreateBooking", b"{}"))[0] == 404
	assert refused(google.request("GET", DOOR + "CreateBooking/")) == (405, "wrong_method")
	assert refused(google.ask("HealthCheck", {})) == (405, "wrong_method")
	assert refused(google.ask("GetBookingStatus", {"booking_id": "none"})) == (404, "booking_not_found")


def test_what_is_malformed_is_refused_in_json_and_named(google):
	for body in (b"{not json", b"", b"\xff\xfe", b"[1]", b'{"slot": NaN}'):
		assert refused(google.ask("CreateBooking", body))[0] == 400, body
	assert refused(google.ask("CreateBooking", b"7"))[0] == 422  # Frappe's own refusal, restated
	answer = google.ask("CreateBooking", creation(slot=slot(start_sec="soon")))
	assert refused(answer) == (400, "invalid")
	assert set(answer.json["fields"]) == {"slot.start_sec"}


@settings(
	max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
@given(
	method=st.sampled_from(METHODS),
	payload=st.dictionaries(st.sampled_from(NAMES), JSON, max_size=6) | JSON,
	name=st.sampled_from((*NAMES, *PARTS)),
	value=JSON,
)
def test_whatever_is_sent_is_answered_in_json_and_never_by_a_broken_server(
	google, method, payload, name, value
):
	odd = creation()
	for part in (odd, odd["slot"], odd["user_information"]):
		if name in part:
			part[name] = value
	for answer in (google.ask(method, payload), google.ask("CreateBooking", odd)):
		assert answer.status < 500
		assert answer.headers["Content-Type"] == "application/json"


def test_a_partner_sees_nothing_through_any_other_door(google):
	booking = google.ask("CreateBooking", creation()).json["booking"]["booking_id"]
	lead = google.site.run(frappe.db.get_value, "Booking", booking, "lead")
	doors = [
		f"/api/resource/Booking/{booking}",
		"/api/resource/Booking",
		"/api/resource/Booking Claim",
		"/api/resource/Bookable Service",
		"/api/resource/Lead Channel",
		"/api/resource/Lead Event",
		f"/api/resource/Lead/{lead}",
		f"/api/method/frappe.client.get?doctype=Booking&name={booking}",
		"/api/method/frappe.client.get_list?doctype=Booking",
		"/api/method/frappe.client.get_count?doctype=Booking",
		"/api/method/frappe.desk.search.search_link?doctype=Booking&txt=",
		'/api/method/frappe.desk.reportview.get?doctype=Booking&fields=["name"]',
		f"/api/method/frappe.desk.form.load.getdoc?doctype=Booking&name={booking}",
		f"/api/method/lead_inbox.api.bookings.get_bookings?lead={lead}",
		"/api/method/lead_inbox.api.desk.get_leads",
	]
	for door in doors:
		answer = google.request("GET", door)
		assert answer.status >= 400, door
		assert lead not in answer.body.decode() and "naree" not in answer.body.decode().lower(), door
