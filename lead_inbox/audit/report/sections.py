"""What the text and the HTML report say, in which order. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from lead_inbox.audit.findings import LONGEST_LIST, Fault, Findings, Joined, Lists, Unanswered
from lead_inbox.audit.report import tables, words
from lead_inbox.audit.report.tables import Table

TITLE = "Lead Inbox audit"
BUSINESS = "Business: only the time in which you are open is counted."
ALWAYS_OPEN = "all hours. Given --hours, waits are measured in business time too"
PRIVACY = "This report names customers: keep it as you keep the export that it was made from."


RESPONSE_NOTES = (
	"First response: from the arrival to the first reply of a person, or the first call that was answered."
	" Later replies: from each later message of a customer to the answer.",
	"Median: half of the customers waited no longer. 9 of 10: nine in ten waited no longer.",
	"A lead that arrived within the last day and still waits does not count yet.",
)


@dataclass(frozen=True)
class Beginnings:
	"""The first entries of each long list."""

	unanswered: tuple[Unanswered, ...]
	joined: tuple[Joined, ...]
	faults: tuple[Fault, ...]


@dataclass(frozen=True)
class Section:
	"""key: names it, in links too. finding: what was found, in a sentence. notes: what the figures mean.

	rest: of a list that was cut, "" for a whole one.
	"""

	key: str
	title: str
	finding: str
	notes: tuple[str, ...] = ()
	tables: tuple[Table, ...] = ()
	rest: str = ""


def beginnings(lists: Lists) -> Beginnings:
	return Beginnings(
		tuple(islice(lists.unanswered(), LONGEST_LIST)),
		tuple(islice(lists.joined(), LONGEST_LIST)),
		tuple(islice(lists.faults(), LONGEST_LIST)),
	)


def basis(findings: Findings) -> tuple[str, ...]:
	"""Return by which rules the leads were judged, in sentences."""
	unanswered, quiet = findings.days
	return (
		f"As of {words.moment(findings.as_of)}, {findings.zone}.",
		f"A lead goes Inactive after {words.days(unanswered)} without an answer, or {words.days(quiet)} without"
		" a word from either side.",
		f"Business hours: {findings.hours or ALWAYS_OPEN}.",
	)


def sections(findings: Findings, begun: Beginnings) -> tuple[Section, ...]:
	return (
		_states(findings),
		_unanswered(findings, begun),
		_aging(findings),
		_response(findings),
		_joined(findings, begun),
		_conversions(findings),
		_files(findings),
		_faults(findings, begun),
	)


def _states(findings: Findings) -> Section:
	finding = f"{words.counted(findings.leads, 'lead is', 'leads are')} in these files."
	reasons = ", ".join(
		f"{reason or 'not told'} {words.number(n)}" for reason, n in findings.reasons.items() if n
	)
	notes = (f"Why leads are Inactive or Closed: {reasons}.",) if reasons else ()
	return Section("states", "Leads by state", finding, notes, (tables.states(findings),))


def _unanswered(findings: Findings, begun: Beginnings) -> Section:
	title = "Who waits for an answer"
	if not begun.unanswered:
		return Section("unanswered", title, "Nobody waits for an answer.")
	longest = begun.unanswered[0]
	waiting = words.counted(findings.unanswered, "customer waits", "customers wait")
	return Section(
		"unanswered",
		title,
		f"{waiting} for an answer, the longest since {words.moment(longest.since)}.",
		(BUSINESS,) if findings.hours else (),
		(tables.unanswered(findings, begun.unanswered),),
		words.more(findings.unanswered, len(begun.unanswered)),
	)


def _aging(findings: Findings) -> Section:
	title = "What comes to rest next"
	unanswered = sum(day.unanswered for day in findings.aging)
	quiet = sum(day.quiet for day in findings.aging)
	until = f"by {words.weekday(findings.aging[-1].on)}" if findings.aging else "soon"
	if not unanswered + quiet:
		return Section("aging", title, f"No lead comes to rest {until}.")
	return Section(
		"aging",
		title,
		f"If nobody touches them, {words.counted(unanswered + quiet, 'lead comes', 'leads come')} to rest"
		f" {until}: {words.number(unanswered)} unanswered and {words.number(quiet)} quiet.",
		("Lead Inbox reminds the owner of an unanswered lead a day before.",),
		(tables.aging(findings),),
	)


def _response(findings: Findings) -> Section:
	title = "How fast you answer"
	counts = findings.counts
	measured = tables.measured_waits(findings)
	if not counts.answered:
		finding = "No reply and no answered call is in these files, so there is no response to measure."
		return Section("response", title, finding)
	share = words.percent(counts.answered, counts.counted)
	answered = f"{share} of {words.counted(counts.counted, 'lead', 'leads')} got an answer{_half(findings)}."
	if not measured:
		return Section("response", title, answered)
	notes = (*RESPONSE_NOTES, BUSINESS) if findings.hours else RESPONSE_NOTES
	return Section("response", title, answered, notes, (tables.waits(measured),))


def _half(findings: Findings) -> str:
	"""Say how long half of those waited of whom that is known."""
	known, median = findings.first_response.count, findings.first_response.elapsed_median
	if median is None:
		return "; when, these files do not tell"
	within = f"within {words.elapsed(median)}" if median else "at once"
	if known == findings.counts.answered:
		return f", half of them {within}"
	return f"; of the {words.number(known)} where it is known when, half got it {within}"


def _joined(findings: Findings, begun: Beginnings) -> Section:
	title = "What belongs together"
	if not begun.joined:
		return Section("joined", title, "No two leads were found to be the same person's.")
	people = words.counted(findings.joined_leads, "person", "people")
	return Section(
		"joined",
		title,
		f"{people} came more than once; Lead Inbox keeps one lead for each of them.",
		(
			"An event joins the lead with the same conversation, else the same phone number, else the same"
			" e-mail address.",
		),
		(tables.joins(findings), tables.joined(begun.joined)),
		words.more(findings.joined_leads, len(begun.joined)),
	)


def _conversions(findings: Findings) -> Section:
	title = "What became of them"
	hidden = len(findings.by_month) - tables.LATEST_MONTHS
	rest = f"And {words.counted(hidden, 'earlier month', 'earlier months')}: --format json lists them all."
	return Section(
		"conversions",
		title,
		_became(findings),
		("Shares are of the leads that arrived. A lead can be answered, booked and converted at once.",),
		(tables.by_source(findings), tables.by_month(findings)) if findings.leads else (),
		rest if hidden > 0 else "",
	)


def _became(findings: Findings) -> str:
	if not findings.tells_conversions:
		return "These files do not tell which leads were booked or converted."
	booked = sum(group.booked for group in findings.by_source)
	converted = sum(group.converted for group in findings.by_source)
	leads = findings.leads
	return (
		f"Of {words.counted(leads, 'lead', 'leads')}, {words.with_share(booked, leads)} were booked and"
		f" {words.with_share(converted, leads)} converted."
	)


def _files(findings: Findings) -> Section:
	rows = sum(file.rows for file in findings.files)
	return Section(
		"files",
		"What was read",
		f"{words.counted(rows, 'row', 'rows')} in {words.counted(len(findings.files), 'file', 'files')}.",
		(
			*(f"{file.name}: {note}" for file in findings.files for note in file.notes),
			"Known already: the same event was read before, in this file or another. Set aside: makes no lead,"
			" as an answering machine. Too late: after the date of this audit.",
		),
		(tables.files(findings),),
	)


def _faults(findings: Findings, begun: Beginnings) -> Section:
	title = "What could not be read"
	if not findings.faults:
		return Section("faults", title, "Every row could be read.")
	return Section(
		"faults",
		title,
		f"{words.counted(findings.faults, 'row was', 'rows were')} left out. Everything else is counted.",
		("Rows are counted as the file has them, from 1 and with the header.",),
		(tables.fault_reasons(findings), tables.faults(begun.faults)),
		words.more(findings.faults, len(begun.faults)),
	)
