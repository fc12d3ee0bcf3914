"""Converting one lead against what ERPNext's own Make does, and many leads against few."""

from __future__ import annotations

import resource
from collections.abc import Callable
from pathlib import Path

import frappe
from erpnext.crm.doctype.lead.lead import make_customer, make_opportunity

from lead_inbox.conversion.bulk import run_state, runs, selection
from lead_inbox.conversion.making import converting
from lead_inbox.conversion.rules import Choice
from lead_inbox.tests.perf import jobs, samples
from lead_inbox.tests.perf.cleanup import undone
from lead_inbox.tests.perf.measure import Comparison, alternate, time_of
from lead_inbox.tests.perf.rows.processing import only_erpnext
from lead_inbox.tests.perf.sizes import BULK_LEADS, FEW_LEADS, LEADS, in_words

LEADS_OF_A_BLOCK = 10
ROUNDS = 15
FEW_ROUNDS = 5
WARM_LEADS = 500
MOST_SECONDS = 3600


def measure() -> list[Comparison]:
	with undone():
		convert_block(), make_block()
		seconds, seconds_against = alternate(ROUNDS, convert_block, make_block)
	return [
		Comparison(
			what="conversion of one lead, with its history carried over and all written down",
			against="ERPNext's make_customer and make_opportunity, and insert of both",
			at_most=1.3,
			size=f"into {in_words(LEADS)}; {ROUNDS} blocks of {LEADS_OF_A_BLOCK} a side",
			seconds=seconds,
			seconds_against=seconds_against,
		),
		compare_bulk(),
	]


def compare_bulk() -> Comparison:
	"""The few are converted before and after the many, so what else the machine does falls on both."""
	with undone():
		convert_many(FEW_LEADS)
		few = [convert_many(FEW_LEADS) for _round in range(FEW_ROUNDS)]
		convert_many(WARM_LEADS)
		before = resident_megabytes()
		many = convert_many(BULK_LEADS)
		grown = resident_megabytes() - before
		few += [convert_many(FEW_LEADS) for _round in range(FEW_ROUNDS)]
	return Comparison(
		what=f"bulk conversion, per lead, at {BULK_LEADS:,}",
		against=f"at {FEW_LEADS}",
		at_most=1.2,
		size=f"into {in_words(LEADS)}; {2 * FEW_ROUNDS} runs of {FEW_LEADS}; memory {grown:+.0f} MB over the run",
		seconds=[many],
		seconds_against=few,
	)


def convert_block() -> list[float]:
	"""The mean seconds of a lead of the block."""
	return _block(lambda lead: converting.convert(lead, Choice()))


def make_block() -> list[float]:
	"""The mean seconds of a lead of the block, as ERPNext alone makes it a Customer with an Opportunity."""
	leads = _leads(LEADS_OF_A_BLOCK)
	with only_erpnext():
		return [_seconds_of(leads, _make) / len(leads)]


def _block(action: Callable[[str], object]) -> list[float]:
	leads = _leads(LEADS_OF_A_BLOCK)
	return [_seconds_of(leads, action) / len(leads)]


def _make(lead: str) -> None:
	make_customer(lead).insert()
	make_opportunity(lead).insert()


def _seconds_of(leads: list[str], action: Callable[[str], object]) -> float:
	def work() -> None:
		for lead in leads:
			action(lead)
			frappe.db.commit()

	return time_of(work) + jobs.run_queued()


def convert_many(count: int) -> float:
	"""Convert so many leads in bulk and return the mean seconds of one."""
	run = selection.prepare(_leads(count))
	if count > selection.AT_ONCE:
		selection.make_rows(run)
	runs.start(run)
	frappe.db.commit()
	seconds = time_of(lambda: runs.advance_due(MOST_SECONDS))
	jobs.run_queued()
	frappe.set_user("Administrator")
	converted = run_state.counts(run)["Converted"]
	if converted != count:
		words = frappe.get_all(
			"Bulk Lead Conversion Row",
			filters={"bulk_conversion": run, "status": "Failed"},
			pluck="error",
			order_by="position asc",
			limit=1,
		)
		raise RuntimeError(f"{converted:,} of {count:,} leads were converted. {' '.join(words)}")
	return seconds / count


def _leads(count: int) -> list[str]:
	"""Leads that have just been made by hand, each with its Contact."""
	names = [frappe.get_doc(samples.new_lead()).insert().name for _number in range(count)]
	frappe.db.commit()
	jobs.run_queued()
	frappe.set_user("Administrator")
	return names


def resident_megabytes() -> float:
	"""What the process holds of the machine's memory now, not at its highest."""
	pages = int(Path("/proc/self/statm").read_text().split()[1])
	return pages * resource.getpagesize() / 2**20
