"""All figures of a report on conversion rates, by group."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from lead_inbox.conversion.rates import counting, money, visits
from lead_inbox.conversion.rates.rate_rules import Figures
from lead_inbox.conversion.rates.windows import CountBy, Group, Window


@dataclass(frozen=True)
class Measured:
	"""groups: in order. other_currencies: of prices that were left out. revenue_seen: the user may see it."""

	groups: dict[str, Figures]
	other_currencies: tuple[str, ...] = ()
	revenue_seen: bool = True


def measure_funnel(window: Window) -> dict[str, Figures]:
	"""Return how far the leads came that arrived in the window, of the leads that the session's user may see.

	Raises PermissionError for a user who may see no lead.
	"""
	groups = _new_groups(window)
	counting.count_arrivals(groups, window)
	return _in_order(groups, window)


def measure(window: Window, count_by: CountBy, currency: str, sales: str) -> Measured:
	"""Return everything that is known of the groups; of the leads that the session's user may see.

	currency: of cost and revenue. sales: a key of money.SALES.
	Raises PermissionError for a user who may see no lead.
	"""
	groups = _new_groups(window)
	counting.count_arrivals(groups, window)
	if count_by is CountBy.CONVERSION:
		counting.count_conversions(groups, window)
	counting.count_times(groups, window, count_by)
	visits.add_counted(groups, window)
	visits.add_typed(groups, window, with_cost=currency == money.default_currency())
	others = money.add_charges(groups, window, currency)
	revenue_seen = money.add_revenue(groups, window, count_by, sales, currency)
	return Measured(_in_order(groups, window), tuple(sorted(others)), revenue_seen)


def _new_groups(window: Window) -> counting.Groups:
	"""Every period is there, whether anything happened in it or not."""
	groups: counting.Groups = defaultdict(Figures)
	if window.group is Group.PERIOD:
		for start in window.starts:
			groups[start.isoformat()]
	return groups


def _in_order(groups: counting.Groups, window: Window) -> dict[str, Figures]:
	"""Periods by time; others with the most leads first, and what has no name last."""
	if all(figures.is_empty for figures in groups.values()):
		return {}
	if window.group is Group.PERIOD:
		return dict(sorted(groups.items()))
	found = ((key, figures) for key, figures in groups.items() if not figures.is_empty)
	return dict(sorted(found, key=lambda group: (not group[0], -group[1].leads, group[0])))
