"""`make perf`: the ratios of requirement QU-1, both sides measured in one run on this machine.

Arguments name the rows to measure (acceptance, processing, aging, pages, counts, sequences, conversion,
booking_slots); without any, all are.
The site is seeded on the first run and when its size or the seed has changed. Ends with status 1 when a ratio
is over what the requirement allows or a query reads a whole table.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from datetime import datetime

from lead_inbox.tests.perf import cleanup, plans, report, seed, site, sizes
from lead_inbox.tests.perf.measure import Comparison
from lead_inbox.tests.perf.rows import (
	acceptance,
	aging,
	booking_slots,
	conversion,
	counts,
	pages,
	processing,
	sequences,
)

ROWS: dict[str, Callable[[datetime], list[Comparison]]] = {
	"acceptance": lambda _now: acceptance.measure(),
	"processing": lambda _now: processing.measure(),
	"aging": aging.measure,
	"pages": pages.measure,
	"counts": lambda _now: counts.measure(),
	"sequences": lambda _now: sequences.measure(),
	"conversion": lambda _now: conversion.measure(),
	"booking_slots": lambda _now: booking_slots.measure(),
}


def main(arguments: Sequence[str]) -> int:
	"""Returns an exit status."""
	unknown = set(arguments) - set(ROWS)
	if unknown:
		print(
			f"There is no row {', '.join(sorted(unknown))}. Choose from {', '.join(ROWS)}.", file=sys.stderr
		)
		return 2
	with site.connected(os.environ["SITE"], os.environ["SITES_PATH"]):
		site.set_up()
		print(f"Site {os.environ['SITE']}: {sizes.in_words(sizes.LEADS)}", flush=True)
		now = seed.ensure_leads(sizes.LEADS)
		cleanup.recover(now)
		rows: list[Comparison] = []
		for name in arguments or ROWS:
			print(f"Measuring {name} …", flush=True)
			rows += ROWS[name](now)
		found = list(plans.explain_all(now))
		report.show(rows)
		report.show_plans(found)
		print(f"\nWritten to {report.write(rows, found)}")
	is_within = all(row.is_within for row in rows) and not any(plan.is_scan for plan in found)
	return 0 if is_within else 1


if __name__ == "__main__":
	sys.exit(main(sys.argv[1:]))
