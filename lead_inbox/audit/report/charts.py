"""Charts as inline SVG for any width: across they are shares of it, heights and letters are pixels. Pure.

Each says in its label what it shows; the figures stand in the table beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log

from lead_inbox.audit.findings import AgingDay, Conversions
from lead_inbox.audit.report import words
from lead_inbox.audit.report.markup import Markup, element
from lead_inbox.audit.report.tables import Wait
from lead_inbox.inbox.rules import Status

STATES = tuple(status.value for status in Status)
BAR_HEIGHT = 36
# A narrower part of the bar has no room for its number.
LEAST_WRITTEN = 0.08
TOP, PLOT, LABELS = 18, 130, 38
# Fewer columns than these would be as wide as blocks.
FEWEST_SLOTS = 8
COLUMN_SHARE = 0.7
ROW_HEIGHT, DOT = 34, 6
# As many as have room below fifteen columns on a phone.
WEEKDAY_LETTERS = 2
# Waits that the axis is marked with: neighbors are about as far from each other in a scale of ratios.
MARKS = (10, 60, 600, 3600, 4 * 3600, 86400, 4 * 86400, 14 * 86400, 60 * 86400, 365 * 86400)
# The first and the last mark keep this share of the width for their letters.
MARGIN = 0.06


@dataclass(frozen=True)
class Segment:
	"""A part of a column. kind: which color it has."""

	value: int
	kind: str


def state_bar(states: Mapping[str, int]) -> Markup:
	"""Return all leads as one bar that is divided by state."""
	total = sum(states.get(state, 0) for state in STATES)
	parts, before = [], 0
	for state in STATES:
		count = states.get(state, 0)
		if count:
			parts.append(_state(state, count, before, total))
		before += count
	described = ", ".join(f"{state} {words.percent(states.get(state, 0), total)}" for state in STATES)
	return _chart(f"Leads by state: {described}", BAR_HEIGHT, *parts, class_="bar")


def aging_columns(days: Sequence[AgingDay]) -> Markup:
	"""Return a column for each day, of unanswered leads below and quiet ones on top."""
	highest = max((day.unanswered + day.quiet for day in days), default=0)
	slots = max(len(days), FEWEST_SLOTS)
	parts: list[Markup] = []
	for position, day in enumerate(days):
		column = _Slot(position, slots)
		segments = (Segment(day.unanswered, "unanswered"), Segment(day.quiet, "quiet"))
		parts.extend(_stack(column, segments, highest))
		parts.extend(_labels(column, str(day.on.day), words.WEEKDAYS[day.on.weekday()][:WEEKDAY_LETTERS]))
	return _chart("Leads that come to rest, by day", TOP + PLOT + LABELS, _ground(), *parts)


def month_columns(months: Sequence[Conversions], tells_conversions: bool) -> Markup:
	"""Return a pale column for each month's leads, and in it narrow ones for what became of them."""
	highest = max((month.leads for month in months), default=0)
	slots = max(len(months), FEWEST_SLOTS)
	parts: list[Markup] = []
	for position, month in enumerate(months):
		column = _Slot(position, slots)
		parts.extend(_stack(column, (Segment(month.leads, "leads"),), highest))
		conversions = (Segment(month.booked, "booked"), Segment(month.converted, "converted"))
		inner = (Segment(month.answered, "answered"), *(conversions if tells_conversions else ()))
		parts.extend(_side_by_side(column, inner, highest))
		name, year = words.month(month.group).split()
		parts.extend(_labels(column, name, year if position == 0 or name == words.MONTHS[0] else ""))
	return _chart("Leads by month of arrival", TOP + PLOT + LABELS, _ground(), *parts)


def wait_line(wait: Wait, marks: Sequence[int]) -> Markup:
	"""Return a wait on the scale of some marks."""
	middle = ROW_HEIGHT / 2
	begins, ends = (_across(seconds, marks) for seconds in (wait.median, wait.ninetieth))
	kind = "business" if wait.is_business else "elapsed"
	label = f"{wait.name}: median {wait.said(wait.median)}, 9 of 10 within {wait.said(wait.ninetieth)}"
	return _chart(
		label,
		ROW_HEIGHT,
		*(_line(_across(mark, marks), 0, _across(mark, marks), ROW_HEIGHT, "grid") for mark in marks),
		_line(begins, middle, ends, middle, f"wait {kind}"),
		_dot(ends, middle, f"ninetieth {kind}"),
		_dot(begins, middle, f"median {kind}"),
	)


def wait_axis(marks: Sequence[int]) -> Markup:
	"""Return the letters below the lines. They repeat what the lines' labels say, so nobody hears them."""
	texts = (_text(_across(mark, marks), 14, words.elapsed(mark), "label") for mark in marks)
	return element("svg", *texts, class_="chart", height=20, width="100%", aria_hidden="true")


def marks_for(waits: Sequence[Wait]) -> tuple[int, ...]:
	"""Return the marks of the scale on which some waits have room; at least two."""
	shortest = min(wait.median for wait in waits)
	longest = max(wait.ninetieth for wait in waits)
	first = max((i for i, mark in enumerate(MARKS) if mark <= shortest), default=0)
	last = min((i for i, mark in enumerate(MARKS) if mark >= longest), default=len(MARKS) - 1)
	first = min(first, len(MARKS) - 2)
	return MARKS[first : max(last, first + 1) + 1]


@dataclass(frozen=True)
class _Slot:
	"""The place of a column. Shares of the width."""

	position: int
	slots: int

	@property
	def width(self) -> float:
		return COLUMN_SHARE / self.slots

	@property
	def middle(self) -> float:
		return (self.position + 0.5) / self.slots

	@property
	def left(self) -> float:
		return self.middle - self.width / 2


def _state(state: str, count: int, before: int, total: int) -> Markup:
	share = count / total
	kind = f"state-{state.lower()}"
	title = element("title", f"{state}: {words.number(count)}")
	shape = _rectangle(before / total, 0, share, BAR_HEIGHT, kind, title)
	if share < LEAST_WRITTEN:
		return shape
	middle = (before + count / 2) / total
	return element("g", shape, _text(middle, BAR_HEIGHT / 2 + 4.5, words.short_number(count), "on-color"))


def _stack(slot: _Slot, segments: Sequence[Segment], highest: int) -> Iterator[Markup]:
	total = sum(segment.value for segment in segments)
	below = 0
	for segment in segments:
		if segment.value:
			height, bottom = _height(segment.value, highest), _height(below, highest)
			yield _rectangle(slot.left, TOP + PLOT - bottom - height, slot.width, height, segment.kind)
		below += segment.value
	if total:
		top = TOP + PLOT - _height(total, highest)
		yield _text(slot.middle, top - 5, words.short_number(total), "value")


def _side_by_side(slot: _Slot, segments: Sequence[Segment], highest: int) -> Iterator[Markup]:
	"""Yield narrow columns with gaps of half their width around them."""
	unit = slot.width / (3 * len(segments) + 1)
	for position, segment in enumerate(segments):
		if segment.value:
			height = _height(segment.value, highest)
			left = slot.left + unit * (1 + 3 * position)
			yield _rectangle(left, TOP + PLOT - height, 2 * unit, height, segment.kind)


def _labels(slot: _Slot, first: str, second: str) -> Iterator[Markup]:
	yield _text(slot.middle, TOP + PLOT + 16, first, "label")
	if second:
		yield _text(slot.middle, TOP + PLOT + 31, second, "label faint")


def _height(value: int, highest: int) -> float:
	return PLOT * value / highest


def _across(seconds: int, marks: Sequence[int]) -> float:
	"""Return where a wait stands on a scale of ratios, as a share of the width."""
	least, most = log(marks[0]), log(marks[-1])
	place = (log(max(seconds, 1)) - least) / (most - least)
	return MARGIN + (1 - 2 * MARGIN) * min(max(place, 0), 1)


def _chart(label: str, height: int, *parts: Markup, class_: str = "") -> Markup:
	names = f"chart {class_}".strip()
	return element("svg", *parts, class_=names, width="100%", height=height, role="img", aria_label=label)


def _ground() -> Markup:
	return _line(0, TOP + PLOT + 0.5, 1, TOP + PLOT + 0.5, "ground")


def _rectangle(left: float, top: float, width: float, height: float, kind: str, *inside: Markup) -> Markup:
	return element(
		"rect",
		*inside,
		x=_share(left),
		y=_pixels(top),
		width=_share(width),
		height=_pixels(height),
		class_=kind,
	)


def _line(left: float, top: float, right: float, bottom: float, kind: str) -> Markup:
	return element(
		"line", x1=_share(left), y1=_pixels(top), x2=_share(right), y2=_pixels(bottom), class_=kind
	)


def _dot(middle: float, top: float, kind: str) -> Markup:
	return element("circle", cx=_share(middle), cy=_pixels(top), r=DOT, class_=kind)


def _text(middle: float, bottom: float, text: str, kind: str) -> Markup:
	return element("text", text, x=_share(middle), y=_pixels(bottom), text_anchor="middle", class_=kind)


def _share(share: float) -> str:
	return f"{100 * share:.3f}%"


def _pixels(length: float) -> str:
	return f"{length:.2f}"
