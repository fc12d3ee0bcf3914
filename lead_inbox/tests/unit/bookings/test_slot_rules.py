"""When a service is free (BO-2): its hours, its limits, changing clocks, and what else there is to do."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lead_inbox.bookings.rules import Refusal
from lead_inbox.bookings.services import slot_rules
from lead_inbox.bookings.services.slot_rules import (
	TICK,
	Occupancy,
	Service,
	Slot,
	Span,
	Window,
	candidates,
	free_slot,
	held_by,
	hours_refusal,
)
from lead_inbox.inbox.response.working_time import Calendar, business_seconds
from lead_inbox.tests.unit.bookings.bookable_services import HOUR, NINE_TO_FIVE, service, services, weeks_of
from lead_inbox.tests.unit.inbox.calendars import ATHENS, KOLKATA, NEW_YORK, UTC

LONG_AGO = datetime(2025, 1, 1)
SITE_ZONES = (UTC, ATHENS)
HALF_HOUR = timedelta(minutes=30)
many = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def starts(
	of: Service, since: datetime, until: datetime, now: datetime = LONG_AGO, by_customer: bool = False
) -> list[datetime]:
	return [offer.starts_on for offer in candidates(of, Window(since, until, now, by_customer))]


def on(day: date, of: Service) -> list[str]:
	"""The times of day, as the site's clock shows them, of the starts on a day of the site's."""
	since = datetime.combine(day, time())
	return [f"{start:%H:%M}" for start in starts(of, since, since + timedelta(days=1))]


def weekly(zone: object, *hours: tuple[time, time], site_zone: object = None, **values: object) -> Calendar:
	return Calendar(zone, site_zone or zone, (tuple(hours),) * 7, **values)


def instants(slot: Slot | slot_rules.Candidate, of: Service) -> Span:
	return slot_rules.span_of(slot.starts_on, slot.ends_on, of.calendar.site_zone)


# Hours


def test_one_after_another_from_the_opening_to_the_last_that_fits():
	of = service(calendar=weekly(UTC, (time(9), time(12, 30))))
	assert on(date(2026, 6, 1), of) == ["09:00", "10:00", "11:00"]


def test_starts_closer_than_the_service_is_long():
	of = service(calendar=weekly(UTC, (time(9), time(11))), step=HALF_HOUR)
	assert on(date(2026, 6, 1), of) == ["09:00", "09:30", "10:00"]


def test_two_hours_of_a_day_each_begin_anew():
	of = service(calendar=weekly(UTC, (time(9), time(10, 30)), (time(13, 15), time(15, 15))))
	assert on(date(2026, 6, 1), of) == ["09:00", "13:15", "14:15"]


def test_over_midnight_where_both_days_are_open_then():
	of = service(calendar=weekly(UTC, (time(0), time(1)), (time(22, 30), time(0))))
	assert on(date(2026, 6, 1), of) == ["00:00", "22:30", "23:30"]


def test_none_on_a_holiday():
	of = service(calendar=weekly(UTC, *NINE_TO_FIVE, holidays=frozenset([date(2026, 6, 1)])))
	assert on(date(2026, 6, 1), of) == []
	assert len(on(date(2026, 6, 2), of)) == 8


def test_the_hours_are_those_of_the_services_zone():
	of = service(calendar=weekly(NEW_YORK, (time(9), time(11)), site_zone=ATHENS))
	assert on(date(2026, 6, 1), of) == ["16:00", "17:00"]


def test_an_opening_between_ticks_begins_at_the_next_one():
	of = service(calendar=weekly(UTC, (time(9, 2), time(11, 5))))
	assert on(date(2026, 6, 1), of) == ["09:05", "10:05"]


# Changing clocks


def test_no_start_in_the_hour_that_the_clocks_skip():
	of = service(calendar=Calendar(ATHENS, ATHENS))
	assert on(date(2026, 3, 29), of)[:5] == ["00:00", "01:00", "02:00", "04:00", "05:00"]


def test_the_hour_that_comes_twice_is_offered_once():
	of = service(calendar=Calendar(ATHENS, ATHENS), duration=HALF_HOUR)
	assert on(date(2026, 10, 25), of)[4:9] == ["02:00", "02:30", "03:00", "04:00", "04:30"]


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_the_hours_of_a_day_stay_the_same_when_the_clocks_change(day):
	of = service(calendar=weekly(ATHENS, *NINE_TO_FIVE))
	assert on(day, of) == [f"{hour:02}:00" for hour in range(9, 17)]


def test_clocks_that_change_elsewhere_move_the_start_as_the_site_sees_it():
	"""New York changes its clocks on 8 March 2026, Athens three weeks later."""
	of = service(calendar=weekly(NEW_YORK, (time(9), time(10)), site_zone=ATHENS))
	found = [on(date(2026, 3, day), of) for day in (7, 8, 28, 29)]
	assert found == [["16:00"], ["15:00"], ["15:00"], ["16:00"]]


# Limits


def test_what_has_begun_is_not_offered():
	of, day = service(calendar=weekly(UTC, *NINE_TO_FIVE)), datetime(2026, 6, 1)
	assert starts(of, day, day + timedelta(days=1), now=day.replace(hour=15)) == [day.replace(hour=16)]


def test_notice_and_days_ahead_bind_customers_only():
	of = service(calendar=weekly(UTC, *NINE_TO_FIVE), lead_time=2 * HOUR, horizon=timedelta(days=2))
	now = datetime(2026, 6, 1, 9, 30)
	by_customer = starts(of, now, now + timedelta(days=9), now, by_customer=True)
	assert (by_customer[0], by_customer[-1]) == (datetime(2026, 6, 1, 12), datetime(2026, 6, 3, 9))
	by_user = starts(of, now, now + timedelta(days=9), now)
	assert (by_user[0], by_user[-1]) == (datetime(2026, 6, 1, 10), datetime(2026, 6, 10, 9))


NOON = datetime(2026, 6, 1, 12)


@pytest.mark.parametrize(
	("starts_on", "ends_on", "by_customer", "expected"),
	[
		(NOON, NOON + HOUR, False, None),
		(NOON, NOON + HOUR, True, Refusal.TOO_SOON),
		(NOON + timedelta(days=60), NOON + timedelta(days=60) + HOUR, True, Refusal.TOO_FAR_AHEAD),
		(NOON, NOON, False, Refusal.ENDS_BEFORE_START),
		(NOON - 2 * HOUR, NOON - HOUR, False, Refusal.IN_THE_PAST),
		(NOON + 6 * HOUR, NOON + 7 * HOUR, False, Refusal.OUTSIDE_HOURS),
		(NOON + 4.5 * HOUR, NOON + 5.5 * HOUR, False, Refusal.OUTSIDE_HOURS),
		(NOON + HALF_HOUR, NOON + 1.5 * HOUR, False, Refusal.NO_SUCH_SLOT),
		(NOON, NOON + HALF_HOUR, False, Refusal.NO_SUCH_SLOT),
	],
)
def test_why_a_time_is_not_offered(starts_on, ends_on, by_customer, expected):
	of = service(calendar=weekly(UTC, *NINE_TO_FIVE), lead_time=2 * HOUR)
	assert hours_refusal(of, starts_on, ends_on, datetime(2026, 6, 1, 11), by_customer) == expected


# What else there is to do


def offer_at(of: Service, starts_on: datetime) -> slot_rules.Candidate:
	return next(iter(candidates(of, Window(starts_on, starts_on + TICK, LONG_AGO, False))))


def occupied(of: Service, *times: datetime) -> Occupancy:
	return Occupancy(held_by(of, start, start + of.duration, of.calendar.site_zone) for start in times)


def test_places_are_what_bookings_leave_of_the_capacity():
	of = service(capacity=3)
	offer = offer_at(of, NOON)
	left = [free_slot(of, offer, occupied(of, *[NOON] * number), {}) for number in range(4)]
	assert [slot and slot.places for slot in left] == [3, 2, 1, None]


def test_bookings_one_after_another_leave_more_than_bookings_at_once():
	of = service(capacity=2, duration=2 * HOUR, step=HOUR)
	offer = offer_at(of, NOON)
	assert free_slot(of, offer, occupied(of, NOON - HOUR, NOON + HOUR), {}).places == 1
	assert free_slot(of, offer, occupied(of, NOON - HOUR, NOON), {}) is None


def test_bookings_that_touch_are_not_in_the_way():
	of = service()
	assert free_slot(of, offer_at(of, NOON), occupied(of, NOON - HOUR, NOON + HOUR), {}).places == 1


def test_what_is_kept_free_before_and_after_is_not_offered():
	of = service(buffer_before=HALF_HOUR, buffer_after=HALF_HOUR, step=HALF_HOUR)
	taken = occupied(of, NOON)
	times = [NOON + number * HALF_HOUR for number in range(-5, 6)]
	free = [start for start in times if free_slot(of, offer_at(of, start), taken, {})]
	assert free == [NOON - 2.5 * HOUR, NOON - 2 * HOUR, NOON + 2 * HOUR, NOON + 2.5 * HOUR]


def test_a_booking_holds_the_ticks_that_it_touches_with_its_buffers():
	of = service(buffer_before=timedelta(minutes=10), buffer_after=timedelta(minutes=5))
	held = held_by(of, NOON + timedelta(minutes=2), NOON + timedelta(minutes=58), UTC)
	assert (f"{held.begins:%H:%M}", f"{held.ends:%H:%M}") == ("11:50", "13:05")
	assert slot_rules.ticks(held_by(service(), NOON, NOON, UTC)) == [NOON.replace(tzinfo=timezone.utc)]


@given(services(), weeks_of())
@many
def test_what_is_offered_holds_what_a_booking_of_it_will_hold(of, week):
	for offer in candidates(of, Window(*week, LONG_AGO, False)):
		assert offer.held == held_by(of, offer.starts_on, offer.ends_on, of.calendar.site_zone)


def test_a_slot_names_the_users_who_are_free():
	of = service(capacity=3, users=("ann", "bob", "cy"))
	slot = free_slot(of, offer_at(of, NOON), Occupancy(), {"bob": occupied(of, NOON)})
	assert (slot.users, slot.places) == (("ann", "cy"), 2)


def test_who_is_asked_for_has_to_be_free():
	of = service(capacity=3, users=("ann", "bob"))
	busy = {"bob": occupied(of, NOON)}
	offer = offer_at(of, NOON)
	assert free_slot(of, offer, Occupancy(), busy, "ann") == Slot(NOON, NOON + HOUR, ("ann",), 1)
	assert free_slot(of, offer, Occupancy(), busy, "bob") is None
	assert free_slot(of, offer, Occupancy(), busy, "somebody else") is None


def test_a_service_whose_users_have_all_left_is_not_offered():
	of = service(by_users=True)
	assert free_slot(of, offer_at(of, NOON), Occupancy(), {}) is None


# Whatever the hours


@given(services(), weeks_of())
@many
def test_what_is_offered_lies_within_the_hours_and_the_window(of, week):
	for offer in candidates(of, Window(*week, LONG_AGO, False)):
		assert week[0] <= offer.starts_on < week[1]
		span = instants(offer, of)
		assert span.ends - span.begins == of.duration
		open_for = business_seconds(offer.starts_on, offer.ends_on, of.calendar)
		assert open_for == of.duration.total_seconds()


@given(services(), weeks_of())
@many
def test_each_start_is_offered_once_and_read_by_the_clock_of_the_service(of, week):
	found = [offer.starts_on for offer in candidates(of, Window(*week, LONG_AGO, False))]
	assert all(one < other for one, other in pairwise(found))
	for start in found:
		instant = start.replace(tzinfo=of.calendar.site_zone)
		local = instant.astimezone(of.calendar.zone).replace(tzinfo=None, fold=0)
		openings = (
			datetime.combine(local.date(), opens) for opens, _closes in of.calendar.hours_of(local.date())
		)
		opening = max(opening for opening in openings if opening <= local)
		first = opening + timedelta(minutes=-opening.minute % 5)
		assert (local - first) % of.step == timedelta()


@given(services(), weeks_of())
@many
def test_nothing_that_would_fit_is_left_out(of, week):
	"""Each local start, tried one by one, where neither zone skips or repeats an hour."""
	offered = {offer.starts_on for offer in candidates(of, Window(*week, LONG_AGO, False))}
	zone, site_zone = of.calendar.zone, of.calendar.site_zone
	day = week[0].date() - timedelta(days=2)
	while day <= week[1].date() + timedelta(days=2):
		for opens, closes in of.calendar.hours_of(day):
			local = datetime.combine(day, opens) + timedelta(minutes=-opens.minute % 5)
			closing = datetime.combine(day + timedelta(days=closes == time()), closes)
			while local + of.duration <= closing:
				start = local.replace(tzinfo=zone).astimezone(site_zone).replace(tzinfo=None)
				if week[0] <= start < week[1] and _is_plain(local, of) and _is_plain(start, of):
					assert start in offered
				local += of.step
		day += timedelta(days=1)


def _is_plain(local: datetime, of: Service) -> bool:
	"""Whether no clock changes within a day of a local time."""
	around = [local + number * 3 * HOUR for number in range(-8, 9 + of.duration // HOUR // 3)]
	return all(
		len({moment.replace(tzinfo=zone).utcoffset() for moment in around}) == 1
		for zone in (of.calendar.zone, of.calendar.site_zone)
	)


@given(services(), weeks_of(), st.data())
@many
def test_booking_what_is_free_never_books_anything_twice(of, week, data):
	"""Whoever books, one after another, what is free then: nobody does two things at once, buffers are kept."""
	offers = candidates(of, Window(*week, LONG_AGO, False))
	booked: list[tuple[slot_rules.Candidate, str | None]] = []
	for _turn in range(8):
		taken = Occupancy(offer.held for offer, _user in booked)
		busy = {name: Occupancy(offer.held for offer, user in booked if user == name) for name in of.users}
		free = [(offer, slot) for offer in offers if (slot := free_slot(of, offer, taken, busy))]
		if not free:
			break
		offer, slot = data.draw(st.sampled_from(free))
		booked.append((offer, data.draw(st.sampled_from(slot.users)) if slot.users else None))
	kept = [(_with_buffers(offer, of), user) for offer, user in booked]
	for span, user in kept:
		then = [doer for other, doer in kept if other.begins <= span.begins < other.ends]
		assert len(then) <= of.capacity
		assert user is None or then.count(user) == 1


def _with_buffers(offer: slot_rules.Candidate, of: Service) -> Span:
	span = instants(offer, of)
	return Span(span.begins - of.buffer_before, span.ends + of.buffer_after)


@given(services(), weeks_of())
@many
def test_what_is_offered_is_not_refused(of, week):
	for offer in candidates(of, Window(*week, LONG_AGO, False))[:5]:
		assert hours_refusal(of, offer.starts_on, offer.ends_on, LONG_AGO, False) is None


def test_kolkata_is_half_an_hour_off_and_still_on_whole_ticks():
	of = service(calendar=weekly(KOLKATA, (time(9), time(11)), site_zone=UTC))
	assert on(date(2026, 6, 1), of) == ["03:30", "04:30"]
