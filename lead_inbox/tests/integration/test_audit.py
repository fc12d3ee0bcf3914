"""The audit of an export tells what the app shows of the same events: states, waits, threads, response times."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import frappe
import pytest
from frappe.utils import get_system_timezone
from freezegun import freeze_time

from lead_inbox.audit.auditing import audit
from lead_inbox.audit.settings import Settings
from lead_inbox.inbox import aging
from lead_inbox.inbox.response import response_rates
from lead_inbox.inbox.response.channel_hours import calendar_of
from lead_inbox.inbox.rules import AgingDays
from lead_inbox.tests.integration.builders import arrive_event, make_channel, make_holiday_list, open_on

CHANNEL, FILE = "Partner", "events.jsonl"
BEGIN, AS_OF = datetime(2026, 9, 1, 8), datetime(2026, 11, 2, 12)
DAYS = AgingDays(unanswered=6, quiet=10)
PEOPLE, EVENTS = 40, 260
KINDS = ("message", "message", "form", "email", "sms", "call in", "missed", "call out", "reply", "reply")
WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


def events_of_people() -> Iterator[dict[str, Any]]:
	"""What people said and were answered over two months, in the order in which it happened.

	Some share a number or an address, some write in threads, some numbers have no country code.
	"""
	chance = random.Random(20)
	moments = sorted(BEGIN + timedelta(minutes=chance.randrange(60 * 24 * 61)) for _event in range(EVENTS))
	for number, moment in enumerate(moments):
		person = chance.randrange(PEOPLE)
		yield {
			"id": f"event-{number}",
			"occurred_at": moment.replace(tzinfo=ZoneInfo(get_system_timezone())).isoformat(),
			**who(person, chance),
			**what(chance.choice(KINDS), chance),
		}


def who(person: int, chance: random.Random) -> dict[str, str]:
	phone = f"+30 210 555 {person % 30:04}" if person % 3 else f"210 555 {person % 30:04}"
	by_phone, by_email = {"phone": phone}, {"email": f"Person{person % 35}@customer.example"}
	known = chance.choice([by_phone, by_email, {**by_phone, **by_email}, {}])
	thread = {"thread_id": f"thread-{person}"} if person % 4 == 0 or not known else {}
	return {"name": f"Person {person}", **known, **thread}


def what(kind: str, chance: random.Random) -> dict[str, Any]:
	if kind in ("call in", "missed", "call out"):
		answered = kind == "call in" or (kind == "call out" and chance.random() < 0.5)
		direction = "out" if kind == "call out" else "in"
		call = {"answered": answered, "direction": direction, "duration_seconds": 40 * answered}
		return {"type": "call", "call": call}
	if kind == "reply":
		return {"type": "message", "direction": "out", "message": "We will come on Monday."}
	return {"type": kind, "message": chance.choice(["Can you come?", "What does it cost?", "STOP"])}


@pytest.fixture
def channel() -> Any:
	frappe.get_doc("Lead Inbox Settings").update(
		{"days_unanswered": DAYS.unanswered, "days_quiet": DAYS.quiet}
	).save()
	return make_channel(
		CHANNEL,
		default_country="Greece",
		hours=open_on(*((day, "09:00:00", "17:30:00") for day in WEEK)),
		holiday_list=make_holiday_list(date(2026, 10, 28)),
	)


@pytest.fixture
def events(channel: Any) -> list[dict[str, Any]]:
	"""The events, after the site has received each in the moment in which it happened."""
	told = list(events_of_people())
	for event in told:
		with freeze_time(datetime.fromisoformat(event["occurred_at"])):
			aging.age_leads()
			arrive_event(CHANNEL, event["id"], **event)
	with freeze_time(as_of()):
		aging.age_leads()
	return told


def as_of() -> datetime:
	return AS_OF.replace(tzinfo=ZoneInfo(get_system_timezone()))


@pytest.fixture
def found(events: list[dict[str, Any]], tmp_path: Path) -> Iterator[Any]:
	"""The findings of the same events from a file, and their lists."""
	file = tmp_path / FILE
	lines = [json.dumps(event) for event in events]
	random.Random(3).shuffle(lines)
	file.write_text("\n".join(lines))
	calendar = calendar_of(CHANNEL)
	with audit([file], Settings(AS_OF, calendar, DAYS, "GR"), None) as audited:
		yield audited


def test_the_audit_tells_what_the_app_shows(found, tmp_path):
	findings, lists = found
	leads = frappe.get_all("Lead", {"inbox_channel": CHANNEL}, pluck="name", order_by="name asc")

	assert findings.leads == len(leads) > PEOPLE / 2
	assert {status: count for status, count in findings.states.items() if count} == counted(
		leads, "inbox_status"
	)
	assert {reason: count for reason, count in findings.reasons.items() if count} == counted(
		leads, "inbox_reason"
	)
	assert len({*findings.states} - {"Booked", "Declined"}) >= 4

	waiting = since_when(leads)
	assert sorted(row.since for row in lists.unanswered()) == sorted(waiting.values())
	assert findings.unanswered == len(waiting) > 0

	with freeze_time(as_of()):
		window = response_rates.last_days(days=90)
		(figures,) = response_rates.measure(window, "All")
	assert findings.counts == figures.counts
	first, later = findings.first_response, findings.replies
	assert (first.elapsed_median, first.elapsed_ninetieth) == (
		figures.elapsed_median,
		figures.elapsed_ninetieth,
	)
	assert (first.business_median, first.business_ninetieth) == (
		figures.business_median,
		figures.business_ninetieth,
	)
	assert later.elapsed_median == figures.later_median
	assert first.elapsed_ninetieth != first.business_ninetieth > 0

	lead_of_row = leads_by_row(tmp_path / FILE)
	groups = [{lead_of_row[part.row] for part in group.parts} for group in lists.joined()]
	assert len(groups) > 5 and {len(group) for group in groups} == {1}, "each is one lead in the app"
	assert len(set().union(*groups)) == len(groups) == findings.joined_leads, "no lead is told of twice"


def leads_by_row(file: Path) -> dict[int, str]:
	"""The app's lead of each line of the file, by its number."""
	ids = [json.loads(line)["id"] for line in file.read_text().splitlines()]
	return {row: frappe.db.get_value("Lead Event", {"event_id": id}, "lead") for row, id in enumerate(ids, 1)}


def counted(leads: list[str], field: str) -> dict[str, int]:
	values = frappe.get_all("Lead", {"name": ["in", leads]}, pluck=field, order_by="name asc")
	return dict(Counter(value for value in values if value))


def since_when(leads: list[str]) -> dict[str, datetime]:
	"""Since when the customers wait that the app says wait."""
	message = frappe.qb.DocType("Lead Message")
	rows = (
		frappe.qb.from_(message)
		.select(message.lead, message.sent_on)
		.where(message.lead.isin(leads) & (message.direction == "In") & message.answered_on.isnull())
		.where(message.call_status.isnull() | (message.call_status != "Answered"))
		.where(message.automated == 0)
		.orderby(message.sent_on)
	).run(as_dict=True)
	since: dict[str, datetime] = {}
	for row in rows:
		since.setdefault(row.lead, row.sent_on)
	return since
