"""How long calls took, as exports write it."""

from __future__ import annotations

import re

from lead_inbox.audit.told import Unreadable

_UNREADABLE = (
	"The duration of a call is not understood. Write seconds (75), minutes and seconds (1:15) or 1 min 15 s."
)
_PLAIN = re.compile(r"(\d{1,9})(?:\.\d{1,9})?", re.ASCII)
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):([0-5]\d)(?:\.\d{1,9})?", re.ASCII)
_WORDS = re.compile(
	r"(?=\d)(?:(\d{1,3})\s*h(?:rs?|ours?)?)?[\s,]*"
	r"(?:(\d{1,5})\s*m(?:ins?|inutes?)?)?[\s,]*"
	r"(?:(\d{1,9})\s*s(?:ecs?|econds?)?)?\.?",
	re.ASCII | re.IGNORECASE,
)
_NONE = ("", "-", "–", "—", "n/a", "none")
_LONGEST = 40


def seconds_of(value: object) -> int:
	"""Return whole seconds, 0 for an empty value or a dash. Raises Unreadable."""
	text = "" if value is None or isinstance(value, bool) else str(value).strip()
	if text.lower() in _NONE:
		return 0
	if plain := _PLAIN.fullmatch(text):
		return int(plain[1])
	parts = len(text) <= _LONGEST and (_CLOCK.fullmatch(text) or _WORDS.fullmatch(text))
	if not parts:
		raise Unreadable(_UNREADABLE)
	hours, minutes, seconds = (int(part or 0) for part in parts.groups())
	return hours * 3600 + minutes * 60 + seconds
