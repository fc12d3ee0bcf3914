"""The time of a booking, as its customer reads it: in the zone in which they were told of it, in their language."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import frappe
from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, get_timezone_name
from frappe import _
from frappe.utils import formatdate, get_system_timezone

NARROW_SPACE = "\u202f"  # before AM and PM; for it alone an SMS would be charged twice


def zoned(moment: datetime, zone_name: str | None) -> datetime:
	"""Return a moment of the site's in another zone. One that the site's clocks show twice is the first."""
	site_zone = get_system_timezone()
	return moment.replace(tzinfo=ZoneInfo(site_zone)).astimezone(ZoneInfo(zone_name or site_zone))


def date_of(moment: datetime) -> str:
	"""Return the date in words, with the weekday."""
	return format_date(moment, "full", locale=_locale())


def time_of(moment: datetime) -> str:
	return format_time(moment, "short", locale=_locale()).replace(NARROW_SPACE, " ")


def short(moment: datetime) -> str:
	"""Return date and time for colleagues: as the desk writes them, but for the seconds."""
	return _("{0}, {1}").format(formatdate(moment), time_of(moment))


def span(starts_on: datetime, ends_on: datetime) -> str:
	"""Return the time from one moment to another, with the name of their zone."""
	last = time_of(ends_on)
	if ends_on.date() != starts_on.date():
		last = f"{date_of(ends_on)}, {last}"
	zone = get_timezone_name(starts_on, locale=_locale())
	return _("{0}, {1} to {2} ({3})").format(date_of(starts_on), time_of(starts_on), last, zone)


def zone_title(zone_name: str) -> str:
	"""Return what a zone is called in summer as in winter."""
	return get_timezone_name(ZoneInfo(zone_name), locale=_locale())


def _locale() -> Locale:
	"""Frappe has languages that babel does not know."""
	try:
		return Locale.parse((frappe.local.lang or "en").replace("-", "_"))
	except (UnknownLocaleError, ValueError):
		return Locale("en")
