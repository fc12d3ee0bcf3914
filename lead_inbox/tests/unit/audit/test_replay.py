"""An audit has the leads, states and waits that the inbox would have had."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.audit.settings import Settings
from lead_inbox.audit.told import Source, Told
from lead_inbox.channels.event import BookingDetails, LeadEvent, Person
from lead_inbox.inbox.match_rules import By
from lead_inbox.inbox.response.quantiles import quantile
from lead_inbox.inbox.response.wait_rules import as_counted
from lead_inbox.inbox.response.working_time import Calendar
from lead_inbox.inbox.rules import AgingDays, Happening, Status
from lead_inbox.tests.unit.audit.exports import (
	ANSWERED,
	AS_OF,
	ATHENS,
	MISSED,
	SETTINGS,
	audited,
	days_ago,
	told,
)
from lead_inbox.tests.unit.audit.plain_inbox import PlainInbox

PHONES = ("+306900000001", "6900000002", "+30 690 000 0003", "not a number")
EMAILS = ("ann@example.com", "Ann@Example.com", "bob@example.com", "nobody")
AFTERWARDS = (
	(),
	(Happening.REPLIED,),
	(Happening.BOOKED,),
	(Happening.DECLINED,),
	(Happening.CONVERTED,),
	(Happening.CONTACT_REFUSED,),
	(Happening.WENT_UNANSWERED, Happening.WENT_QUIET),
)
OFFICE = ((time(9), time(12)), (time(13), time(17, 30)))
CALENDARS = (Calendar(ATHENS, ATHENS), Calendar(ATHENS, ATHENS, ((OFFICE,) * 5 + ((),) * 2)))


@st.composite
def tellings(draw: st.DrawFn) -> Told:
	"""Events of few people at few moments, so that they meet; across the change to summer time."""
	on = datetime(2026, 3, 20, tzinfo=ATHENS) + timedelta(hours=draw(st.integers(0, 24 * 45)))
	direction = draw(st.sampled_from(("In", "In", "Out")))
	event = LeadEvent(
		external_id="",
		kind="Message",
		person=Person(
			phones=tuple(draw(st.lists(st.sampled_from(PHONES), max_size=3))),
			emails=tuple(draw(st.lists(st.sampled_from(EMAILS), max_size=2))),
		),
		thread_id=draw(st.sampled_from(("", "", "one", "two"))),
		direction=direction,
		occurred_on=on,
		text=draw(st.sampled_from(("Hello", "STOP", ""))),
		is_sms=draw(st.booleans()),
		call=draw(st.sampled_from((None, None, ANSWERED, MISSED))),
		charged=draw(st.sampled_from((None, None, True))),
		source_status=draw(st.sampled_from(("", "", "", "WIPED_OUT"))),
	)
	afterwards = draw(st.sampled_from(AFTERWARDS))
	touched = draw(st.none() | st.integers(0, 24 * 20))
	return Told(
		draw(st.sampled_from((Source.EVENTS, Source.LOCAL_SERVICES))),
		event,
		afterwards=afterwards,
		touched_on=None if touched is None else on + timedelta(hours=touched),
	)


@st.composite
def exports(draw: st.DrawFn) -> list[Told]:
	"""Each event has an id of its own."""
	found = draw(st.lists(tellings(), min_size=1, max_size=12))
	return [
		Told(one.source, _with_id(one.event, str(number)), one.afterwards, one.touched_on)
		for number, one in enumerate(found)
	]


def _with_id(event: LeadEvent, external_id: str) -> LeadEvent:
	return LeadEvent(**{**vars(event), "external_id": external_id})


@given(exports(), st.integers(1, 20), st.integers(1, 20), st.sampled_from(CALENDARS))
def test_the_replay_comes_to_what_the_inbox_would_have_done(
	events: list[Told], unanswered: int, quiet: int, calendar: Calendar
) -> None:
	settings = Settings(datetime(2026, 5, 10), calendar, AgingDays(unanswered, quiet), country="GR")
	events = [one for one in events if _touched_by(one, settings.as_of)]
	inbox = PlainInbox(settings)
	inbox.replay(events)
	found = audited(events, settings=settings).findings
	states = Counter(lead.status.value for lead in inbox.leads)
	reasons = Counter(lead.reason for lead in inbox.leads if lead.status in (Status.INACTIVE, Status.CLOSED))
	joins = Counter(inbox.joins)
	assert found.leads == len(inbox.leads)
	assert found.states == {status.value: states[status.value] for status in Status}
	assert found.reasons == reasons
	assert found.joins == {by.value: joins[by.value] for by in By}
	assert found.joined_leads == sum(lead.joined > 0 for lead in inbox.leads)
	assert found.counts.answered == sum(bool(lead.answered_on) for lead in inbox.leads)
	for waits, waited in ((found.first_response, inbox.first_responses), (found.replies, inbox.replies)):
		assert waits.count == len(waited)
		for place, figures in enumerate(
			(
				(waits.elapsed_median, waits.elapsed_ninetieth),
				(waits.business_median, waits.business_ninetieth),
			)
		):
			counted = sorted(Counter(as_counted(seconds[place]) for seconds in waited).items())
			assert figures == (quantile(counted, 0.5), quantile(counted, 0.9))


@given(exports(), st.sampled_from(CALENDARS))
def test_who_waits_and_since_when(events: list[Told], calendar: Calendar) -> None:
	settings = Settings(datetime(2026, 5, 10), calendar, AgingDays(15, 15), country="GR")
	events = [one for one in events if _touched_by(one, settings.as_of)]
	inbox = PlainInbox(settings)
	inbox.replay(events)
	waiting = [
		lead for lead in inbox.leads if lead.waiting and lead.status not in (Status.DECLINED, Status.CLOSED)
	]
	found = audited(events, settings=settings)
	expected = sorted(
		(min(lead.waiting), *inbox._waited(min(lead.waiting), settings.as_of), lead.status.value)
		for lead in waiting
	)
	listed = [(one.since, one.elapsed, one.business, one.status) for one in found.unanswered]
	assert sorted(listed) == expected
	assert [one.since for one in found.unanswered] == sorted(one.since for one in found.unanswered)
	assert found.findings.unanswered == len(expected)


def _touched_by(one: Told, as_of: datetime) -> bool:
	return not one.touched_on or one.touched_on <= as_of.replace(tzinfo=ATHENS)


def test_one_person_who_comes_by_two_sources_is_one_lead() -> None:
	found = audited(
		[
			told("1", days_ago(3), name="Ann", phones=["+30 690 0000001"], source=Source.LEAD_FORM),
			told("9", days_ago(2), name="A.", phones=["6900000001"], source=Source.LOCAL_SERVICES),
		]
	)
	assert found.findings.leads == found.findings.joined_leads == 1
	(joined,) = found.joined
	assert joined.label == "Ann"
	assert [(part.source, part.by, part.row) for part in joined.parts] == [
		("Google Ads lead form", "", 2),
		("Google Local Services", "phone", 3),
	]


def test_ids_of_two_sources_never_mean_one_lead() -> None:
	found = audited(
		[told("1", days_ago(2), thread_id="1"), told("1", days_ago(1), thread_id="1", source=Source.ERPNEXT)]
	)
	assert found.findings.leads == 2


def test_messages_of_one_conversation_are_no_duplicates() -> None:
	found = audited([told("1", days_ago(2), thread_id="t"), told("2", days_ago(1), thread_id="t")])
	assert found.findings.joins == {"thread": 1, "phone": 0, "e-mail": 0}
	assert (found.findings.joined_leads, found.joined) == (0, [])


def test_an_answer_in_the_minute_of_the_question_answers_it() -> None:
	found = audited(
		[
			told("2", days_ago(1), thread_id="t", direction="Out"),
			told("1", days_ago(1), thread_id="t"),
		]
	)
	assert found.unanswered == []
	assert found.findings.first_response.elapsed_median == 0


def test_a_status_of_the_source_is_an_answer_but_none_that_is_measured() -> None:
	found = audited([told("1", days_ago(2), thread_id="t", afterwards=(Happening.REPLIED,))])
	assert found.findings.states["Active"] == found.findings.counts.answered == 1
	assert found.findings.first_response.count == 0
	assert found.unanswered == []


def test_what_the_source_says_last_holds_whatever_was_said_before() -> None:
	found = audited(
		[
			told("1", days_ago(9), thread_id="t", afterwards=(Happening.WENT_UNANSWERED,)),
			told("2", days_ago(8), thread_id="t"),
		]
	)
	assert found.findings.states["Inactive"] == 1


def test_a_lead_that_was_touched_lately_has_not_come_to_rest() -> None:
	found = audited([told("1", days_ago(100), touched_on=days_ago(3))])
	assert found.findings.states["New"] == 1
	assert [(day.on, day.unanswered) for day in found.findings.aging if day.unanswered] == [
		(AS_OF.date() + timedelta(days=12), 1)
	]


def test_a_call_that_nobody_takes_does_not_wake_a_lead_that_had_come_to_rest_by_then() -> None:
	found = audited(
		[
			told("1", days_ago(41), thread_id="t"),
			told("2", days_ago(40), thread_id="t", direction="Out"),
			told("3", days_ago(10), thread_id="t", direction="Out", call=MISSED),
		]
	)
	assert found.findings.reasons == {"Quiet": 1}


def test_a_lead_touched_after_the_date_of_the_audit_counts_as_touched_then() -> None:
	lead = told("1", days_ago(100), touched_on=AS_OF + timedelta(days=50), afterwards=(Happening.REPLIED,))
	found = audited([lead], settings=replace(SETTINGS, days=AgingDays(5, 10))).findings
	assert found.states["Active"] == 1
	assert [day.on for day in found.aging if day.quiet] == [AS_OF.date() + timedelta(days=10)]


def test_a_returning_customer_wakes_a_closed_lead() -> None:
	found = audited(
		[
			told(
				"1",
				days_ago(9),
				phones=[PHONES[0]],
				touched_on=days_ago(5),
				afterwards=(Happening.CONVERTED,),
			),
			told("2", days_ago(2), phones=[PHONES[0]]),
		]
	)
	assert found.findings.states["Active"] == 1
	assert found.findings.by_source[0].converted == 1


def test_a_booking_holds_until_it_is_off() -> None:
	def booking(external_id: str, on: datetime, is_off: bool) -> Told:
		starts_on = AS_OF.replace(tzinfo=ATHENS)
		details = BookingDetails(
			"b", starts_on=starts_on, is_off=is_off, changed_on=on.replace(tzinfo=ATHENS)
		)
		return told(external_id, on, thread_id="b", kind="Booking", booking=details)

	first, second = booking("1", days_ago(3), False), booking("2", days_ago(1), True)
	assert audited([first]).findings.states["Booked"] == 1
	after = audited([first, second]).findings
	assert after.states["Active"] == 1
	assert (after.by_month[0].booked, after.tells_conversions) == (1, True)


def test_a_wiped_lead_has_nobody_s_name_and_number() -> None:
	found = audited(
		[
			told("1", days_ago(3), name="Ann", phones=[PHONES[0]], thread_id="t"),
			told("2", days_ago(2), thread_id="t", source_status="WIPED_OUT"),
			told("3", days_ago(1), name="Ann again", phones=[PHONES[0]]),
		]
	)
	assert [one.label for one in found.unanswered] == ["[erased]", "Ann again"]


def test_a_stop_of_a_stranger_is_set_aside() -> None:
	found = audited(
		[told("1", days_ago(1), text="STOP", is_sms=True, phones=[PHONES[0]]), told("2", days_ago(1))]
	)
	assert found.findings.leads == 1
	assert found.findings.files[0].set_aside == 1


def test_a_lead_that_just_came_may_still_be_answered_in_time() -> None:
	counts = audited([told("1", days_ago(0.5)), told("2", days_ago(2))]).findings.counts
	assert (counts.leads, counts.counted, counts.answered) == (2, 1, 0)


@pytest.mark.parametrize("label", ["Ann", "+306900000001", "ann@example.com", "Unknown"])
def test_a_lead_is_called_by_the_best_that_is_known(label: str) -> None:
	known = {
		"Ann": {"name": "Ann", "phones": PHONES[:1]},
		"+306900000001": {"phones": PHONES[:1], "emails": EMAILS[:1]},
		"ann@example.com": {"emails": ["Ann@example.com"]},
		"Unknown": {},
	}
	assert [one.label for one in audited([told("1", days_ago(1), **known[label])]).unanswered] == [label]


def test_times_of_many_zones_are_put_in_order_as_they_happened() -> None:
	asked, answered = (
		told("1", days_ago(1), thread_id="t"),
		told("2", days_ago(1), thread_id="t", direction="Out"),
	)
	later = (asked.event.occurred_on + timedelta(minutes=5)).astimezone(ZoneInfo("America/New_York"))
	answered = Told(answered.source, LeadEvent(**{**vars(answered.event), "occurred_on": later}))
	assert audited([answered, asked]).findings.first_response.elapsed_median == 300


def test_settings_of_the_audit_are_in_what_it_finds() -> None:
	found = audited([told("1", days_ago(1))]).findings
	assert (found.as_of, found.zone, found.days, found.hours) == (AS_OF, "Europe/Athens", (15, 15), "")
	assert SETTINGS.days == AgingDays(15, 15)
