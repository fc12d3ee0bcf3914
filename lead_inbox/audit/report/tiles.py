"""The figures that the HTML report begins with. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from lead_inbox.audit.findings import Findings
from lead_inbox.audit.report import words
from lead_inbox.audit.report.markup import Markup, element
from lead_inbox.audit.report.sections import Beginnings


def tiles(findings: Findings, begun: Beginnings) -> Markup:
	return element("dl", *_tiles(findings, begun), class_="tiles")


def _tiles(findings: Findings, begun: Beginnings) -> Iterator[Markup]:
	counts = findings.counts
	in_files = f"in {words.counted(len(findings.files), 'file', 'files')}"
	answered = f"{words.number(counts.answered)} of {words.number(counts.counted)}"
	yield _tile("Leads", words.number(findings.leads), in_files)
	yield _tile("Wait for an answer", words.number(findings.unanswered), _longest(begun))
	yield _tile("Answered", words.percent(counts.answered, counts.counted), answered)
	yield _tile("First response", words.elapsed(findings.first_response.elapsed_median), _median(findings))
	if findings.tells_conversions:
		converted = sum(group.converted for group in findings.by_source)
		share = words.percent(converted, findings.leads)
		yield _tile("Converted", share, words.counted(converted, "lead", "leads"))


def _longest(begun: Beginnings) -> str:
	return f"the longest for {words.elapsed(begun.unanswered[0].elapsed)}" if begun.unanswered else "nobody"


def _median(findings: Findings) -> str:
	first = findings.first_response
	if not first.count:
		return "nothing to measure"
	business = words.business(first.business_median)
	return f"median; {business} in business time" if findings.hours else "median"


def _tile(name: str, value: str, note: str) -> Markup:
	described = (element("dd", value, class_="big"), element("dd", note, class_="note"))
	return element("div", element("dt", name), *described)
