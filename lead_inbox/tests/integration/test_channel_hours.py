"""The hours of a channel: requirement IN-8."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import frappe
import pytest

from lead_inbox.inbox.response.channel_hours import calendar_of
from lead_inbox.inbox.response.working_time import business_seconds, is_open
from lead_inbox.tests.integration.builders import make_channel, make_holiday_list, open_on

MONDAY, TUESDAY = datetime(2026, 5, 4), datetime(2026, 5, 5)


def open_hours(channel: str | None, start: datetime = MONDAY, end: datetime = TUESDAY) -> float:
	return business_seconds(start, end, calendar_of(channel)) / 3600


@pytest.mark.parametrize(
	("hours", "words"),
	[
		([("Monday", "17:00:00", "09:00:00")], "row 1: it closes before it opens"),
		([("Monday", "09:00:00", "09:00:00")], "it closes before it opens"),
		(
			[("Monday", "09:00:00", "12:30:00"), ("Monday", "12:00:00", "17:00:00")],
			"hours of Monday overlap",
		),
		([("Monday", "22:00:00", "00:00:00"), ("Monday", "23:00:00", "23:30:00")], "overlap"),
	],
)
def test_hours_that_make_no_sense_are_refused(hours, words):
	with pytest.raises(frappe.ValidationError, match=words):
		make_channel(hours=open_on(*hours))


def test_a_day_whose_times_were_cleared_is_refused():
	channel = make_channel(hours=open_on(("Monday", "09:00:00", "17:00:00")))
	channel.hours[0].opens_at = None
	with pytest.raises(frappe.MandatoryError):
		channel.save()


def test_a_day_may_have_a_break_and_end_at_midnight():
	channel = make_channel(
		hours=open_on(("Monday", "13:00:00", "00:00:00"), ("Monday", "00:00:00", "12:00:00"))
	)
	assert open_hours(channel.name) == 23


def test_without_a_channel_or_hours_it_is_always_open():
	assert open_hours(None) == 24
	assert open_hours(make_channel().name) == 24


def test_days_of_the_holiday_list_are_closed():
	holidays = make_holiday_list(date(2026, 5, 4))
	always = make_channel("Always", holiday_list=holidays)
	hours = open_on(("Monday", "09:00:00", "17:00:00"), ("Tuesday", "09:00:00", "17:00:00"))
	weekdays = make_channel("Weekdays", holiday_list=holidays, hours=hours)
	assert [open_hours(channel.name) for channel in (always, weekdays)] == [0, 0]
	assert open_hours(weekdays.name, TUESDAY, datetime(2026, 5, 6)) == 8


def test_hours_are_in_the_channel_s_zone():
	zone = ZoneInfo("Pacific/Auckland")
	channel = make_channel(time_zone=zone.key, hours=open_on(("Monday", "09:00:00", "10:00:00")))
	site_zone = calendar_of(None).zone
	at = datetime(2026, 5, 4, 9, 30, tzinfo=zone).astimezone(site_zone).replace(tzinfo=None)
	assert is_open(at, calendar_of(channel.name))
	assert not is_open(datetime(2026, 5, 4, 9, 30), calendar_of(channel.name))


def test_changed_hours_and_holidays_count_at_once():
	holidays = make_holiday_list(date(2026, 5, 4))
	channel = make_channel(holiday_list=holidays, hours=open_on(("Monday", "09:00:00", "17:00:00")))
	assert open_hours(channel.name) == 0

	holiday_list = frappe.get_doc("Holiday List", holidays)
	holiday_list.set("holidays", [])
	holiday_list.save()
	assert open_hours(channel.name) == 8

	channel.reload()
	channel.hours[0].closes_at = "12:00:00"
	channel.save()
	assert open_hours(channel.name) == 3
