"""The report for people who show it around: one file that refers to nothing outside itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import TextIO

from lead_inbox.audit.findings import Conversions, Findings, Lists
from lead_inbox.audit.report import charts, pieces, sections, tables, words
from lead_inbox.audit.report.markup import Markup, element
from lead_inbox.audit.report.sections import Beginnings, Section
from lead_inbox.audit.report.tiles import tiles

STYLE = "report.css"
# As many months as have room side by side on a phone.
MONTHS_DRAWN = 12

# The policy keeps a browser from fetching anything, whatever an export smuggled in.
HEAD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
"""


def write(findings: Findings, lists: Lists, out: TextIO) -> None:
	"""Write in ASCII, with references for other characters: right in whatever encoding `out` has."""
	for part in _page(findings, sections.beginnings(lists)):
		out.write(part.encode("ascii", "xmlcharrefreplace").decode("ascii"))
		out.write("\n")


def _page(findings: Findings, begun: Beginnings) -> Iterator[str]:
	yield HEAD
	yield element("title", f"{sections.TITLE}, {words.day(findings.as_of)}")
	yield element("style", Markup(files(__package__).joinpath(STYLE).read_text("utf-8")))
	yield "</head>\n<body>"
	told = sections.sections(findings, begun)
	yield _header(findings, told)
	yield "<main>"
	yield tiles(findings, begun)
	for section in told:
		yield _section(section, findings, begun)
	yield "</main>"
	yield element("footer", element("p", sections.PRIVACY))
	yield "</body>\n</html>"


def _header(findings: Findings, told: tuple[Section, ...]) -> Markup:
	links = (element("li", element("a", section.title, href=f"#{section.key}")) for section in told)
	return element(
		"header",
		element("h1", sections.TITLE),
		*(element("p", sentence) for sentence in sections.basis(findings)),
		element("nav", element("ul", *links), aria_label="Sections"),
	)


def _section(section: Section, findings: Findings, begun: Beginnings) -> Markup:
	heading = f"{section.key}-title"
	draw = FIGURES.get(section.key, _plain_figures)
	last = tuple(element("p", note, class_="note") for note in section.notes)
	rest = (element("p", section.rest, class_="rest"),) if section.rest else ()
	return element(
		"section",
		element("h2", section.title, id=heading),
		element("p", section.finding, class_="finding"),
		*(draw(section, findings, begun) if section.tables else ()),
		*rest,
		*last,
		id=section.key,
		aria_labelledby=heading,
	)


def _plain_figures(section: Section, _findings: Findings, _begun: Beginnings) -> Iterator[Markup]:
	yield from (pieces.table_of(table) for table in section.tables if table.rows)


def _states(section: Section, findings: Findings, _begun: Beginnings) -> Iterator[Markup]:
	yield charts.state_bar(findings.states)
	yield from (pieces.table_of(table, "state-") for table in section.tables)


def _aging(section: Section, findings: Findings, _begun: Beginnings) -> Iterator[Markup]:
	yield pieces.legend(("unanswered", "Unanswered"), ("quiet", "Quiet"))
	yield charts.aging_columns(findings.aging)
	yield from (pieces.folded_table(table) for table in section.tables)


def _response(section: Section, findings: Findings, _begun: Beginnings) -> Iterator[Markup]:
	waits = tables.measured_waits(findings)
	marks = charts.marks_for(waits)
	lines = (_line(wait.name, charts.wait_line(wait, marks)) for wait in waits)
	yield pieces.legend(("median", "Median"), ("ninetieth", "9 of 10"))
	yield element("div", *lines, _line("", charts.wait_axis(marks)), class_="lines")
	yield from (pieces.table_of(table) for table in section.tables)


def _line(name: str, chart: Markup) -> Markup:
	return element("div", element("span", name), chart, class_="line")


def _joined(section: Section, _findings: Findings, begun: Beginnings) -> Iterator[Markup]:
	"""The reasons as a table, and each person as a card in place of the second one."""
	if section.tables[0].rows:
		yield pieces.table_of(section.tables[0])
	yield element("ul", *(pieces.card(person) for person in begun.joined), class_="people")


def _conversions(section: Section, findings: Findings, _begun: Beginnings) -> Iterator[Markup]:
	by_source, by_month = section.tables
	yield pieces.table_of(by_source)
	kinds = ("leads", "answered", *(("booked", "converted") if findings.tells_conversions else ()))
	yield pieces.legend(*((kind, kind.capitalize()) for kind in kinds))
	yield charts.month_columns(_months_drawn(findings), findings.tells_conversions)
	yield pieces.folded_table(by_month)


def _months_drawn(findings: Findings) -> tuple[Conversions, ...]:
	return tuple(tables.latest(findings.by_month, MONTHS_DRAWN))


FIGURES: dict[str, Callable[[Section, Findings, Beginnings], Iterator[Markup]]] = {
	"states": _states,
	"aging": _aging,
	"response": _response,
	"joined": _joined,
	"conversions": _conversions,
}
