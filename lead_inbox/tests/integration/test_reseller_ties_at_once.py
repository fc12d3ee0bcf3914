"""A Reseller Customer that many tie at once gets one Customer: RS-8 with real transactions."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import frappe
import pytest

from lead_inbox.reseller.ties import business
from lead_inbox.reseller.ties.tie_rules import TieChoice
from lead_inbox.tests.integration.conversion_builders import make_business_lead
from lead_inbox.tests.integration.reseller_builders import make_reseller_customer

WORKERS = 8
MADE = ("Customer", "Contact", "Address", "Lead Conversion")


def counts() -> dict[str, int]:
	return {doctype: frappe.db.count(doctype) for doctype in MADE}


def alone() -> str:
	return make_reseller_customer()


def with_lead() -> str:
	return make_reseller_customer(lead=make_business_lead(company=None, territory=None).name)


def links_of(doctype: str, name: str) -> int:
	return frappe.db.count(
		"Dynamic Link", {"parenttype": doctype, "parent": name, "link_doctype": "Customer"}
	)


@pytest.mark.parametrize(
	("begin", "made"),
	[
		(alone, {"Customer": 1, "Contact": 1, "Address": 1, "Lead Conversion": 0}),
		# the lead's own Contact was there before
		(with_lead, {"Customer": 1, "Contact": 0, "Address": 1, "Lead Conversion": 1}),
	],
)
def test_8_who_tie_at_once_make_all_once(live_site, begin, made):
	name = live_site.run(begin)
	before = live_site.run(counts)
	with ThreadPoolExecutor(WORKERS) as threads:
		ties = set(threads.map(lambda _turn: live_site.run(business.tie, name, TieChoice()), range(WORKERS)))

	after = live_site.run(counts)
	assert {doctype: after[doctype] - before[doctype] for doctype in MADE} == made
	(tied,) = ties
	assert live_site.run(links_of, "Contact", tied.contact) == 1
	assert live_site.run(links_of, "Address", tied.address) == 1
