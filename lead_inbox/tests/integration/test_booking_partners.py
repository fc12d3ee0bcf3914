"""Appointments that partners send: BO-6."""

import hashlib
import hmac
import json
import time
from datetime import timedelta

import frappe
import pytest
from frappe.utils import now_datetime
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from lead_inbox.api.v1 import housecall_pro, webhook
from lead_inbox.bookings import booking as bookings
from lead_inbox.inbox import conversation, events, intake
from lead_inbox.inbox.contact import consent
from lead_inbox.inbox.replies import outbox
from lead_inbox.tests.integration.booking_builders import make_service
from lead_inbox.tests.integration.builders import (
	SECRET,
	arrive,
	arrive_event,
	make_channel,
	process_all,
	signed_headers,
	state_of,
)

FORM = "Booking Form"
HCP_SECRET = "hcp-secret"


def tomorrow(hour=10):
	return (now_datetime() + timedelta(days=1)).replace(hour=hour, minute=0, second=0, microsecond=0)


def stamp(moment):
	"""A moment of site time as a partner writes it; naive, thus in the channel's zone."""
	return moment.isoformat(sep=" ")


@pytest.fixture
def form():
	channel = make_channel("Scorpion", FORM, signing_secret=SECRET)
	frappe.db.commit()  # a door undoes what it refuses
	return channel


def appointment(**values):
	return {
		"id": "apt-7",
		"name": "Naree Phan",
		"phone": "+14155550123",
		"message": "The tap drips",
		"service": "Tap repair",
		"starts_at": stamp(tomorrow(10)),
		**values,
	}


def come(changed=0, **values):
	"""Let an appointment arrive by the form. changed: the hour, from now, at which the sender changed it."""
	on = now_datetime().replace(microsecond=0) + timedelta(hours=changed - 20)
	return arrive("Scorpion", None, **appointment(occurred_at=stamp(on), **values))


def booking_of(lead):
	names = frappe.get_all("Booking", filters={"lead": lead}, pluck="name", order_by="name asc")
	assert len(names) == 1
	return frappe.get_doc("Booking", names[0])


def remarks(lead):
	filters = {"lead": lead, "kind": "Note"}
	return frappe.get_all("Lead Message", filters=filters, pluck="content", order_by="creation asc")


def test_an_appointment_becomes_a_booking_lead_with_a_booking(form):
	lead = come()
	booking = booking_of(lead)

	assert frappe.db.get_value("Lead", lead, "inbox_type") == "Booking"
	assert state_of(lead)[0] == "Booked"
	assert (booking.status, booking.origin, booking.channel) == ("Confirmed", "Partner", "Scorpion")
	assert (booking.starts_on, booking.ends_on) == (tomorrow(10), tomorrow(11))
	assert (booking.service, booking.service_text) == (None, "Tap repair")
	assert booking.notes == "The tap drips"
	assert frappe.db.count("Lead Message", {"lead": lead, "kind": "Booking"}) == 1


@pytest.mark.parametrize("said", ["DRAIN cleaning", "drain-item"])
def test_a_service_is_known_by_its_name_or_its_item(form, said):
	service = make_service("Drain Cleaning")
	item = frappe.db.get_value("Bookable Service", service, "item")
	lead = come(service=item.upper() if said == "drain-item" else said)
	assert (booking_of(lead).service, booking_of(lead).service_text) == (service, None)


def test_the_same_again_changes_nothing(form):
	lead = come()
	before = booking_of(lead).as_dict()
	assert come() == lead
	assert come(changed=1, status="accepted") == lead

	booking = booking_of(lead)
	assert (booking.revision, booking.starts_on) == (before.revision, before.starts_on)
	assert booking.source_status == "accepted"
	assert frappe.db.count("Lead Message", {"lead": lead, "kind": "Booking"}) == 1


def test_a_later_event_moves_it_and_an_older_one_does_not(form):
	lead = come()
	come(changed=2, starts_at=stamp(tomorrow(14)))
	come(changed=1, starts_at=stamp(tomorrow(9)))

	booking = booking_of(lead)
	assert (booking.starts_on, booking.ends_on) == (tomorrow(14), tomorrow(15))


def test_a_cancellation_cancels_it_and_what_was_said_before_does_not_bring_it_back(form):
	lead = come()
	come(changed=2, status="Cancelled")
	assert (booking_of(lead).status, state_of(lead)[0]) == ("Cancelled", "Active")

	come(changed=1, starts_at=stamp(tomorrow(9)))
	assert booking_of(lead).status == "Cancelled"


def test_a_cancellation_that_arrives_first_leaves_nothing_booked(form):
	lead = come(changed=2, status="Cancelled")
	come(changed=1)
	assert frappe.db.count("Booking", {"lead": lead}) == 0
	assert any("Cancelled" in remark for remark in remarks(lead))


def test_a_cancelled_one_that_is_taken_up_again_is_remarked_on(form):
	lead = come()
	come(changed=1, status="Cancelled")
	come(changed=2, status="Booked", starts_at=stamp(tomorrow(12)))
	assert booking_of(lead).status == "Cancelled"
	assert any("Book it anew" in remark for remark in remarks(lead))


def test_a_time_that_we_gave_it_is_not_undone_by_other_news(form):
	lead = come()
	bookings.reschedule(booking_of(lead).name, tomorrow(16), by_hand=True)
	come(changed=1, status="accepted")
	assert booking_of(lead).starts_on == tomorrow(16)


def test_a_move_of_what_is_cancelled_here_is_remarked_on(form):
	lead = come()
	bookings.cancel(booking_of(lead).name, "The customer called")
	come(changed=1, starts_at=stamp(tomorrow(16)))
	assert booking_of(lead).status == "Cancelled"
	assert any("it is Cancelled here" in remark for remark in remarks(lead))


def test_a_time_comes_later(form):
	lead = come(starts_at=None)
	assert frappe.db.count("Booking", {"lead": lead}) == 0
	come(changed=1)
	assert booking_of(lead).starts_on == tomorrow(10)


def test_without_contact_data_it_is_a_booking_all_the_same(form):
	lead = come(name=None, phone=None)
	assert "apt-7" in frappe.db.get_value("Lead", lead, "lead_name")
	assert booking_of(lead).status == "Confirmed"
	assert come(changed=1, name=None, phone=None, starts_at=stamp(tomorrow(12))) == lead
	assert booking_of(lead).starts_on == tomorrow(12)


def test_it_is_booked_over_the_capacity_and_in_the_past(form):
	service = make_service("Drain Cleaning", capacity=1)
	leads = [come(id=f"apt-{number}", phone=f"+1415555010{number}", service=service) for number in range(3)]
	assert [booking_of(lead).status for lead in leads] == ["Confirmed"] * 3

	begun = come(id="begun", phone="+14155550199", starts_at=stamp(now_datetime() - timedelta(hours=1)))
	assert booking_of(begun).status == "Confirmed"


def test_two_appointments_of_one_person_are_two_bookings(form):
	lead = come()
	assert come(id="apt-8", starts_at=stamp(tomorrow(15))) == lead
	assert frappe.db.count("Booking", {"lead": lead}) == 2


def test_an_appointment_by_a_signed_standard_event_is_booked_too():
	make_channel()
	lead = arrive(
		type="booking", name="Ada", phone="+14155550177", starts_at=stamp(tomorrow()), booking_id="b1"
	)
	assert booking_of(lead).external_id == "b1"


class TestCallInstead:
	def test_messages_are_not_offered(self, form):
		choices = conversation.show(come())["reply"]
		for way in ("email", "sms"):
			assert not choices[way]["possible"]
			assert "Call" in choices[way]["why"] and "Scorpion" in choices[way]["why"]

	def test_nothing_goes_out_by_itself(self, form):
		lead = come(email="naree@example.com")
		assert consent.refusal(consent.facts(lead), "Email")
		assert not consent.refusal(consent.facts(lead), "Call")
		with pytest.raises(outbox.ContactRefused):
			outbox.submit(lead, "Email", "See you tomorrow", automated=True)

	def test_a_customer_who_writes_to_us_is_answered(self, form):
		lead = come(email="naree@example.com")
		make_channel("Site")
		assert arrive("Site", type="message", email="naree@example.com", message="Which entrance?") == lead
		assert conversation.show(lead)["reply"]["email"]["possible"]
		assert not consent.refusal(consent.facts(lead), "Email")

	def test_others_are_not_concerned(self):
		make_channel()
		lead = arrive(type="booking", name="Ada", email="ada@example.com", starts_at=stamp(tomorrow()))
		assert conversation.show(lead)["reply"]["email"]["possible"]


@pytest.fixture
def housecall():
	channel = make_channel("Housecall", "Housecall Pro", signing_secret=HCP_SECRET)
	frappe.db.commit()  # a door undoes what it refuses
	return channel


def post(door, path, body, headers):
	"""Knock at a door of this process, in the test's own transaction."""
	builder = EnvironBuilder(
		method="POST",
		path=path,
		data=body,
		headers={"Content-Type": "application/json", **headers},
	)
	frappe.local.request = Request(builder.get_environ())
	try:
		answer = door.receive()
	finally:
		frappe.local.request = None
	return answer.status_code, json.loads(answer.get_data())


def send(payload, channel="Housecall", secret=HCP_SECRET, age=0):
	body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
	at = str(int(time.time()) - age)
	signature = hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
	headers = {"api-timestamp": at, "api-signature": signature}
	path = f"/api/method/lead_inbox.api.v1.housecall_pro.receive/{channel}"
	return post(housecall_pro, path, body, headers)


HCP_CUSTOMER = {"id": "cus_1", "first_name": "Naree", "last_name": "Phan", "mobile_number": "+14155550123"}


def hcp_lead(event="lead.created", **values):
	return {
		"event": event,
		"event_occurred_at": "2026-11-25T10:30:00Z",
		"company_id": "com_1",
		"lead": {"id": "lead_1", "customer": HCP_CUSTOMER, "note": "It drips", "status": "open", **values},
	}


def hcp_job(event="job.scheduled", hour=10, minute=0):
	return {
		"event": event,
		"event_occurred_at": f"2026-11-25T11:{minute:02}:00Z",
		"company_id": "com_1",
		"job": {
			"id": "job_1",
			"customer": HCP_CUSTOMER,
			"description": "Drain",
			"work_status": "scheduled",
			"schedule": {
				"scheduled_start": stamp(tomorrow(hour)),
				"scheduled_end": stamp(tomorrow(hour + 1)),
			},
		},
	}


class TestHousecallPro:
	def test_a_lead_and_its_job(self, housecall):
		status, answer = send(hcp_lead())
		assert status == 202 and answer["event"]
		assert send(hcp_lead()) == (200, answer)
		process_all()
		lead = frappe.db.get_value("Lead Event", answer["event"], "lead")
		assert frappe.db.get_value("Lead", lead, ["lead_name", "inbox_type"]) == ("Naree Phan", "Booking")
		assert frappe.db.count("Booking", {"lead": lead}) == 0

		send(hcp_job())
		process_all()
		assert booking_of(lead).starts_on == tomorrow(10)

		send(hcp_job("job.updated", hour=13, minute=10))
		send(hcp_job("job.canceled", hour=13, minute=20))
		process_all()
		booking = booking_of(lead)
		assert (booking.starts_on, booking.status) == (tomorrow(13), "Cancelled")

	def test_a_lead_that_is_lost_is_remarked_on(self, housecall):
		send(hcp_lead())
		send(hcp_lead("lead.lost"))
		process_all()
		lead = frappe.db.get_value("Lead", {"lead_name": "Naree Phan"})
		assert any("lost" in remark for remark in remarks(lead))

	def test_a_ping_and_what_is_about_something_else_are_answered_and_not_kept(self, housecall):
		assert send({}) == (200, {})
		assert send({"foo": "bar"}) == (200, {})
		assert send({"event": "invoice.paid", "invoice": {"id": "1"}}) == (200, {"ignored": "invoice"})
		assert frappe.db.count("Lead Event", {"channel": "Housecall"}) == 0

	@pytest.mark.parametrize(
		("options", "code"), [({"secret": "other"}, "signature_invalid"), ({"age": 400}, "timestamp_expired")]
	)
	def test_others_are_turned_away(self, housecall, options, code):
		status, answer = send(hcp_lead(), **options)
		assert (status, answer["code"]) == (401, code)
		assert send({}, **options)[0] == 401
		assert frappe.db.count("Lead Event", {"channel": "Housecall"}) == 0

	def test_what_can_not_be_used(self, housecall):
		assert send(b"{not json")[0] == 400
		assert send([])[1]["code"] == "invalid"
		assert send({"event": "lead.created"})[1]["fields"] == {
			"lead.id": "This field is missing. Send it with every event."
		}
		assert send(hcp_lead(), channel="Nobody")[0] == 404

	def test_a_channel_needs_its_secret(self):
		with pytest.raises(frappe.ValidationError, match="Signing Secret"):
			make_channel("Housecall", "Housecall Pro")


class TestTheForm:
	def test_its_door_is_the_signed_one(self, form):
		body = json.dumps(appointment()).encode()
		path = "/api/method/lead_inbox.api.v1.webhook.receive/Scorpion"
		status, answer = post(webhook, path, body, signed_headers(body, "delivery-1"))
		assert status == 202
		process_all()
		assert booking_of(frappe.db.get_value("Lead Event", answer["event"], "lead")).external_id == "apt-7"
		assert (
			post(webhook, path, body, {**signed_headers(body, "d"), "webhook-signature": "v1,AA"})[0] == 401
		)

	def test_its_address_and_secret_are_made_with_the_channel(self):
		channel = make_channel("Scorpion", FORM)
		assert channel.get_password("signing_secret").startswith("whsec_")
		assert channel.door_url.endswith("/api/method/lead_inbox.api.v1.webhook.receive/Scorpion")

	def test_its_names_are_mapped(self):
		rows = [
			{"source_path": "apt.ref", "target_field": "id"},
			{"source_path": "apt.at", "target_field": "starts_at"},
			{"source_path": "apt.until", "target_field": "ends_at"},
			{"source_path": "who", "target_field": "name"},
		]
		make_channel("Scorpion", FORM, signing_secret=SECRET, field_map=rows)
		times = {"at": stamp(tomorrow(8)), "until": stamp(tomorrow(12))}
		lead = arrive("Scorpion", who="Naree", apt={"ref": 9, **times})
		booking = booking_of(lead)
		assert (booking.external_id, booking.ends_on) == ("9", tomorrow(12))

	def test_an_event_that_can_not_be_read_any_more_does_not_stop_the_next(self, form):
		lead = come()
		frappe.db.set_value("Lead Event", {"lead": lead}, "payload", '{"id": {}}')
		name = arrive_event("Scorpion", None, **appointment(starts_at=stamp(tomorrow(18))))
		assert frappe.db.get_value("Lead Event", name, "status") == events.PROCESSED
		assert booking_of(lead).starts_on == tomorrow(18)


def test_an_event_is_processed_once_however_often_it_is_tried(form):
	name = arrive_event("Scorpion", "d1", **appointment())
	frappe.db.set_value("Lead Event", name, "status", events.RECEIVED)
	intake.process(name)
	assert frappe.db.count("Booking", {"channel": "Scorpion"}) == 1
