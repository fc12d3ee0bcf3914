"""Words by which a customer stops text messages, or takes them up again, as networks have agreed (RE-9).

Only a message that is nothing but the word is an order: "stop by at five" is a sentence.
"""

from __future__ import annotations

import unicodedata
from typing import Literal

SmsOrder = Literal["Stop", "Start"]

# The first line is what gateways in all countries know; the others say the same in the languages that
# our customers write. Words that are a name or a usual answer (yes, huy) are left out.
STOP_WORDS = frozenset(
	{
		*("stop", "stopall", "unsubscribe", "cancel", "end", "quit"),
		*("stopp", "abmelden", "arret", "arrêt", "désabonner", "desabonner"),
		*("parar", "baja", "sair", "cancelar", "annulla", "afmelden", "στοπ", "διαγραφή", "διαγραφη"),
		*("стоп", "hủy", "หยุด", "ยกเลิก"),
	}
)
START_WORDS = frozenset({"start", "unstop"})
_VARIATION_SELECTORS = "\ufe0e\ufe0f"  # they color an emoji, and are no letters although their category is
_LONGEST = 40  # characters; no order is longer, however many blanks and marks are around it


def sms_order(text: str) -> SmsOrder | None:
	"""Return what the whole text orders, None for an ordinary message.

	Case, blanks, marks and emojis around or within the word do not count.
	"""
	if len(text.strip()) > _LONGEST:
		return None
	word = _letters(text)
	if word in STOP_WORDS:
		return "Stop"
	return "Start" if word in START_WORDS else None


def _letters(text: str) -> str:
	"""Letters and digits with the signs that belong to them, which Thai writes its vowels with."""
	folded = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).casefold())
	return "".join(
		sign for sign in folded if unicodedata.category(sign)[0] in "LNM" and sign not in _VARIATION_SELECTORS
	)
