"""Findings made by hand, with lists as long as a test wants them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from lead_inbox.audit.findings import (
	AgingDay,
	Conversions,
	Fault,
	FileFacts,
	Findings,
	Joined,
	Part,
	Unanswered,
	Waits,
)
from lead_inbox.inbox.response.wait_rules import Counts

AS_OF = datetime(2026, 11, 28, 15, 0)
HOUR = 3600
LOCAL_SERVICES, LEAD_FORM = "Google Local Services", "Google Ads lead form"


@dataclass(frozen=True)
class HeldLists:
	"""Lists that are held in memory, as a work file would give them."""

	waiting: tuple[Unanswered, ...] = ()
	people: tuple[Joined, ...] = ()
	unread: tuple[Fault, ...] = ()

	def unanswered(self) -> Iterator[Unanswered]:
		return iter(self.waiting)

	def joined(self) -> Iterator[Joined]:
		return iter(self.people)

	def faults(self) -> Iterator[Fault]:
		return iter(self.unread)


def lists(waiting: int = 3, people: int = 2, unread: int = 2) -> HeldLists:
	"""Return lists of so many entries each."""
	return HeldLists(
		tuple(waiting_lead(position) for position in range(waiting)),
		tuple(person(position) for position in range(people)),
		tuple(Fault("leads.csv", 10 + position, "No date in Lead received.") for position in range(unread)),
	)


def waiting_lead(position: int = 0, label: str = "") -> Unanswered:
	since = AS_OF - timedelta(hours=400) + timedelta(hours=position)
	elapsed = int((AS_OF - since).total_seconds())
	label = label or f"Naree Phan {position}"
	return Unanswered(label, LOCAL_SERVICES, "New", since, elapsed, elapsed // 4)


def person(position: int = 0, label: str = "", by: str = "phone") -> Joined:
	first = Part("leads.csv", 12 + position, LOCAL_SERVICES, AS_OF - timedelta(days=9), "")
	second = Part("forms.csv", 3 + position, LEAD_FORM, AS_OF - timedelta(days=8), by)
	return Joined(label or f"+1 415 555 01{position:02}", (first, second))


def findings(of: HeldLists | None = None, **changes: object) -> Findings:
	"""Return findings that fit to lists, with what a test changes of them."""
	of = of or lists()
	return replace(_of_a_workshop(of), **changes)


def nothing() -> Findings:
	"""Return what is found in a file that tells of one call nobody took, and of nothing else."""
	return findings(
		HeldLists(),
		leads=1,
		states={"New": 1, "Active": 0, "Booked": 0, "Inactive": 0, "Declined": 0, "Closed": 0},
		reasons={},
		aging=tuple(AgingDay(day.on, 0, 0) for day in _aging()),
		counts=Counts(1, 0, 0),
		first_response=Waits(0, None, None, None, None),
		replies=Waits(0, None, None, None, None),
		joins={},
		by_source=(Conversions(LOCAL_SERVICES, 1, 0, 0, 0, 0),),
		by_month=(Conversions("2026-11", 1, 0, 0, 0, 0),),
		tells_conversions=False,
		faults_by_reason={},
	)


def _of_a_workshop(of: HeldLists) -> Findings:
	return Findings(
		as_of=AS_OF,
		zone="Europe/Athens",
		days=(14, 30),
		hours="Mon-Fri 09:00-17:00",
		files=(
			FileFacts(
				"leads.csv", LOCAL_SERVICES, 210, 207, 1, 1, 0, len(of.unread), ["Dates are month first."]
			),
			FileFacts("forms.csv", LEAD_FORM, 130, 130, 3, 0, 2, 0),
		),
		leads=320,
		states={"New": 28, "Active": 41, "Booked": 12, "Inactive": 150, "Declined": 9, "Closed": 80},
		reasons={"Unanswered": 40, "Quiet": 110, "Converted": 74, "Do Not Contact": 6},
		unanswered=len(of.waiting),
		aging=_aging(),
		counts=Counts(320, 318, 251),
		first_response=Waits(251, 11 * 60, 26 * HOUR, 9 * 60, 7 * HOUR),
		replies=Waits(98, 25 * 60, 9 * HOUR, 20 * 60, 5 * HOUR),
		joins={"thread": 30, "phone": 12, "e-mail": 4},
		joined_leads=len(of.people),
		by_source=(
			Conversions(LOCAL_SERVICES, 200, 170, 50, 60, 8),
			Conversions(LEAD_FORM, 120, 81, 14, 14, 1),
		),
		by_month=tuple(
			Conversions(f"2026-{month:02}", 20 + month, 15 + month, month, 2 + month // 2, 1)
			for month in range(1, 12)
		),
		tells_conversions=True,
		faults=len(of.unread),
		faults_by_reason={"No date in Lead received.": len(of.unread)} if of.unread else {},
	)


def _aging() -> tuple[AgingDay, ...]:
	return tuple(
		AgingDay(date(2026, 11, 28) + timedelta(days=day), (day * 5) % 7, (day * 3) % 11) for day in range(15)
	)
