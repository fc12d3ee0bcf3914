"""The time that is suggested for a scheduled reply: requirement RE-7."""

from __future__ import annotations

from datetime import datetime, timedelta

from frappe.utils import now_datetime

from lead_inbox.inbox import messages
from lead_inbox.inbox.replies import send_time
from lead_inbox.tests.integration.builders import arrive, closed_now, make_channel, make_lead


def say(lead: str, on: datetime, direction: str = "In", kind: str = "Message", **fields) -> None:
	external_id = f"{on} {direction} {kind}"
	messages.record(
		lead,
		lead_email=None,
		kind=kind,
		direction=direction,
		external_id=external_id,
		sent_on=on,
		**fields,
	)


def days_ago(days: int, hour: int) -> datetime:
	return now_datetime().replace(hour=hour, minute=20, second=0, microsecond=0) - timedelta(days=days)


def test_a_customer_is_written_to_at_the_hour_they_use_to_speak_to_us():
	lead = make_lead().name
	say(lead, days_ago(1, 7))
	say(lead, days_ago(2, 7))
	say(lead, days_ago(3, 7), "Out", "Call", call_status="Answered")
	for days in range(4, 12):  # what they did not do themselves is no habit
		say(lead, days_ago(days, 15), "Out")
		say(lead, days_ago(days, 16), "Out", "Call", call_status="Missed")
		say(lead, days_ago(days, 17), automated=1)
	found = send_time.suggest_for(lead)
	assert found["send_on"].hour == 7 and found["send_on"] > now_datetime()
	assert "usually answers around 07:00" in found["because"]


def test_a_new_customer_is_written_to_when_the_channel_opens():
	make_channel(hours=closed_now())
	found = send_time.suggest_for(arrive(type="message", name="Kim", message="Hi"))
	assert found["send_on"].hour == 9 and found["send_on"].minute == 0
	assert found["because"] == "We open then."


def test_a_lead_without_a_channel_is_written_to_in_an_hour():
	found = send_time.suggest_for(make_lead().name)
	assert timedelta(minutes=59) < found["send_on"] - now_datetime() <= timedelta(hours=1)
