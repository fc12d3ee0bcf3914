"""The report for programs: everything that was found, all lists whole.

Its keys are stable: new ones may come, none changes its meaning without another `version`. Times are local
ones of `zone`, as `2026-11-28T15:05:00`; waits are in seconds; rates are 0 to 1, null where there was nothing
to count.

	version         1
	as_of, zone     when it is judged
	rules           unanswered_after_days, quiet_after_days, hours
	leads           how many there are
	states          leads by state
	reasons         why leads are Inactive or Closed
	aging           [on, unanswered, quiet]: leads that come to rest on a day if nobody touches them
	response        leads, counted, answered, rate; first and later: answered, and elapsed and business, each
	                with median_seconds and ninetieth_seconds
	joins           events that were joined, by thread, phone and e-mail
	conversions     told: whether the files say what was booked or converted; by_source and by_month:
	                [group, leads, answered, booked, converted, declined, conversion_rate]
	files           [name, format, rows, events, repeated, set_aside, later, unreadable, notes]
	faults_by_reason
	unanswered      count, and list: [label, source, status, since, elapsed_seconds, business_seconds]
	joined          count, and list: [label, parts: [file, row, source, on, by]]; by is "" for the first one
	faults          count, and list: [file, row, reason]; row is 0 for a whole file

The lists come last and an entry a line, so that the rest can be read without them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, TextIO

from lead_inbox.audit.findings import Conversions, Fault, Findings, Joined, Lists, Part, Unanswered, Waits

VERSION = 1


def write(findings: Findings, lists: Lists, out: TextIO) -> None:
	out.write("{\n")
	for key, value in _figures(findings).items():
		out.write(f"{_text(key)}: {_text(value)},\n")
	_write_list(out, "unanswered", findings.unanswered, (_unanswered(lead) for lead in lists.unanswered()))
	out.write(",\n")
	_write_list(out, "joined", findings.joined_leads, (_joined(person) for person in lists.joined()))
	out.write(",\n")
	_write_list(out, "faults", findings.faults, (_fault(fault) for fault in lists.faults()))
	out.write("\n}\n")


def _write_list(out: TextIO, key: str, count: int, entries: Iterable[dict[str, Any]]) -> None:
	out.write(f'{_text(key)}: {{"count": {count}, "list": [')
	separator = "\n"
	for entry in entries:
		out.write(separator + _text(entry))
		separator = ",\n"
	out.write("\n]}")


def _text(value: object) -> str:
	"""Return a value as JSON in ASCII, which any pipe and any shell passes on unchanged."""
	return json.dumps(value)


def _figures(findings: Findings) -> dict[str, Any]:
	unanswered, quiet = findings.days
	return {
		"version": VERSION,
		"as_of": findings.as_of.isoformat(),
		"zone": findings.zone,
		"rules": {"unanswered_after_days": unanswered, "quiet_after_days": quiet, "hours": findings.hours},
		"leads": findings.leads,
		"states": findings.states,
		"reasons": findings.reasons,
		"aging": [{**asdict(day), "on": day.on.isoformat()} for day in findings.aging],
		"response": _response(findings),
		"joins": findings.joins,
		"conversions": {
			"told": findings.tells_conversions,
			"by_source": [_conversions(group) for group in findings.by_source],
			"by_month": [_conversions(group) for group in findings.by_month],
		},
		"files": [asdict(file) for file in findings.files],
		"faults_by_reason": findings.faults_by_reason,
	}


def _response(findings: Findings) -> dict[str, Any]:
	counts = findings.counts
	return {
		"leads": counts.leads,
		"counted": counts.counted,
		"answered": counts.answered,
		"rate": counts.rate,
		"first": _waits(findings.first_response),
		"later": _waits(findings.replies),
	}


def _waits(waits: Waits) -> dict[str, Any]:
	return {
		"answered": waits.count,
		"elapsed": {"median_seconds": waits.elapsed_median, "ninetieth_seconds": waits.elapsed_ninetieth},
		"business": {"median_seconds": waits.business_median, "ninetieth_seconds": waits.business_ninetieth},
	}


def _conversions(group: Conversions) -> dict[str, Any]:
	return {**asdict(group), "conversion_rate": group.converted / group.leads if group.leads else None}


def _unanswered(lead: Unanswered) -> dict[str, Any]:
	return {
		"label": lead.label,
		"source": lead.source,
		"status": lead.status,
		"since": lead.since.isoformat(),
		"elapsed_seconds": lead.elapsed,
		"business_seconds": lead.business,
	}


def _joined(person: Joined) -> dict[str, Any]:
	return {"label": person.label, "parts": [_part(part) for part in person.parts]}


def _part(part: Part) -> dict[str, Any]:
	return {
		"file": part.file,
		"row": part.row,
		"source": part.source,
		"on": part.on.isoformat(),
		"by": part.by,
	}


def _fault(fault: Fault) -> dict[str, Any]:
	return {"file": fault.file, "row": fault.row, "reason": fault.reason}
