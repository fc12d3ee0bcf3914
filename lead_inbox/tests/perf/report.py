"""What a run has found, for a person as a table and for a program as JSON."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import frappe

from lead_inbox.tests.perf.measure import STATISTICS, Comparison
from lead_inbox.tests.perf.plans import Plan
from lead_inbox.tests.perf.sizes import LEADS
from tools.bench import configured_bench


def show(rows: Sequence[Comparison]) -> None:
	"""Print each requirement with its ratio, both absolute figures and the verdict."""
	for row in rows:
		print(f"\n{row.what}\n  against {row.against}; {row.size}")
		for statistic in row.statistics:
			ours, theirs = figures(row, statistic)
			verdict = "within" if row.ratio(statistic) <= row.at_most else "OVER"
			print(
				f"  {statistic:<7} {in_units(ours):>11}  against {in_units(theirs):>11}"
				f"   ratio {row.ratio(statistic):6.2f}   at most {row.at_most:>4}   {verdict}"
			)


def show_plans(plans: Sequence[Plan]) -> None:
	"""Print the queries that read a whole table or index, or that none does."""
	print("\nPlans of the queries that run often (table, access, index, rows the database expects to read)")
	for plan in plans:
		mark = "SCAN  " if plan.is_scan else "      "
		print(
			f"{mark}{plan.what:<16} {plan.table:<16} {plan.access:<7} {plan.key or '–':<28} {plan.rows:>9,}"
		)
	scans = [plan for plan in plans if plan.is_scan]
	for plan in scans:
		print(f"\n{plan.what}: {plan.statement}")
	print(f"\n{len(scans)} of them read a whole table or index." if scans else "\nEach goes by an index.")


def write(rows: Sequence[Comparison], plans: Sequence[Plan]) -> Path:
	"""Write the figures to LEAD_INBOX_PERF_JSON, by default beside the bench's other state."""
	path = Path(os.environ.get("LEAD_INBOX_PERF_JSON") or configured_bench().state / "perf.json")
	path.parent.mkdir(parents=True, exist_ok=True)
	found = {
		"taken_on": datetime.now(timezone.utc).isoformat(timespec="seconds"),
		"leads": LEADS,
		"machine": {"system": platform.platform(), "processors": os.cpu_count()},
		"versions": {
			"python": platform.python_version(),
			"frappe": frappe.__version__,
			"database": frappe.db.sql("select version()")[0][0],
		},
		"rows": [as_dict(row) for row in rows],
		"plans": [asdict(plan) | {"is_scan": plan.is_scan} for plan in plans],
	}
	path.write_text(json.dumps(found, indent=1, ensure_ascii=False))
	return path


def as_dict(row: Comparison) -> dict[str, Any]:
	return {
		"what": row.what,
		"against": row.against,
		"size": row.size,
		"at_most": row.at_most,
		"is_within": row.is_within,
		"figures": {
			statistic: {
				"seconds": figures(row, statistic)[0],
				"seconds_against": figures(row, statistic)[1],
				"ratio": row.ratio(statistic),
			}
			for statistic in row.statistics
		},
	}


def figures(row: Comparison, statistic: str) -> tuple[float, float]:
	compute = STATISTICS[statistic]
	return compute(row.seconds), compute(row.seconds_against)


def in_units(seconds: float) -> str:
	return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.2f} ms"
