"""One lead converted by many at once is converted once: requirement CO-2 with real transactions."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import frappe

from lead_inbox.conversion.making import converting
from lead_inbox.conversion.making.converting import AlreadyConverted, Converted
from lead_inbox.conversion.rules import Choice
from lead_inbox.tests.integration.builders import make_lead, make_user
from lead_inbox.tests.integration.conversion_builders import make_business_lead

WORKERS = 8
MADE = ("Customer", "Contact", "Opportunity", "Lead Conversion")
PASSWORD = "a long password of the tests 1!"
CONVERT = "/api/method/lead_inbox.api.conversion.convert"


def counts() -> dict[str, int]:
	return {doctype: frappe.db.count(doctype) for doctype in MADE}


def lead_of_a_company() -> str:
	return make_business_lead(company=None, territory=None).name


def outcome(site: Any, lead: str) -> Converted | str:
	"""What was made, or the words of the refusal."""
	try:
		return site.run(converting.convert, lead, Choice())
	except AlreadyConverted as refused:
		return str(refused)


def test_of_8_conversions_of_one_lead_at_once_one_happens(live_site):
	lead = live_site.run(lead_of_a_company)
	before = live_site.run(counts)
	with ThreadPoolExecutor(WORKERS) as threads:
		outcomes = list(threads.map(lambda _turn: outcome(live_site, lead), range(WORKERS)))

	made = [found for found in outcomes if isinstance(found, Converted)]
	refusals = [found for found in outcomes if isinstance(found, str)]
	assert (len(made), len(refusals)) == (1, WORKERS - 1)
	assert all("Phan Plumbing" in words and "Administrator" in words for words in refusals)
	after = live_site.run(counts)
	# the lead's own Contact was there before
	assert {doctype: after[doctype] - before[doctype] for doctype in MADE} == {
		"Customer": 1,
		"Contact": 0,
		"Opportunity": 1,
		"Lead Conversion": 1,
	}


def test_the_contact_of_a_lead_that_has_none_is_made_once(live_site):
	lead = live_site.run(lead_without_contact)
	before = live_site.run(counts)
	with ThreadPoolExecutor(WORKERS) as threads:
		outcomes = list(threads.map(lambda _turn: outcome(live_site, lead), range(WORKERS)))
	assert sum(isinstance(found, Converted) for found in outcomes) == 1
	assert live_site.run(counts)["Contact"] - before["Contact"] == 1


def lead_without_contact() -> str:
	lead = make_lead(first_name="Naree", email_id="naree@customer.example")
	contact = frappe.db.get_value("Dynamic Link", {"link_doctype": "Lead", "link_name": lead.name}, "parent")
	frappe.delete_doc("Contact", contact)
	return lead.name


def user_with_password() -> str:
	user = frappe.get_doc("User", make_user(f"{frappe.generate_hash(length=8)}@company.example"))
	user.update({"new_password": PASSWORD})
	user.save()
	return user.name


def test_the_page_is_told_who_was_first(live_site):
	"""Over HTTP: an error undoes all that its request has done."""
	lead = live_site.run(lead_of_a_company)
	session = live_site.log_in(live_site.run(user_with_password), PASSWORD)

	def convert(_turn: int) -> Any:
		return live_site.post_form(CONVERT, {"lead": lead}, {"Cookie": f"sid={session}"})

	with ThreadPoolExecutor(WORKERS) as threads:
		answers = list(threads.map(convert, range(WORKERS)))
	statuses = [answer.status for answer in answers]
	assert sorted(set(statuses)) == [200, 417] and statuses.count(200) == 1
	refused = next(answer for answer in answers if answer.status == 417)
	assert "is converted already: to the customer Phan Plumbing" in json.dumps(refused.json)
