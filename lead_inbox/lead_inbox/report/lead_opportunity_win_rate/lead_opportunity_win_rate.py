"""Report: how often opportunities that came from a lead are won, beside the others (CO-10)."""

from __future__ import annotations

from collections.abc import Iterable

import frappe
from frappe import _

from lead_inbox.conversion.rates import presenting
from lead_inbox.conversion.rates.presenting import Row, column, percent_column, percent_figure
from lead_inbox.conversion.rates.rate_rules import Outcomes
from lead_inbox.conversion.rates.win_rates import Sides, measure
from lead_inbox.conversion.rates.windows import Window, parse_window


def execute(filters: Row | None = None) -> tuple[list[Row], list[Row], None, Row | None, list[Row]]:
	"""Return columns, rows, no message, chart and summary.

	filters: from_date, to_date (both included, by the opportunity's date), group_by, interval, source,
	campaign, owner, channel. Frappe has checked that the user may run the report; only opportunities that the
	user may see are counted.
	Raises frappe.ValidationError for dates in the wrong order and for choices that there are not.
	"""
	window = parse_window(frappe._dict(filters or {}))
	groups = measure(window)
	rows = [_row(window, key, sides) for key, sides in groups.items()]
	rates = {
		_("From Leads"): [sides.from_leads.win_rate for sides in groups.values()],
		_("Others"): [sides.others.win_rate for sides in groups.values()],
	}
	return _columns(window), rows, None, presenting.chart(window, groups, rates), _summary(groups.values())


def _row(window: Window, key: str, sides: Sides) -> Row:
	return {
		"group": presenting.group_cell(window, key),
		**_outcomes("lead", sides.from_leads),
		**_outcomes("other", sides.others),
	}


def _outcomes(side: str, outcomes: Outcomes) -> Row:
	return {
		f"{side}_won": outcomes.won,
		f"{side}_lost": outcomes.lost,
		f"{side}_undecided": outcomes.undecided,
		f"{side}_win_rate": outcomes.win_rate,
	}


def _columns(window: Window) -> list[Row]:
	return [
		presenting.group_column(window),
		column("lead_won", _("From Leads: Won"), width=140),
		column("lead_lost", _("From Leads: Lost"), width=140),
		column("lead_undecided", _("From Leads: Open"), width=155),
		percent_column("lead_win_rate", _("From Leads: Win Rate"), 185),
		column("other_won", _("Others: Won")),
		column("other_lost", _("Others: Lost")),
		column("other_undecided", _("Others: Open"), width=120),
		percent_column("other_win_rate", _("Others: Win Rate")),
	]


def _summary(groups: Iterable[Sides]) -> list[Row]:
	whole = Sides()
	for sides in groups:
		whole = whole.plus(sides)
	return [
		*percent_figure(_("Win Rate of Opportunities from Leads"), whole.from_leads.win_rate),
		*percent_figure(_("Win Rate of the Others"), whole.others.win_rate),
	]
