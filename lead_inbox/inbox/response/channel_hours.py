"""When a channel is open: its hours, its Holiday List and its time zone as a calendar (IN-8)."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import frappe
from frappe.utils import get_system_timezone, get_time, getdate

from lead_inbox.inbox.response.working_time import Calendar, Hours

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def calendar_of(channel: str | None) -> Calendar:
	"""Return when a Lead Channel is open; at all hours where there is no channel.

	Channel and Holiday List come from Frappe's cache of documents, so asking for each lead is cheap.
	"""
	site_zone = ZoneInfo(get_system_timezone())
	if not channel:
		return Calendar(site_zone, site_zone)
	doc = frappe.get_cached_doc("Lead Channel", channel)
	zone = ZoneInfo(doc.time_zone) if doc.time_zone else site_zone
	return Calendar(zone, site_zone, _week(doc), _holidays(doc.holiday_list))


def hours_by_day(rows: Any) -> dict[str, list[Hours]]:
	"""Return the hours of each day that has any, from rows of Lead Channel Hours."""
	by_day: dict[str, list[Hours]] = {}
	for row in rows:
		by_day.setdefault(row.day, []).append((get_time(row.opens_at), get_time(row.closes_at)))
	return by_day


def _week(channel: Any) -> tuple[tuple[Hours, ...], ...]:
	by_day = hours_by_day(channel.hours)
	return tuple(tuple(sorted(by_day.get(day, ()))) for day in DAYS) if by_day else ()


def _holidays(holiday_list: str | None) -> frozenset:
	if not holiday_list:
		return frozenset()
	rows = frappe.get_cached_doc("Holiday List", holiday_list).holidays
	return frozenset(getdate(row.holiday_date) for row in rows)
