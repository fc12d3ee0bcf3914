"""Single JSON values turned into typed ones. Every function takes None for 'not given'."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

from lead_inbox.channels.event import Direction
from lead_inbox.untranslated import _

NOT_A_TEXT = _("Send a text here, not a list, an object, true or false.")
NOT_A_MOMENT = _("Send a date and time in ISO 8601 with a zone, such as 2026-03-31T14:05:00+02:00.")
NOT_AN_AMOUNT = _("Send a plain number such as 12.50, without a currency sign or thousands separators.")
NOT_A_DURATION = _("Send a duration in seconds: a number, zero or more.")
NOT_A_FLAG = _("Send true or false here.")
NOT_A_DIRECTION = _("Send in (from the customer) or out (to the customer) here.")
NOT_AN_OBJECT = _("Send a JSON object here.")
NOT_A_LIST = _("Send a list here.")
NOT_A_CONTAINER = _("Send an object or a list here, as the channel's field map expects.")
NOT_A_BOOKING = _("Only events about leads and jobs become leads. Do not send others.")
MISSING = _("This field is missing. Send it with every event.")

_ISO_MOMENT = re.compile(
	r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?)?",
	re.IGNORECASE | re.ASCII,
)
_NUMBER = re.compile(r"[+-]?\d{1,30}(?:\.\d{1,30})?", re.ASCII)
_FIRST_YEAR, _LAST_YEAR = 1970, 2999
_MILLISECONDS_FROM = 10**11  # as seconds, this is the year 5138
_MOST_SECONDS = 2**31 - 1  # an Int field
_AMOUNT_BELOW = Decimal(10) ** 12  # a Currency field has 12 digits before the point
_FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False, "": False}
_DIRECTIONS: dict[str, Direction] = {
	"": "In",
	"in": "In",
	"inbound": "In",
	"incoming": "In",
	"out": "Out",
	"outbound": "Out",
	"outgoing": "Out",
}


class WrongValue(ValueError):
	"""The value has the wrong type; `message` says what to send instead."""

	def __init__(self, message: str) -> None:
		super().__init__(message)
		self.message = message


def to_text(value: object) -> str:
	"""A text or a number as text, uncleaned. Raises WrongValue for lists, objects and booleans."""
	if value is None:
		return ""
	if isinstance(value, str):
		return value
	if isinstance(value, (date, timedelta)):
		return str(value)
	if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
		raise WrongValue(NOT_A_TEXT)
	if isinstance(value, float) and math.isfinite(value) and value.is_integer():
		value = int(value)
	try:
		return str(value)
	except ValueError:  # Python refuses to print integers of more than 4,300 digits
		raise WrongValue(NOT_A_TEXT) from None


def to_moment(value: object, zone: ZoneInfo) -> datetime | None:
	"""ISO 8601, a datetime, or the epoch in (milli)seconds, as an aware datetime.

	`zone` is the zone of a time that names none. Raises WrongValue.
	"""
	if value is None or value == "":
		return None
	moment = value if isinstance(value, datetime) else _read_moment(value)
	if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
		raise WrongValue(NOT_A_MOMENT)
	return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _read_moment(value: object) -> datetime:
	try:
		text = to_text(value).strip()
		iso = _ISO_MOMENT.fullmatch(text)
		return _from_iso(iso) if iso else _from_epoch(_to_number(text))
	except (ValueError, OverflowError, OSError):
		raise WrongValue(NOT_A_MOMENT) from None


def _from_iso(match: re.Match[str]) -> datetime:
	numbers = [int(part or 0) for part in match.groups()[:6]]
	year, month, day, hour, minute, second = numbers
	microsecond = int((match[7] or "").ljust(6, "0")[:6])
	return datetime(year, month, day, hour, minute, second, microsecond, tzinfo=_to_offset(match[8]))


def _to_offset(text: str | None) -> timezone | None:
	if not text:
		return None
	if text in "Zz":
		return timezone.utc
	digits = text[1:].replace(":", "")
	offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
	return timezone(-offset if text[0] == "-" else offset)


def _from_epoch(number: Decimal) -> datetime:
	seconds = number / 1000 if number >= _MILLISECONDS_FROM else number
	return datetime.fromtimestamp(float(seconds), tz=timezone.utc)


def _to_number(text: str) -> Decimal:
	if not _NUMBER.fullmatch(text):
		raise ValueError
	return Decimal(text)


def to_amount(value: object) -> Decimal | None:
	"""A sum of money as a number or a text. Raises WrongValue."""
	if value is None or value == "":
		return None
	try:
		amount = _to_number(to_text(value).strip())
	except ValueError:
		raise WrongValue(NOT_AN_AMOUNT) from None
	if abs(amount) >= _AMOUNT_BELOW:
		raise WrongValue(NOT_AN_AMOUNT)
	return amount


def to_seconds(value: object) -> int:
	"""A duration in whole seconds, 0 when not given. Raises WrongValue."""
	if value is None or value == "":
		return 0
	try:
		seconds = round(_to_number(to_text(value).strip()))
	except ValueError:
		raise WrongValue(NOT_A_DURATION) from None
	if not 0 <= seconds <= _MOST_SECONDS:
		raise WrongValue(NOT_A_DURATION)
	return seconds


def to_direction(value: object) -> Direction:
	"""Which way a message or call went; In when not given. Raises WrongValue."""
	try:
		return _DIRECTIONS[to_text(value).strip().lower()]
	except (WrongValue, KeyError):
		raise WrongValue(NOT_A_DIRECTION) from None


def to_flag(value: object) -> bool:
	"""A boolean, also as 1, 0 or a word; False when not given. Raises WrongValue."""
	if isinstance(value, bool):
		return value
	try:
		return _FLAGS[to_text(value).strip().lower()]
	except (WrongValue, KeyError):
		raise WrongValue(NOT_A_FLAG) from None
