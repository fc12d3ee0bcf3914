"""ServiceTitan, both ways, against a server that keeps its bookings: BO-6."""

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import frappe
import pytest
from frappe.utils import get_system_timezone, now_datetime

from lead_inbox.bookings import booking as bookings
from lead_inbox.bookings.partners import accounts, partner_sync, polling
from lead_inbox.bookings.partners.service_titan_client import PartnerError
from lead_inbox.tests.doubles.service_titan import APP_KEY, CLIENT_SECRET, DROP, service_titan
from lead_inbox.tests.integration.builders import make_channel, make_user, process_all

SECRETS = (CLIENT_SECRET, APP_KEY, "tk_very-secret")


@pytest.fixture
def partner():
	with service_titan() as running:
		running.changed_on = utc(now_datetime())
		yield running


@pytest.fixture
def channel(partner):
	made = make_channel(
		"ServiceTitan",
		"ServiceTitan",
		partner_url=partner.url,
		partner_sign_in_url=partner.url + "/token",
		partner_tenant="7",
		partner_provider_id="9",
		partner_client_id="ci",
		partner_client_secret=CLIENT_SECRET,
		partner_app_key=APP_KEY,
	)
	frappe.db.commit()  # what goes wrong with a partner is undone
	return made


def utc(moment):
	aware = moment.replace(tzinfo=ZoneInfo(get_system_timezone()))
	return aware.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def tomorrow(hour=10):
	return (now_datetime() + timedelta(days=1)).replace(hour=hour, minute=0, second=0, microsecond=0)


def read(channel):
	polling.poll_all()
	process_all()


def booking_of(external_id):
	return frappe.get_doc("Booking", {"channel": "ServiceTitan", "external_id": str(external_id)})


@pytest.fixture
def booked(partner, channel):
	"""A booking of the partner's that has been read."""
	partner.put(1, name="Naree Phan", summary="It drips", start=utc(tomorrow()))
	partner.contacts["1"] = [{"type": "MobilePhone", "value": "+14155550123"}]
	read(channel)
	return booking_of(1)


def tell():
	assert partner_sync.tell_due(60)


def make_due(booking):
	"""As if the waiting time had passed."""
	frappe.db.set_value("Booking", booking.name, "partner_due_on", now_datetime() - timedelta(seconds=1))


def state_of(booking):
	fields = ["partner_state", "partner_error", "partner_attempts", "partner_due_on"]
	return frappe.db.get_value("Booking", booking.name, fields, as_dict=True)


class TestReading:
	def test_a_booking_becomes_a_lead_with_a_booking(self, booked):
		lead = frappe.get_doc("Lead", booked.lead)
		assert (lead.lead_name, lead.inbox_type, lead.inbox_status) == ("Naree Phan", "Booking", "Booked")
		assert lead.phone == "+14155550123"
		assert (booked.starts_on, booked.service_text) == (tomorrow(), "It drips")

	def test_reading_again_finds_nothing_new(self, partner, channel, booked):
		before = len(partner.asked("GET"))
		assert polling.poll(channel) == 0
		assert len(partner.asked("GET")) == before + 1
		assert frappe.db.count("Lead Event", {"channel": channel.name}) == 1

	def test_all_pages_are_read(self, partner, channel):
		partner.page_size = 2
		for number in range(5):
			partner.put(number + 1, name=f"Customer {number}", start=utc(tomorrow()))
		assert polling.poll(channel) == 5

	def test_what_the_partner_moves_moves_and_what_it_dismisses_is_cancelled(self, partner, channel, booked):
		partner.changed_on = utc(now_datetime() + timedelta(minutes=1))
		partner.put(1, start=utc(tomorrow(15)))
		read(channel)
		assert booking_of(1).starts_on == tomorrow(15)

		partner.changed_on = utc(now_datetime() + timedelta(minutes=2))
		partner.put(1, status="Dismissed")
		read(channel)
		assert (booking_of(1).status, booking_of(1).source_status) == ("Cancelled", "Dismissed")
		assert frappe.db.count("Lead Message", {"lead": booked.lead, "kind": "Booking"}) == 1
		tell()
		assert not partner.asked("PATCH") + partner.asked("POST"), "The partner is not told what it told us."

	def test_a_booking_without_a_time_is_a_lead_until_it_has_one(self, partner, channel):
		partner.put(2, name="No Time")
		read(channel)
		lead = frappe.db.get_value("Lead", {"lead_name": "No Time"})
		assert lead and not frappe.db.exists("Booking", {"lead": lead})
		partner.changed_on = utc(now_datetime() + timedelta(minutes=1))
		partner.put(2, start=utc(tomorrow()))
		read(channel)
		assert booking_of(2).lead == lead

	def test_what_was_dismissed_before_the_channel_was_set_up_is_no_lead(self, partner, channel):
		partner.put(3, name="Long Gone", status="Dismissed")
		read(channel)
		assert not frappe.db.exists("Lead", {"lead_name": "Long Gone"})

	def test_only_what_has_changed_since_is_asked_for(self, partner, channel, booked):
		until = frappe.db.get_value("Lead Channel", channel.name, "partner_polled_until")
		assert abs(until - now_datetime()) < timedelta(minutes=1)
		polling.poll(channel)
		wanted = utc(until - polling.OVERLAP).replace(":", "%3A")
		assert wanted in partner.asked("GET")[-1]

	@pytest.mark.parametrize("values", [{"enabled": 0}, {"paused_until": "2999-01-01"}])
	def test_a_channel_that_takes_nothing_is_not_read(self, partner, channel, values):
		channel.update(values).save()
		partner.put(1, name="Naree Phan")
		polling.poll_all()
		assert not partner.requests

	def test_a_token_that_has_expired_is_replaced(self, partner, channel):
		client = accounts.client_of(channel)
		partner.put(1, name="Naree Phan")
		since = datetime(2020, 1, 1, tzinfo=timezone.utc)
		assert len(next(client.bookings(since))) == 1
		partner.expire_tokens()
		assert len(next(client.bookings(since))) == 1
		assert partner.tokens[-1].startswith("tk_")

	def test_trouble_at_one_partner_leaves_the_others_and_the_next_time(self, partner, channel):
		partner.put(1, name="Naree Phan")
		make_channel("Broken", "ServiceTitan", partner_url="http://127.0.0.1:9")
		frappe.db.commit()
		partner.trouble = [(500, {})]
		read(channel)
		assert not frappe.db.get_value("Lead Channel", channel.name, "partner_polled_until")
		read(channel)
		assert frappe.db.exists("Lead", {"lead_name": "Naree Phan"})

	def test_wrong_credentials_are_told_once_and_never_shown(self, partner, channel):
		manager = make_user("manager@company.example", "Sales Manager")
		channel.partner_client_secret = "cs_wrong-secret"
		channel.save()
		frappe.cache.delete(frappe.cache.make_key(f"lead_inbox_partner_warned:{channel.name}"))
		polling.poll_all()
		polling.poll_all()
		notices = frappe.get_all(
			"Notification Log",
			filters={"for_user": manager, "document_name": channel.name},
			fields=["subject", "email_content"],
			order_by="creation asc",
		)
		assert len(notices) == 1 and "Client Secret" in notices[0].subject
		assert "wrong-secret" not in str(notices)


class TestTelling:
	def test_a_move_reaches_the_partner(self, partner, booked):
		bookings.reschedule(booked.name, tomorrow(16), by_hand=True)
		assert state_of(booked).partner_state == "Waiting"
		tell()
		assert partner.bookings["1"]["start"] == utc(tomorrow(16))
		assert state_of(booked).partner_state == "Told"
		tell()
		assert len(partner.asked("PATCH")) == 1

	def test_a_cancellation_reaches_the_partner_with_its_reason(self, partner, booked):
		bookings.cancel(booked.name, "The customer called")
		tell()
		told = partner.bookings["1"]
		assert (told["status"], told["memo"]) == ("Dismissed", "The customer called")

	def test_what_comes_back_of_our_own_change_changes_nothing(self, partner, channel, booked):
		bookings.reschedule(booked.name, tomorrow(16), by_hand=True)
		partner.changed_on = utc(now_datetime() + timedelta(minutes=1))
		tell()
		revision = booking_of(1).revision
		read(channel)
		assert (booking_of(1).starts_on, booking_of(1).revision) == (tomorrow(16), revision)
		tell()
		assert len(partner.asked("PATCH")) == 1

	def test_other_news_before_we_told_do_not_undo_our_move(self, partner, channel, booked):
		bookings.reschedule(booked.name, tomorrow(16), by_hand=True)
		partner.changed_on = utc(now_datetime() + timedelta(minutes=1))
		partner.put(1, status="Accepted")
		read(channel)
		assert booking_of(1).starts_on == tomorrow(16)
		tell()
		assert partner.bookings["1"]["start"] == utc(tomorrow(16))

	@pytest.mark.parametrize("trouble", [(500, {}), (503, {}), (DROP, {})])
	def test_trouble_that_passes_is_waited_for(self, partner, booked, trouble):
		partner.trouble = [trouble]
		bookings.reschedule(booked.name, tomorrow(16), by_hand=True)
		tell()
		state = state_of(booked)
		assert (state.partner_state, state.partner_attempts) == ("Waiting", 1)
		assert state.partner_error
		assert timedelta(seconds=30) < state.partner_due_on - now_datetime() <= timedelta(seconds=60)
		make_due(booked)
		tell()
		state = state_of(booked)
		assert (state.partner_state, state.partner_error) == ("Told", None)
		assert partner.bookings["1"]["start"] == utc(tomorrow(16))

	def test_the_partner_may_say_how_long_to_wait(self, partner, booked):
		partner.trouble = [(429, {"Retry-After": "1200"})]
		bookings.reschedule(booked.name, tomorrow(16), by_hand=True)
		tell()
		assert state_of(booked).partner_due_on - now_datetime() > timedelta(minutes=19)

	@pytest.mark.parametrize("status", [400, 404, 409])
	def test_what_the_partner_refuses_for_good_is_shown_on_the_booking(self, partner, booked, status):
		partner.trouble = [(status, {})]
		bookings.reschedule(booked.name, tomorrow(16), by_hand=True)
		tell()
		state = state_of(booked)
		assert state.partner_state == "Failed" and "ServiceTitan" in state.partner_error
		tell()
		assert len(partner.asked("PATCH")) == 1

	def test_after_the_last_attempt_it_is_given_up(self, partner, booked):
		partner.trouble = [(500, {})] * 20
		bookings.reschedule(booked.name, tomorrow(16), by_hand=True)
		for _attempt in range(10):
			make_due(booked)
			tell()
		state = state_of(booked)
		assert (state.partner_state, state.partner_attempts) == ("Failed", 7)
		assert len(partner.asked("PATCH")) == 7

	def test_a_job_that_dies_before_it_has_noted_the_answer_does_no_harm(self, partner, booked, monkeypatch):
		class Killed(BaseException):
			pass

		def die(*_arguments):
			raise Killed

		bookings.cancel(booked.name, "The customer called")
		with monkeypatch.context() as patched:
			patched.setattr(partner_sync, "_settle", die)
			with pytest.raises(Killed):
				partner_sync.tell_due(60)
		assert partner.bookings["1"]["status"] == "Dismissed"
		tell()
		assert state_of(booked).partner_state == "Waiting", "Nobody else takes it up at once."
		make_due(booked)
		tell()
		assert state_of(booked).partner_state == "Told"

	def test_what_changes_while_we_tell_it_is_told_anew(self, partner, booked, monkeypatch):
		say = partner_sync._say

		def say_and_move(channel, row):
			say(channel, row)
			if row.starts_on == tomorrow(16):
				bookings.reschedule(booked.name, tomorrow(17), by_hand=True)
				frappe.db.commit()

		monkeypatch.setattr(partner_sync, "_say", say_and_move)
		bookings.reschedule(booked.name, tomorrow(16), by_hand=True)
		tell()
		make_due(booked)
		tell()
		assert partner.bookings["1"]["start"] == utc(tomorrow(17))
		assert state_of(booked).partner_state == "Told"

	def test_a_partner_that_took_a_booking_away_is_not_asked_again(self, partner, booked):
		del partner.bookings["1"]
		bookings.cancel(booked.name, "The customer called")
		tell()
		assert state_of(booked).partner_state == "Failed"

	def test_a_booking_of_our_own_is_nothing_to_the_partner(self, partner, booked):
		own = bookings.book(
			bookings.Request(
				service_text="Own", starts_on=tomorrow(20), lead=booked.lead, by_hand=True, notify=False
			)
		)
		bookings.cancel(own, "Not needed", notify=False)
		tell()
		assert not partner.asked("PATCH") and not partner.asked("POST")

	def test_a_partner_without_an_interface_is_told_nothing(self):
		make_channel("Scorpion", "Booking Form")
		name = bookings.book(
			bookings.Request(
				service_text="Tap",
				starts_on=tomorrow(),
				customer_name="Ada",
				channel="Scorpion",
				external_id="1",
				origin=bookings.Origin.PARTNER,
				notify=False,
			)
		)
		bookings.cancel(name, "Not needed", notify=False)
		assert not frappe.db.get_value("Booking", name, "partner_state")


@pytest.mark.parametrize(
	"url", ["http://127.0.0.1:9", "http://[::1", "nonsense://x", "http://127.0.0.1:99999", "http://a..b"]
)
def test_no_secret_gets_into_an_error_or_a_log(partner, channel, url):
	channel.update({"partner_url": url, "partner_sign_in_url": url})
	client, title = accounts.client_of(channel), frappe.generate_hash()
	try:
		next(client.bookings(datetime(2020, 1, 1, tzinfo=timezone.utc)))
	except PartnerError as error:
		frappe.log_error(title)
		shown = f"{error!r}{client!r}{client._account!r}"
	(logged,) = frappe.get_all("Error Log", filters={"method": title}, pluck="error")
	assert "PartnerError" in logged
	for secret in SECRETS:
		assert secret not in shown + logged


def test_a_channel_that_is_not_filled_in_says_what_is_missing():
	channel = make_channel("ServiceTitan", "ServiceTitan", partner_tenant="7")
	with pytest.raises(PartnerError, match="Client Secret"):
		accounts.client_of(channel)


def test_a_redirect_is_not_followed(partner, channel):
	partner.trouble = [(302, {"Location": f"{partner.url}/steal"})]
	with pytest.raises(PartnerError):
		polling.poll(channel)
	assert len(partner.requests) == 1
