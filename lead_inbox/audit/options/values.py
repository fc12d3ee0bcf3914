"""Options of one value: days, time zone, country and the date of the audit, read from what was typed."""

from __future__ import annotations

import os
import re
from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import phonenumbers
from click import BadParameter

from lead_inbox.channels.values import WrongValue, to_moment
from lead_inbox.inbox.rules import AgingDays

MOST_DAYS = 3650
LAST_SECOND = time(23, 59, 59)
ZONE_LINK = Path("/etc/localtime")
ZONE_FOLDER = "zoneinfo"

_DAYS = re.compile(r"\s*(\d{1,4})\s*(?:,\s*(\d{1,4})\s*)?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def read_days(text: str) -> AgingDays:
	"""Read `14,30`, days until Unanswered and until Quiet; one number is both. Raises BadParameter."""
	match = _DAYS.fullmatch(text)
	numbers = [int(number) for number in match.groups() if number] if match else []
	if not numbers or not all(1 <= number <= MOST_DAYS for number in numbers):
		raise BadParameter(
			f"{text!r} is not two numbers of days. Write the days until an unanswered and until a quiet lead "
			f"comes to rest, such as 14,30, each 1 to {MOST_DAYS}.",
			param_hint="--days",
		)
	return AgingDays(unanswered=numbers[0], quiet=numbers[-1])


def read_zone(text: str) -> ZoneInfo:
	"""Read the name of a time zone. Raises BadParameter."""
	try:
		return ZoneInfo(text.strip())
	except (KeyError, ValueError, OSError):
		raise BadParameter(
			f"{text!r} is not a time zone. Write it like Europe/Athens.", param_hint="--zone"
		) from None


def zone_of_machine() -> ZoneInfo:
	"""Return the time zone this machine is set to, UTC where its name can't be told."""
	link = str(ZONE_LINK.resolve()).rpartition(f"{ZONE_FOLDER}/")[2] if ZONE_LINK.is_symlink() else ""
	for name in (os.environ.get("TZ", "").removeprefix(":"), link):
		try:
			if name:
				return ZoneInfo(name)
		except (KeyError, ValueError, OSError):
			continue
	return ZoneInfo("UTC")


def read_country(text: str) -> str:
	"""Read an ISO code of two letters, in either case. Raises BadParameter."""
	code = text.strip().upper()
	if code not in phonenumbers.SUPPORTED_REGIONS:
		raise BadParameter(
			f"{text!r} is not a country's code. Write its two letters, such as GR or US.",
			param_hint="--country",
		)
	return code


def read_as_of(text: str, zone: ZoneInfo) -> datetime:
	"""Read a moment, or a date, which means its end; naive, in the zone. Raises BadParameter."""
	try:
		moment = to_moment(text.strip(), zone)
	except WrongValue:
		moment = None
	if moment is None:
		raise BadParameter(
			f"{text!r} is no date. Write it like 2026-11-28, which means the end of that day, or like 2026-11-28T14:00.",
			param_hint="--as-of",
		)
	if _DATE.fullmatch(text.strip()):
		return datetime.combine(moment.date(), LAST_SECOND)
	return moment.astimezone(zone).replace(tzinfo=None, microsecond=0)
