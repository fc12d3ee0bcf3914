"""The figures of an audit as tables, which the text and the HTML report draw each in its way. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lead_inbox.audit.findings import (
	LONGEST_LIST,
	Conversions,
	Fault,
	FileFacts,
	Findings,
	Joined,
	Unanswered,
)
from lead_inbox.audit.report import words
from lead_inbox.inbox.rules import Status

# Of one person that writes every day the first events are enough.
MOST_PARTS = 8
# Two years, so that a month can be compared with the same one before.
LATEST_MONTHS = 24

MEANINGS = {
	Status.NEW: "Nobody has answered yet",
	Status.ACTIVE: "Answered, and in touch since",
	Status.BOOKED: "Has an appointment",
	Status.INACTIVE: "At rest: unanswered or quiet",
	Status.DECLINED: "Turned down by you",
	Status.CLOSED: "Converted, refused or merged",
}


@dataclass(frozen=True)
class Column:
	"""is_long: has texts that may need several lines."""

	name: str
	is_number: bool = False
	is_long: bool = False


@dataclass(frozen=True)
class Table:
	"""rows: a text for each column. bars: a number for each row that is drawn as a bar; () for none."""

	caption: str
	columns: tuple[Column, ...]
	rows: tuple[tuple[str, ...], ...]
	bars: tuple[int, ...] = ()


@dataclass(frozen=True)
class Wait:
	"""How long customers waited for one thing. Seconds, business ones where is_business."""

	name: str
	is_business: bool
	count: int
	median: int
	ninetieth: int

	def said(self, seconds: int) -> str:
		return words.business(seconds) if self.is_business else words.elapsed(seconds)


def states(findings: Findings) -> Table:
	rows = tuple(
		(status.value, words.number(count), words.percent(count, findings.leads), meaning)
		for status, meaning in MEANINGS.items()
		for count in [findings.states.get(status.value, 0)]
	)
	columns = (
		Column("State"),
		Column("Leads", is_number=True),
		Column("Share", is_number=True),
		Column("Meaning", is_long=True),
	)
	bars = tuple(findings.states.get(status.value, 0) for status in MEANINGS)
	return Table("States", columns, rows, bars)


def unanswered(findings: Findings, waiting: Sequence[Unanswered]) -> Table:
	"""Business time stands in it only where it is another than the elapsed one."""
	columns = (
		Column("Who", is_long=True),
		Column("Source", is_long=True),
		Column("State"),
		Column("Since"),
		Column("Waits", is_number=True),
		*((Column("Business", is_number=True),) if findings.hours else ()),
	)
	rows = tuple(_unanswered(lead)[: len(columns)] for lead in waiting)
	return Table("Customers who wait, the longest first", columns, rows)


def aging(findings: Findings) -> Table:
	rows = tuple(
		(words.weekday(day.on), words.number(day.unanswered), words.number(day.quiet))
		for day in findings.aging
	)
	columns = (Column("Day"), Column("Unanswered", is_number=True), Column("Quiet", is_number=True))
	bars = tuple(day.unanswered + day.quiet for day in findings.aging)
	return Table("Leads that come to rest, by day", columns, rows, bars)


def waits(measured: Sequence[Wait]) -> Table:
	columns = (
		Column("Wait", is_long=True),
		Column("Answered", is_number=True),
		Column("Median", is_number=True),
		Column("9 of 10", is_number=True),
	)
	rows = tuple(
		(wait.name, words.number(wait.count), wait.said(wait.median), wait.said(wait.ninetieth))
		for wait in measured
	)
	return Table("How long customers waited", columns, rows)


def measured_waits(findings: Findings) -> tuple[Wait, ...]:
	"""Return the waits of which there was at least one; business ones where they are others than the elapsed."""
	waits = (
		wait
		for name, of in (("First response", findings.first_response), ("Later replies", findings.replies))
		for wait in (
			Wait(name, False, of.count, of.elapsed_median or 0, of.elapsed_ninetieth or 0),
			Wait(f"{name}, business", True, of.count, of.business_median or 0, of.business_ninetieth or 0),
		)
	)
	return tuple(wait for wait in waits if wait.count and (findings.hours or not wait.is_business))


def joins(findings: Findings) -> Table:
	rows = tuple(
		(words.joined_by(by).capitalize(), words.number(count)) for by, count in findings.joins.items()
	)
	return Table(
		"Events that were joined",
		(Column("Joined by"), Column("Events", is_number=True)),
		rows,
	)


def joined(people: Iterable[Joined]) -> Table:
	"""A person's name stands in the first of their rows. What joined an event says more than its source."""
	columns = (
		Column("Who", is_long=True),
		Column("When"),
		Column("Joined by"),
		Column("Where", is_long=True),
	)
	return Table(
		"Events that are one person's", columns, tuple(row for person in people for row in _parts(person))
	)


def by_source(findings: Findings) -> Table:
	rows = tuple((group.group, *_shares(group, findings)) for group in findings.by_source)
	bars = tuple(group.leads for group in findings.by_source)
	return Table("By source", (Column("Source", is_long=True), *_share_columns(findings)), rows, bars)


def by_month(findings: Findings) -> Table:
	months = latest(findings.by_month, LATEST_MONTHS)
	rows = tuple((words.month(group.group), *_shares(group, findings)) for group in months)
	bars = tuple(group.leads for group in months)
	return Table("By month of arrival", (Column("Month"), *_share_columns(findings)), rows, bars)


def latest(months: Sequence[Conversions], count: int) -> Sequence[Conversions]:
	return sorted(months, key=lambda month: month.group)[-count:]


def files(findings: Findings) -> Table:
	columns = (
		Column("File", is_long=True),
		Column("Format", is_long=True),
		Column("Rows", is_number=True),
		Column("Events", is_number=True),
		Column("Known already", is_number=True),
		Column("Set aside", is_number=True),
		Column("Too late", is_number=True),
		Column("Unread", is_number=True),
	)
	return Table("Files", columns, tuple(_file(file) for file in findings.files))


def fault_reasons(findings: Findings) -> Table:
	reasons = sorted(findings.faults_by_reason.items(), key=lambda entry: (-entry[1], entry[0]))
	rows = tuple((reason, words.number(count)) for reason, count in reasons[:LONGEST_LIST])
	return Table("Reasons", (Column("Reason", is_long=True), Column("Rows", is_number=True)), rows)


def faults(unread: Sequence[Fault]) -> Table:
	rows = tuple(
		(fault.file, words.number(fault.row) if fault.row else "all", fault.reason) for fault in unread
	)
	return Table(
		"Rows that could not be read",
		(Column("File", is_long=True), Column("Row", is_number=True), Column("Reason", is_long=True)),
		rows,
	)


def _unanswered(lead: Unanswered) -> tuple[str, ...]:
	return (
		words.label(lead.label),
		words.source(lead.source),
		lead.status,
		words.moment(lead.since),
		words.elapsed(lead.elapsed),
		words.business(lead.business),
	)


def _parts(person: Joined) -> Iterable[tuple[str, ...]]:
	for position, part in enumerate(person.parts[:MOST_PARTS]):
		name = words.label(person.label) if position == 0 else ""
		yield name, words.moment(part.on), words.joined_by(part.by), words.place(part.file, part.row)
	if (rest := len(person.parts) - MOST_PARTS) > 0:
		yield "", f"and {words.number(rest)} more", "", ""


def _share_columns(findings: Findings) -> tuple[Column, ...]:
	names = ("Leads", "Answered", "Booked", "Converted", "Declined")
	told = names if findings.tells_conversions else ("Leads", "Answered", "Declined")
	return tuple(Column(name, is_number=True) for name in told)


def _shares(group: Conversions, findings: Findings) -> tuple[str, ...]:
	conversions = (group.booked, group.converted) if findings.tells_conversions else ()
	parts = (group.answered, *conversions, group.declined)
	return words.number(group.leads), *(words.with_share(part, group.leads) for part in parts)


def _file(file: FileFacts) -> tuple[str, ...]:
	counts = (file.rows, file.events, file.repeated, file.set_aside, file.later, file.unreadable)
	return file.name, words.source(file.format) or words.NOTHING, *(words.number(count) for count in counts)
