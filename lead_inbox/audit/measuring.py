"""The figures of an audit, from the work file after the replay."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from lead_inbox.audit.findings import (
	LONGEST_LIST,
	AgingDay,
	Conversions,
	FileFacts,
	Findings,
)
from lead_inbox.audit.lists import WAITS_FOR_NOBODY
from lead_inbox.audit.opening_hours import in_words
from lead_inbox.audit.replay import Replay
from lead_inbox.audit.settings import DAYS_AHEAD, Settings
from lead_inbox.audit.stored_events import as_stored
from lead_inbox.audit.told import Source
from lead_inbox.inbox import rules
from lead_inbox.inbox.match_rules import By
from lead_inbox.inbox.response.wait_rules import GRACE, Counts
from lead_inbox.inbox.rules import Reason, Status

HAS_REASON = (Status.INACTIVE, Status.CLOSED)
# What leads are grouped by, and in which order.
BY_SOURCE = "source"
BY_MONTH = "substr(inbox_arrived_on, 1, 7)"


def measure(
	work: sqlite3.Connection, settings: Settings, replay: Replay, files: Sequence[FileFacts]
) -> Findings:
	"""replay: that has run. files: as they were taken in; what it has set aside is added to them."""
	for file, count in replay.set_aside.items():
		files[file].set_aside += count
	counts = _counts(work, settings)
	return Findings(
		as_of=settings.as_of,
		zone=str(settings.zone),
		days=(settings.days.unanswered, settings.days.quiet),
		hours=in_words(settings.calendar),
		files=tuple(files),
		leads=counts.leads,
		states=_states(work),
		reasons=_reasons(work),
		unanswered=_unanswered(work),
		aging=_aging(work, settings),
		counts=counts,
		first_response=replay.first_responses.waits(),
		replies=replay.replies.waits(),
		joins={by.value: replay.joins[by] for by in By},
		joined_leads=_number(work, "select count(*) from lead where joined > 0"),
		by_source=_conversions(work, BY_SOURCE),
		by_month=_conversions(work, BY_MONTH),
		tells_conversions=_tells_conversions(work),
		faults=sum(facts.unreadable for facts in files),
		faults_by_reason=_faults_by_reason(work),
	)


def _counts(work: sqlite3.Connection, settings: Settings) -> Counts:
	answered = "inbox_first_response_on is not null"
	row = work.execute(
		f"""
		select count(*), coalesce(sum({answered} or inbox_arrived_on <= ?), 0), coalesce(sum({answered}), 0) from lead
		""",
		(as_stored(settings.as_of - GRACE),),
	).fetchone()
	return Counts(*row)


def _states(work: sqlite3.Connection) -> dict[str, int]:
	found = dict(work.execute("select inbox_status, count(*) from lead group by inbox_status"))
	return {status.value: found.get(status.value, 0) for status in Status}


def _reasons(work: sqlite3.Connection) -> dict[str, int]:
	found = dict(
		work.execute(
			"select inbox_reason, count(*) from lead where inbox_status in (?, ?) group by inbox_reason",
			HAS_REASON,
		)
	)
	return {reason.value: found[reason.value] for reason in Reason if reason.value in found}


def _unanswered(work: sqlite3.Connection) -> int:
	return _number(
		work,
		"""
		select count(distinct lead) from waiting join lead on lead.id = waiting.lead
		where inbox_status not in (?, ?)
		""",
		WAITS_FOR_NOBODY,
	)


def _aging(work: sqlite3.Connection, settings: Settings) -> tuple[AgingDay, ...]:
	"""From what is left of the audit's day on."""
	today = settings.as_of.date()
	days = [today + timedelta(days=ahead) for ahead in range(DAYS_AHEAD + 1)]
	resting: Counter[tuple[date, Reason]] = Counter()
	rows = work.execute(
		"select inbox_status, substr(inbox_aging_from, 1, 10) as day, count(*) from lead group by inbox_status, day"
	)
	for status, day, count in rows:
		coming = rules.countdown(Status(status), datetime.fromisoformat(day), settings.as_of, settings.days)
		if coming:
			resting[coming.on.date(), coming.reason] += count
	return tuple(AgingDay(day, resting[day, Reason.UNANSWERED], resting[day, Reason.QUIET]) for day in days)


def _conversions(work: sqlite3.Connection, group: str) -> tuple[Conversions, ...]:
	rows = work.execute(
		f"""
		select {group} as grouped, count(*), sum(inbox_first_response_on is not null), sum(booked), sum(converted),
			sum(declined)
		from lead group by grouped order by grouped
		"""
	)
	return tuple(Conversions(*row) for row in rows)


def _tells_conversions(work: sqlite3.Connection) -> bool:
	return bool(
		_number(
			work,
			"select exists (select 1 from event where afterwards != '' or source = ?)",
			(Source.ERPNEXT,),
		)
		or _number(work, "select exists (select 1 from lead where booked or converted)")
	)


def _faults_by_reason(work: sqlite3.Connection) -> dict[str, int]:
	"""The commonest first; where each row has one of its own, not all."""
	return dict(
		work.execute(
			"select reason, count(*) from fault group by reason order by count(*) desc, reason limit ?",
			(LONGEST_LIST,),
		)
	)


def _number(work: sqlite3.Connection, question: str, values: Sequence[object] = ()) -> int:
	(answer,) = work.execute(question, tuple(values)).fetchone()
	return int(answer)
