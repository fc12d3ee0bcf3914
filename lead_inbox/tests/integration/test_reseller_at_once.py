"""One customer that several people enter or change at the same moment: requirement RS-2 with real transactions."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import frappe
import pytest

from lead_inbox.reseller import customers
from lead_inbox.reseller.form_rules import Step
from lead_inbox.reseller.orders import ordering
from lead_inbox.reseller.orders.placed import SALES_ORDER
from lead_inbox.reseller.refusals import ResellerRefused
from lead_inbox.reseller.rules import Origin
from lead_inbox.reseller.vendor import requests, vendors
from lead_inbox.reseller.vendor.vendor_rules import Action
from lead_inbox.tests.integration.conversion_builders import make_customer
from lead_inbox.tests.integration.reseller_builders import (
	account_of,
	completed,
	doc_of,
	domain_values,
	make_family,
	make_product,
	make_reseller_customer,
	record_consent,
)

DOMAIN = "delta-mills.com"
WORKERS = 4


@pytest.fixture
def family(live_site) -> str:
	return live_site.run(make_family)


def outcome(site: Any, act: Callable[..., Any], *arguments: Any) -> tuple[bool, Any]:
	"""Whether it was done, and what it returned or the words for why not."""
	try:
		return True, site.run(act, *arguments)
	except ResellerRefused as refused:
		return False, str(refused)


def at_once(site: Any, act: Callable[..., Any], arguments: list[tuple[Any, ...]]) -> list[tuple[bool, Any]]:
	with ThreadPoolExecutor(len(arguments)) as threads:
		return list(threads.map(lambda given: outcome(site, act, *given), arguments))


def begin(family: str) -> str:
	return customers.begin(Origin.NEW, {"product_family": family, **domain_values(DOMAIN)})


def begin_empty(family: str) -> str:
	return customers.begin(Origin.NEW, {"product_family": family})


def ask(name: str) -> None:
	requests.ask(name, Action.CREATE)
	frappe.db.after_commit.reset()  # nobody is to be woken: there is no vendor


def change_when_asked(name: str, has_looked: Event, is_asked: Event) -> None:
	frappe.get_doc("Reseller Customer", name).check_permission("write")
	has_looked.set()
	assert is_asked.wait(30)
	customers.save_step(name, Step.CUSTOMER, {"organization_name": "Other Mills"})


def submitted_order(name: str, product: str) -> str:
	return completed(ordering.make(SALES_ORDER, name, [product])).submit().name


def cancel_when_submitted(order: str, has_looked: Event, is_submitted: Event) -> None:
	doc = frappe.get_doc("Sales Order", order)
	has_looked.set()
	assert is_submitted.wait(30)
	doc.cancel()


def enter_domain(name: str) -> bool:
	"""Whether the domain was taken."""
	return "domain" not in customers.save_step(name, Step.CUSTOMER, {"domain": DOMAIN})


def begin_import() -> str:
	return customers.begin(Origin.IMPORT, {})


def choose_family(name: str, family: str) -> None:
	customers.save_step(name, Step.KIND, {"product_family": family})


def with_domain(family: str) -> list[str]:
	rows = {"product_family": family, "domain": DOMAIN}
	return frappe.get_all("Reseller Customer", rows, pluck="name", order_by="name asc")


def test_of_two_who_add_one_domain_at_once_one_has_it(live_site, family):
	made = at_once(live_site, begin, [(family,)] * 2)

	assert [done for done, _name in made] == [True, True]
	(winner,) = live_site.run(with_domain, family)
	(loser,) = {name for _done, name in made} - {winner}
	assert live_site.run(enter_domain, loser) is False


def test_a_form_is_closed_by_a_request_that_was_made_meanwhile(live_site):
	"""Whoever writes has looked at the customer before it was their turn."""
	name = live_site.run(
		make_reseller_customer, "Checked", live_site.run(make_family, connection=vendors.GOOGLE)
	)
	with ThreadPoolExecutor(1) as threads:
		has_looked, is_asked = Event(), Event()
		later = threads.submit(outcome, live_site, change_when_asked, name, has_looked, is_asked)
		assert has_looked.wait(30)
		live_site.run(ask, name)
		is_asked.set()
		done, words = later.result()
	assert not done and "being asked" in words
	assert live_site.run(doc_of, name).status == "Checked"


def test_an_order_that_is_submitted_while_another_is_cancelled_counts(live_site, family):
	customer = live_site.run(lambda: make_customer("Delta Mills").name)
	name = live_site.run(make_reseller_customer, "Created", family, customer=customer)
	product = live_site.run(make_product, family)
	first = live_site.run(submitted_order, name, product)
	with ThreadPoolExecutor(1) as threads:
		has_looked, is_submitted = Event(), Event()
		later = threads.submit(live_site.run, cancel_when_submitted, first, has_looked, is_submitted)
		assert has_looked.wait(30)
		live_site.run(submitted_order, name, product)
		is_submitted.set()
		later.result()
	assert live_site.run(doc_of, name).status == "Ordered"


def test_two_who_enter_one_domain_at_once_are_told_who_has_it(live_site, family):
	drafts = [live_site.run(begin_empty, family) for _turn in range(2)]
	entered = at_once(live_site, enter_domain, [(draft,) for draft in drafts])

	(winner,) = live_site.run(with_domain, family)
	won, lost = (entered[drafts.index(winner)], entered[1 - drafts.index(winner)])
	assert won == (True, True)
	assert lost == (True, False) or winner in lost[1]


def test_drafts_that_are_begun_at_once_each_have_a_number(live_site, family):
	made = at_once(live_site, begin_empty, [(family,)] * WORKERS)
	assert all(done for done, _told in made)
	assert len({told for _done, told in made}) == WORKERS


def test_an_account_that_is_noted_twice_at_once_is_noted_once(live_site, family):
	name = live_site.run(make_reseller_customer, "Checked", family)
	account = live_site.run(account_of, name)
	noted = at_once(live_site, customers.note_account, [(name, account)] * WORKERS)
	assert all(done for done, _told in noted)
	assert live_site.run(doc_of, name).status == "Created"


def test_consents_that_are_recorded_at_once_are_all_kept(live_site, family):
	name = live_site.run(make_reseller_customer, "Draft", family)
	recorded = at_once(live_site, record_consent, [(name, family)] * WORKERS)
	assert all(done for done, _told in recorded)
	assert len(live_site.run(doc_of, name).consents) == WORKERS


def test_people_who_fill_in_forms_of_different_customers_do_not_hinder_each_other(live_site, family):
	"""Each adds rows to the same tables, of requirements and of consents."""
	live_site.run(make_product, family, for_sale=0)
	drafts = [live_site.run(begin_import) for _turn in range(WORKERS)]
	given = [(draft, family) for draft in drafts]

	assert at_once(live_site, choose_family, given) == [(True, None)] * WORKERS
	assert at_once(live_site, record_consent, given) == [(True, None)] * WORKERS
	assert [len(live_site.run(doc_of, draft).consents) for draft in drafts] == [1] * WORKERS
