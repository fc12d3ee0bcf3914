"""Whether two spellings name one company (CO-3). Pure: strings in, strings and numbers out.

A name becomes words: one width, one case, no accents, no legal form, no conjunctions, short forms for
long ones. The same words in any order are the same company, and so are words that a slip of the fingers
tells apart. Words that may well be another's (Trading and Training), numbers, initials and the signs of
Chinese and Japanese have to be the same. Names in two scripts are never found to be one company: the
libraries that transliterate were measured, and found few of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import permutations

from rapidfuzz.distance import OSA

from lead_inbox.conversion.matching import legal_forms

Words = tuple[str, ...]

# Chosen on one half of company_pairs.csv. One slip is a spelling in nine letters and more, two in 17.
LIKELY = 0.88
DOUBLED = 0.97  # Pinnacle and Pinacle
MOST_ORDERED = 4  # words: 24 orders

# Letters that Unicode does not take apart, those that neighbours' keyboards write otherwise, apostrophes.
_LETTERS = str.maketrans(
	{
		**{"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "a", "œ": "o", "ı": "i", "ħ": "h"},
		**{"ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ـ": ""},
		**dict.fromkeys("'’‘ʼ`´׳", ""),
	}
)
# Not those of Thai, Japanese or Devanagari, which make another word.
_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u093c]")
_DIGRAPHS = re.compile("(?<=[aou])e|(?<=a)a")  # Müller and Mueller, Århus and Aarhus
_HEBREW_INITIALS = re.compile('(?<=[א-ת])["״](?=[א-ת])')
_INITIALS = re.compile(r"(?<!\w)(\w)[./](?=\w(?:\W|$))")
_REPEATED = re.compile(r"(.)\1+")
# Latin, Greek, Cyrillic, Hebrew and Arabic: scripts in which a word is long enough to have a slip in it.
_LETTERS_ALONE = re.compile("[a-z\u0370-\u03ff\u0400-\u04ff\u05d0-\u05ea\u0620-\u06ff]+")
# Thai, kana, Han and Hangul, where a space within a name says nothing.
_UNSPACED = "[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
_NEEDLESS_SPACE = re.compile(f"(?<={_UNSPACED}) (?={_UNSPACED})")


def company_key(name: str) -> str:
	"""Return what all spellings of a company's name share, '' when nothing is left of it.

	Words in the order of the name. Spellings with a slip or in another order have other keys: compare those
	by keys_alike.
	"""
	return _NEEDLESS_SPACE.sub("", " ".join(_company_words(name)))


def similarity(a: str, b: str) -> float:
	"""Return how alike two company names are, from 0 to 1; 0 when one has a word that the other lacks."""
	return keys_alike(company_key(a), company_key(b))


def is_same_company(a: str, b: str) -> bool:
	"""Return whether two names are likely spellings of one company."""
	return similarity(a, b) >= LIKELY


def keys_alike(a: str, b: str) -> float:
	"""Return the similarity of two names of which the keys are known: that of their least similar words."""
	if not a or not b:
		return 0.0
	if a.replace(" ", "") == b.replace(" ", ""):
		return 1.0
	left, right = a.split(), b.split()
	if len(left) != len(right):
		return 0.0
	for word in tuple(left):
		if word in right:
			left.remove(word)
			right.remove(word)
	return min(map(_words_alike, sorted(left), sorted(right)), default=1.0)


def orders_of(key: str) -> list[str]:
	"""Return the keys that a name has with its words in another order; of long names none, they are many."""
	words = key.split()
	if len(words) > MOST_ORDERED:
		return []
	return sorted({" ".join(order) for order in permutations(words)} - {key})


def person_key(name: str) -> str:
	"""Return what all ways to write a person's name share, whichever of the names comes first."""
	return " ".join(sorted(_split(_fold(name))))


def _words_alike(a: str, b: str) -> float:
	if a[0] != b[0] or not (_LETTERS_ALONE.fullmatch(a) and _LETTERS_ALONE.fullmatch(b)):
		return 0.0
	a, b = _REPEATED.sub(r"\1", a), _REPEATED.sub(r"\1", b)
	return min(OSA.normalized_similarity(a, b), DOUBLED)


def _company_words(name: str) -> Words:
	folded = _fold(name)
	words = _split(_ATTACHED.sub(" ", folded)) or _split(folded)
	bare = _without_forms(_join_initials(_without_forms(words)))
	return tuple(_SHORT_FORMS.get(word, word) for word in bare)


def _fold(text: str) -> str:
	text = unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS)
	text = _ACCENTS.sub("", unicodedata.normalize("NFD", text))
	return _DIGRAPHS.sub("", unicodedata.normalize("NFC", text))


def _split(folded: str) -> Words:
	"""S.A. and A/S are a word each. Vowel signs belong to their word, which \\w doesn't know."""
	joined = _INITIALS.sub(r"\1", _HEBREW_INITIALS.sub("", folded))
	spaced = "".join(sign if unicodedata.category(sign)[0] in "LMN" else " " for sign in joined)
	return tuple(spaced.split())


def _join_initials(words: Words) -> Words:
	"""H & M has become two letters, HM is one word."""
	joined: list[str] = []
	after_initial = False
	for word in words:
		is_initial = len(word) == 1
		if is_initial and after_initial:
			joined[-1] += word
		else:
			joined.append(word)
		after_initial = is_initial
	return tuple(joined)


def _without_forms(words: Words) -> Words:
	"""Return the words without legal forms and conjunctions; all of them where nothing else is left."""
	bare, before = words, None
	while bare != before:
		before = bare
		bare = _cut_end(_cut_start(_cut_anywhere(bare)))
	return tuple(word for word in bare if word not in _CONJUNCTIONS) or words


def _cut_anywhere(words: Words) -> Words:
	for length in _ANYWHERE.lengths:
		for start in range(len(words) - length + 1):
			if words[start : start + length] in _ANYWHERE:
				return words[:start] + words[start + length :]
	return words


def _cut_start(words: Words) -> Words:
	found = (length for length in _AT_THE_START.lengths if words[:length] in _AT_THE_START)
	return words[next(found, 0) :]


def _cut_end(words: Words) -> Words:
	found = (length for length in _AT_THE_END.lengths if words[-length:] in _AT_THE_END)
	return words[: len(words) - next(found, 0)]


class _Forms(frozenset[Words]):
	"""Legal forms as words. lengths: how many words they have, the most first, as one may hold another."""

	lengths: tuple[int, ...]

	@classmethod
	def read(cls, written: Iterable[str]) -> _Forms:
		forms = cls(_split(_fold(form)) for form in written)
		forms.lengths = tuple(sorted(set(map(len, forms)), reverse=True))
		return forms


_ANYWHERE = _Forms.read(legal_forms.ANYWHERE)
_AT_THE_START = _Forms.read(legal_forms.AT_THE_START)
_AT_THE_END = _Forms.read((*legal_forms.AT_THE_END, *legal_forms.CONJUNCTIONS))
_ATTACHED = re.compile("|".join(re.escape(_fold(form)) for form in legal_forms.ATTACHED))
_CONJUNCTIONS = frozenset(map(_fold, legal_forms.CONJUNCTIONS))
_SHORT_FORMS = {_fold(long): short for short, longs in legal_forms.ABBREVIATIONS.items() for long in longs}
