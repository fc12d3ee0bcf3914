"""Report: what came of the records that entered sequences, by version and by step (SQ-9)."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

import frappe
from frappe import _
from frappe.utils import add_days, add_months, cint, getdate, nowdate

from lead_inbox.sequences import performance
from lead_inbox.sequences.performance import Figures, Version, Window
from lead_inbox.sequences.rules import ExitReason, Result, Status

Row = dict[str, Any]


def execute(filters: Row | None = None) -> tuple[list[Row], list[Row], None, Row | None, list[Row]]:
	"""Return columns, rows, no message, chart and summary. A version's row is followed by those of its steps.

	filters: from_date, to_date (both included, by enrollment; by default the last twelve months), sequence
	(its name without the version), version, document_type. Frappe has checked that the user may run the
	report; only records that the user may see are counted. Raises frappe.ValidationError for dates in the
	wrong order.
	"""
	versions = performance.measure(_window(frappe._dict(filters or {})))
	reasons = [
		reason.value
		for reason in ExitReason
		if any(version.figures.exits[reason.value] for version in versions)
	]
	rows = [row for version in versions for row in _rows(version, reasons)]
	return _columns(reasons), rows, None, _chart(versions), _summary(versions)


def _window(asked: frappe._dict) -> Window:
	to_date = getdate(asked.to_date or nowdate())
	from_date = getdate(asked.from_date or add_months(to_date, -12))
	if from_date > to_date:
		frappe.throw(_("Choose a first day that is not after the last one."))
	return Window(
		since=datetime.combine(from_date, time.min),
		until=datetime.combine(add_days(to_date, 1), time.min),
		sequence_name=asked.sequence or None,
		version=cint(asked.version) or None,
		document_type=asked.document_type or None,
	)


def _columns(reasons: list[str]) -> list[Row]:
	return [
		{"fieldname": "label", "label": _("Sequence or Step"), "fieldtype": "Data", "width": 260},
		{"fieldname": "kind", "label": _("Kind"), "fieldtype": "Data", "width": 100},
		_column("entered", _("Entered")),
		_column("active", _("Active")),
		_column("paused", _("Paused")),
		_column("finished", _("Finished")),
		_column("done", _("Done")),
		_column("skipped", _("Skipped")),
		_column("replied", _("Replied")),
		_column("reply_median", _("Time to Reply: Median"), "Duration", 170),
		_column("exited", _("Exited")),
		*(_column(_exit_field(reason), _("Exited: {0}").format(_(reason)), width=160) for reason in reasons),
	]


def _column(fieldname: str, label: str, fieldtype: str = "Int", width: int = 90) -> Row:
	return {"fieldname": fieldname, "label": label, "fieldtype": fieldtype, "width": width}


def _exit_field(reason: str) -> str:
	return "exit_" + frappe.scrub(reason)


def _rows(version: Version, reasons: list[str]) -> list[Row]:
	"""What a version or a step can't have is None, not zero."""
	whole = {
		**_counts(version.figures, reasons),
		"label": version.sequence.name,
		"sequence": version.sequence.name,
		"finished": version.figures.statuses[Status.FINISHED.value],
		"indent": 0,
	}
	return [whole, *(_step_row(step, figures, reasons) for step, figures in version.steps)]


def _step_row(step: Any, figures: Figures, reasons: list[str]) -> Row:
	return {
		**_counts(figures, reasons),
		"label": f"{step.idx}. {step.title}",
		"kind": _(step.kind),
		"done": figures.results[Result.COMPLETED.value],
		"skipped": figures.results[Result.SKIPPED.value],
		"indent": 1,
	}


def _counts(figures: Figures, reasons: list[str]) -> Row:
	return {
		"entered": figures.entered,
		"active": figures.statuses[Status.ACTIVE.value],
		"paused": figures.statuses[Status.PAUSED.value],
		"exited": figures.statuses[Status.EXITED.value],
		"replied": figures.replied,
		"reply_median": figures.median_wait,
		**{_exit_field(reason): figures.exits[reason] for reason in reasons},
	}


def _chart(versions: list[Version]) -> Row | None:
	"""The steps of one version, or how the records of several fared."""
	if not versions:
		return None
	return _chart_of_steps(versions[0]) if len(versions) == 1 else _chart_of_versions(versions)


def _chart_of_steps(version: Version) -> Row:
	figures = [of for _step, of in version.steps]
	values = {
		_("Entered"): [of.entered for of in figures],
		_("Done"): [of.results[Result.COMPLETED.value] for of in figures],
		_("Skipped"): [of.results[Result.SKIPPED.value] for of in figures],
		_("Replied"): [of.replied for of in figures],
	}
	return _bars([f"{step.idx}. {step.title}" for step, _figures in version.steps], values)


def _chart_of_versions(versions: list[Version]) -> Row:
	values = {
		_(status.value): [version.figures.statuses[status.value] for version in versions] for status in Status
	}
	return {
		**_bars([version.sequence.name for version in versions], values),
		"barOptions": {"stacked": 1},
	}


def _bars(labels: list[str], values: dict[str, list[int]]) -> Row:
	datasets = [{"name": name, "values": numbers} for name, numbers in values.items()]
	return {"type": "bar", "data": {"labels": labels, "datasets": datasets}}


def _summary(versions: list[Version]) -> list[Row]:
	if not versions:
		return []
	whole = [version.figures for version in versions]
	figures = [
		(_("Entered"), sum(of.entered for of in whole), "Int"),
		(_("Finished"), sum(of.statuses[Status.FINISHED.value] for of in whole), "Int"),
		(_("Replied"), sum(of.replied for of in whole), "Int"),
	]
	if (median := performance.overall_wait(versions)) is not None:
		figures.append((_("Time to Reply: Median"), median, "Duration"))
	return [{"label": label, "value": value, "datatype": kind} for label, value, kind in figures]
