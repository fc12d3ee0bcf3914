"""When a channel is open: its hours, its Holiday List and its time zone as a calendar (IN-8).

Any other document with the same three fields is read and checked alike.
"""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import frappe
from frappe import _
from frappe.utils import get_system_timezone, get_time, getdate

from lead_inbox.inbox.response.working_time import DAYS, END_OF_DAY, Calendar, Hours, have_overlap


def calendar_of(channel: str | None) -> Calendar:
	"""Return when a Lead Channel is open; at all hours where there is no channel.

	Channel and Holiday List come from Frappe's cache of documents, so asking for each lead is cheap.
	"""
	if channel:
		return calendar_of_document(frappe.get_cached_doc("Lead Channel", channel))
	site_zone = ZoneInfo(get_system_timezone())
	return Calendar(site_zone, site_zone)


def calendar_of_document(doc: Any) -> Calendar:
	"""Return what the hours, the holiday_list and the time_zone of a document say."""
	site_zone = ZoneInfo(get_system_timezone())
	zone = ZoneInfo(doc.time_zone) if doc.time_zone else site_zone
	return Calendar(zone, site_zone, _week(doc), _holidays(doc.holiday_list))


def check_time_zone(time_zone: str | None) -> None:
	"""Raises ValidationError for a zone that there is not."""
	if time_zone and time_zone not in available_timezones():
		frappe.throw(_("{0} is not a time zone. Write it like Europe/Athens.").format(time_zone))


def check_hours(hours: Any) -> None:
	"""Raises ValidationError for hours that end before they begin, or that overlap.

	hours: rows of Lead Channel Hours; Frappe looks for missing times only after this.
	"""
	rows = [row for row in hours if None not in (row.opens_at, row.closes_at)]
	for row in rows:
		opens, closes = get_time(row.opens_at), get_time(row.closes_at)
		if closes != END_OF_DAY and closes <= opens:
			frappe.throw(
				_(
					"Hours, row {0}: it closes before it opens. Close at 00:00:00, the end of the day, and add the rest of the night to the next day."
				).format(row.idx)
			)
	for day, of_day in hours_by_day(rows).items():
		if have_overlap(of_day):
			frappe.throw(_("The hours of {0} overlap. Make them one row.").format(_(day)))


def hours_by_day(rows: Any) -> dict[str, list[Hours]]:
	"""Return the hours of each day that has any, from rows of Lead Channel Hours."""
	by_day: dict[str, list[Hours]] = {}
	for row in rows:
		by_day.setdefault(row.day, []).append((get_time(row.opens_at), get_time(row.closes_at)))
	return by_day


def _week(doc: Any) -> tuple[tuple[Hours, ...], ...]:
	by_day = hours_by_day(doc.hours)
	return tuple(tuple(sorted(by_day.get(day, ()))) for day in DAYS) if by_day else ()


def _holidays(holiday_list: str | None) -> frozenset:
	if not holiday_list:
		return frozenset()
	rows = frappe.get_cached_doc("Holiday List", holiday_list).holidays
	return frozenset(getdate(row.holiday_date) for row in rows)
