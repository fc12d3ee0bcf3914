"""What fits into an SMS and which number it goes to (RE-5), as pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

MAX_CHARACTERS = 1600  # what common gateways take; ten messages' worth

# GSM 03.38. A sign of the second table takes two places.
_BASIC = frozenset(
	"@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
	"ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
_GSM_PLACES = (160, 153)
_UCS2_PLACES = (70, 67)


def count_segments(text: str) -> int:
	"""Return as how many messages a text is sent and charged; 0 for an empty one.

	All signs in the GSM alphabet: 160 places in one message, 153 in each of several. Else UCS-2, with 70
	and 67. No sign is split between two messages.
	"""
	if _is_gsm(text):
		places, (alone, each) = [2 if sign in _EXTENDED else 1 for sign in text], _GSM_PLACES
	else:
		places, (alone, each) = [2 if ord(sign) > 0xFFFF else 1 for sign in text], _UCS2_PLACES
	if sum(places) <= alone:
		return 1 if text else 0
	return _pack(places, each)


def _is_gsm(text: str) -> bool:
	return all(sign in _BASIC or sign in _EXTENDED for sign in text)


def _pack(places: Iterable[int], size: int) -> int:
	segments, used = 1, 0
	for place in places:
		if used + place > size:
			segments, used = segments + 1, 0
		used += place
	return segments


def business_first(numbers: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
	"""Return each number once, business numbers before personal ones, else in the given order.

	numbers: number, label and kind ("business" or "personal"). A number that is both is a business one.
	"""
	first: dict[str, dict[str, str]] = {}
	for row in sorted(numbers, key=lambda row: row["kind"] != "business"):
		first.setdefault(row["number"], dict(row))
	return list(first.values())
