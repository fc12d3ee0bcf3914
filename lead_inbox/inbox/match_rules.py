"""By what an arrival finds its lead: by thread, else by phone, else by e-mail (IN-3). Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from typing import Protocol

from lead_inbox.inbox.rules import Candidate, choose_match

MOST_CANDIDATES = 20  # a step; the youngest


class By(str, Enum):
	THREAD = "thread"
	PHONE = "phone"
	EMAIL = "e-mail"


class Leads(Protocol):
	"""The leads that there are. Each answer has the MOST_CANDIDATES youngest ones that fit."""

	def of_thread(self, thread_key: str) -> Sequence[Candidate]: ...

	def of_phones(self, phones: Sequence[str]) -> Iterator[Sequence[Candidate]]:
		"""Yield those whose first number is one of these, then those whose second one is."""

	def of_emails(self, emails: Sequence[str]) -> Sequence[Candidate]: ...


def match(
	leads: Leads, thread_key: str | None, phones: Sequence[str], emails: Sequence[str]
) -> tuple[str, By] | None:
	"""Return the lead that an arrival belongs to and by what it was found. The first step that finds one decides.

	thread_key: hash of the source's thread or lead id. phones: in E.164. emails: folded.
	"""
	for by, candidates in _steps(leads, thread_key, phones, emails):
		if lead := choose_match(candidates):
			return lead, by
	return None


def _steps(
	leads: Leads, thread_key: str | None, phones: Sequence[str], emails: Sequence[str]
) -> Iterator[tuple[By, Sequence[Candidate]]]:
	if thread_key:
		yield By.THREAD, leads.of_thread(thread_key)
	if phones:
		yield from ((By.PHONE, candidates) for candidates in leads.of_phones(phones))
	if emails:
		yield By.EMAIL, leads.of_emails(emails)
