"""How many leads arrived, how far they came and how long it took. The database counts; no lead comes to Python.

Leads that were merged away are left out: they go on as another one. A conversion that was undone has left no
mark on its lead, so it does not count.
"""

from __future__ import annotations

from collections import defaultdict

import frappe

from lead_inbox.conversion.rates.rate_rules import Figures
from lead_inbox.conversion.rates.windows import TIMES, CountBy, Window, chosen_leads, group_key

Groups = defaultdict[str, Figures]

NOT_MERGED = "(`tabLead`.inbox_merged_into is null or `tabLead`.inbox_merged_into = '')"
CONVERTED = "`tabLead`.inbox_converted = 1 and `tabLead`.inbox_converted_on is not null"
# Who came further has passed what lies before, whether anybody noted it or not.
IS_SQL = f"(`tabLead`.inbox_sql_on is not null or ({CONVERTED}))"
IS_MQL = f"(`tabLead`.inbox_mql_on is not null or {IS_SQL})"


def count_arrivals(groups: Groups, window: Window) -> None:
	"""Add the leads that arrived in the window, with how far each has come to this day."""
	arrived = TIMES[CountBy.ARRIVAL]
	rows = frappe.db.sql(
		f"""
		select {group_key(window, arrived)} as label, count(*), sum({IS_MQL}), sum({IS_SQL}), sum({CONVERTED})
		from `tabLead` where {chosen_leads(window, arrived)} and {NOT_MERGED}
		group by label
		""",
		window.values,
	)
	for label, *counts in rows:
		figures = groups[label]
		figures.leads, figures.mql, figures.sql, figures.converted = map(int, counts)


def count_conversions(groups: Groups, window: Window) -> None:
	"""Put in the place of what became of the arrivals the conversions that happened in the window."""
	for figures in groups.values():
		figures.converted = 0
	time = TIMES[CountBy.CONVERSION]
	rows = frappe.db.sql(
		f"""
		select {group_key(window, time)} as label, count(*)
		from `tabLead` where {chosen_leads(window, time)} and {NOT_MERGED} and {CONVERTED}
		group by label
		""",
		window.values,
	)
	for label, converted in rows:
		groups[label].converted = converted


def count_times(groups: Groups, window: Window, count_by: CountBy) -> None:
	"""Add how long the counted conversions took, by the minute, which keeps what comes to Python short."""
	time = TIMES[count_by]
	rows = frappe.db.sql(
		f"""
		select label, wait - wait mod 60 as seconds, count(*) from (
			select {group_key(window, time)} as label, greatest(0, timestampdiff(
				second, `tabLead`.inbox_arrived_on, `tabLead`.inbox_converted_on)) as wait
			from `tabLead` where {chosen_leads(window, time)} and {NOT_MERGED} and {CONVERTED}
		) waits
		where wait is not null group by label, seconds
		""",
		window.values,
	)
	for label, seconds, times in rows:
		groups[label].times[int(seconds)] += times
