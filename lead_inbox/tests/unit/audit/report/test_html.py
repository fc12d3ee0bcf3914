from __future__ import annotations

import io
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lead_inbox.audit.findings import LONGEST_LIST, Conversions, Findings, Lists
from lead_inbox.audit.report import html
from lead_inbox.audit.report.words import printable
from lead_inbox.tests.unit.audit.report import builder

VOID = ("meta",)
LEFT_OPEN_BY_NOBODY: list[str] = []


class Page(HTMLParser):
	"""What a browser would find in a report."""

	def __init__(self, report: str) -> None:
		super().__init__()
		self.tags: list[tuple[str, dict[str, str | None]]] = []
		self.texts: list[str] = []
		self.open: list[str] = []
		self.misplaced: list[str] = []
		self.feed(report)
		self.close()

	def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
		self.tags.append((tag, dict(attributes)))
		if tag not in VOID:
			self.open.append(tag)

	def handle_endtag(self, tag: str) -> None:
		if not self.open or self.open.pop() != tag:
			self.misplaced.append(tag)

	def handle_data(self, text: str) -> None:
		self.texts.append(text)

	def all(self, *names: str) -> list[dict[str, str | None]]:
		return [attributes for tag, attributes in self.tags if tag in names]

	@property
	def text(self) -> str:
		return " ".join(self.texts)


def written(findings: Findings, lists: Lists) -> str:
	out = io.StringIO()
	html.write(findings, lists, out)
	return out.getvalue()


def of(lists: builder.HeldLists, **changes: object) -> str:
	return written(builder.findings(lists, **changes), lists)


@pytest.fixture(scope="module")
def page() -> Page:
	return Page(of(builder.lists()))


def test_it_refers_to_nothing_outside_itself() -> None:
	report = of(builder.lists())
	page = Page(report)

	assert not page.all("script", "link", "img", "iframe", "object", "base", "form")
	assert all((a["href"] or "").startswith("#") for a in page.all("a"))
	assert not re.search(r"url\(|@import|https?:|\bsrc=|\bon\w+=", report)


def test_each_link_leads_somewhere(page: Page) -> None:
	places = {attributes.get("id") for _tag, attributes in page.tags}

	assert {(a["href"] or "")[1:] for a in page.all("a")} <= places
	assert {section["aria-labelledby"] for section in page.all("section")} <= places


def test_every_element_is_closed(page: Page) -> None:
	assert page.misplaced == []
	assert page.open == LEFT_OPEN_BY_NOBODY


def test_a_screen_reader_hears_what_charts_and_tables_are(page: Page) -> None:
	charts = page.all("svg")
	assert charts
	assert all(chart.get("aria-label") or chart.get("aria-hidden") == "true" for chart in charts)
	tables = page.all("table")
	assert len(page.all("caption")) == len(tables)
	assert all(head.get("scope") in ("col", "row") for head in page.all("th"))
	headings = [tag for tag, _attributes in page.tags if re.fullmatch(r"h\d", tag)]
	assert headings == ["h1", *["h2"] * (len(headings) - 1)]


def test_the_figures_of_each_chart_stand_in_a_table(page: Page) -> None:
	for figure in ("150", "Sun 29 Nov 2026", "1 d 2 h", "Nov 2026", "26 (84 %)"):
		assert figure in page.texts


def test_it_says_why_leads_were_joined_and_what_could_not_be_read(page: Page) -> None:
	assert "joined by phone" in page.texts
	assert "leads.csv row 12" in page.texts
	assert "No date in Lead received." in page.texts


def test_a_long_list_is_cut_and_says_what_is_missing() -> None:
	text = Page(of(builder.lists(LONGEST_LIST + 7, LONGEST_LIST + 8, LONGEST_LIST + 9))).text

	for rest in (7, 8, 9):
		assert f"And {rest} more: --format json lists them all." in text
	assert f"Naree Phan {LONGEST_LIST} " not in text


def test_where_there_is_nothing_it_says_so() -> None:
	page = Page(written(builder.nothing(), builder.HeldLists()))

	assert "Nobody waits for an answer." in page.text
	assert "Every row could be read." in page.text
	assert "Converted" not in page.texts
	assert page.open == LEFT_OPEN_BY_NOBODY


def test_files_without_a_single_lead_make_a_report_too() -> None:
	empty = builder.nothing()
	changes = {"leads": 0, "states": dict.fromkeys(empty.states, 0), "by_source": (), "by_month": ()}
	text = Page(of(builder.HeldLists(), **changes)).text

	assert "0 leads are in these files." in text


@given(
	st.text(),
	st.sampled_from(["", "<script>alert(1)</script>", '" onload="x', "</style><b>", "&lt;", "\ud83d"]),
)
@settings(max_examples=30)
def test_a_name_is_shown_as_text_and_never_obeyed(around: str, attack: str) -> None:
	name = (attack + around)[:40]
	lists = builder.HeldLists((builder.waiting_lead(0, name or "x"),), (builder.person(0, name),))
	report = of(lists)
	page = Page(report)

	assert report.isascii()
	assert printable(name or "x") in page.texts
	assert not page.all("script", "b")
	assert [tag for tag, _ in page.tags] == [tag for tag, _ in Page(_like(lists)).tags]


def _like(lists: builder.HeldLists) -> str:
	"""Return the report of the same lists with harmless names."""
	return of(builder.HeldLists((builder.waiting_lead(0, "Ada"),), (builder.person(0, "Ada"),)))


def test_only_the_last_months_are_drawn_and_the_rest_is_told() -> None:
	months = tuple(Conversions(f"{2020 + n // 12}-{n % 12 + 1:02}", 5, 4, 1, 1, 0) for n in range(30))
	page = Page(of(builder.lists(), by_month=months))

	assert "And 6 earlier months: --format json lists them all." in page.text
	assert "Jun 2022" in page.texts
	assert "Jun 2020" not in page.texts
