"""Every method that the desk calls, tried by those who may not: requirement QU-3."""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from typing import Any

import frappe
import pytest

from lead_inbox import api
from lead_inbox.bookings.rules import Origin
from lead_inbox.conversion.bulk import selection
from lead_inbox.inbox.replies import held_mail
from lead_inbox.reseller.records import RESELLER_CUSTOMER
from lead_inbox.tests.integration.booking_builders import insert_review, make_booking, make_service
from lead_inbox.tests.integration.builders import arrive_event, make_channel, make_lead, make_user
from lead_inbox.tests.integration.conversion_builders import NONE, convert
from lead_inbox.tests.integration.reseller_builders import make_family, make_reseller_customer
from lead_inbox.tests.integration.sequence_builders import come_to_step, enroll, make_sequence

REFUSED = (frappe.PermissionError, frappe.DoesNotExistError)
GUEST_DOORS = ("lead_inbox.api.v1", "lead_inbox.api.links")
RESELLING = "lead_inbox.api.reseller"


def desk_methods() -> Iterator[Callable[..., Any]]:
	"""The whitelisted methods below lead_inbox.api, less the doors that guests may knock at."""
	for module in pkgutil.walk_packages(api.__path__, f"{api.__name__}."):
		if module.name.startswith(GUEST_DOORS):
			continue
		for _name, function in inspect.getmembers(importlib.import_module(module.name), inspect.isfunction):
			if function.__module__ == module.name and is_whitelisted(function):
				yield function


def is_whitelisted(function: Callable[..., Any]) -> bool:
	return function in frappe.whitelisted or getattr(function, "__wrapped__", None) in frappe.whitelisted


METHODS = sorted(desk_methods(), key=lambda method: f"{method.__module__}.{method.__name__}")


@pytest.fixture
def sample() -> dict[str, Any]:
	"""A value for each parameter by name, which would work for a sales person."""
	make_channel()
	event = arrive_event(type="message", name="Naree Phan", phone="+14155550123", message="It drips")
	stored = frappe.db.get_value("Lead Event", event, ["lead", "lead_message"], as_dict=True)
	held_mail.hold("Partner", "mail", {"name": "mail", "sender": "x@elsewhere.example"}, stored.lead)
	other = frappe.get_doc(doctype="Lead", first_name="Other").insert().name
	service = make_service()
	booking = make_booking(service, lead=other, origin=Origin.USER)
	sequence = make_sequence(["Call"])
	enrollment = enroll(sequence, frappe.get_doc("Lead", stored.lead))
	return {
		"name": stored.lead,
		"lead": stored.lead,
		"names": [stored.lead],
		"leads": [stored.lead],
		"winner": stored.lead,
		"loser": other,
		"message": stored.lead_message,
		"before": stored.lead_message,
		"event": frappe.db.get_value("Lead Event", {"event_id": "mail"}),
		"merge": "none",
		"conversion": convert(make_lead(first_name="Bought").name, opportunity=NONE).conversion,
		"bulk_conversion": selection.prepare([stored.lead]),
		"company_key": "acme",
		"mode": "New",
		"values": {"opportunity_mode": "None"},
		"kind": "Feedback",
		"reason": "Spam",
		"medium": "Email",
		"refused": 1,
		"number": "+14155550123",
		"answered": 1,
		"content": "Hello",
		"template": "none",
		"user": "Administrator",
		"until": "2100-01-01 09:00:00",
		"status": "New",
		"doctype": "Lead",
		"tab": "due",
		"source": "call_back",
		"sequence": sequence,
		"enrollment": enrollment,
		"activity": come_to_step(enrollment).name,
		"title": "Call again",
		"due_on": "2100-01-01 09:00:00",
		"subject": "Site visit",
		"starts_on": "2100-01-01 09:00:00",
		"ends_on": "2100-01-01 10:00:00",
		"choice": "stop",
		"stage": "SQL",
		"service": service,
		"booking": booking,
		"review": insert_review(booking),
		"text": "Thank you",
		"from_date": "2100-01-01",
		"until_date": "2100-01-02",
		"party": "lead",
		RESELLING: of_reselling(),
	}


def of_reselling() -> dict[str, Any]:
	"""The same for the methods of reselling, where a name is a Reseller Customer's."""
	family = make_family()
	customer = make_reseller_customer(family=family)
	return {
		"name": customer,
		"source_name": customer,
		"origin": "New",
		"step": "Customer",
		"values": {"organization_name": "Stolen Ltd."},
		"subject": "Registered Domain",
		"result": "Passed",
		"account": "accounts/C1/customers/C2",
		"evidence": "Seen",
		"family": family,
		"given_by": "Mali",
		"given_on": "2024-03-05",
		"row": "none",
		"token": "secret",
		"act": "activate",
		"domain": "stolen.example.com",
		"done": 1,
	}


def arguments_of(method: Callable[..., Any], sample: dict[str, Any]) -> dict[str, Any]:
	required = [
		parameter.name
		for parameter in inspect.signature(method).parameters.values()
		if parameter.default is inspect.Parameter.empty
	]
	if method.__module__.startswith(RESELLING) and "party" not in required:
		sample = {**sample, **sample[RESELLING]}
	return {name: sample[name] for name in required}


def traces_of(lead: str) -> tuple[Any, ...]:
	"""What a call could have changed about a lead."""
	counts = [frappe.db.count(doctype, {"lead": lead}) for doctype in ("Lead Message", "Lead Transition")]
	moving = [
		frappe.get_all(doctype, filters={"lead": lead}, fields=["*"], order_by="name asc")
		for doctype in ("Sequence Enrollment", "Sales Activity", "Booking")
	]
	return (frappe.db.get_value("Lead", lead, "*", as_dict=True), *counts, *moving)


def traces_of_reselling(customer: str) -> tuple[int, dict[str, Any]]:
	return frappe.db.count(RESELLER_CUSTOMER), frappe.get_doc(RESELLER_CUSTOMER, customer).as_dict()


def test_there_are_methods_to_try():
	assert len(METHODS) > 25


@pytest.mark.parametrize("method", METHODS, ids=lambda method: f"{method.__module__}.{method.__name__}")
@pytest.mark.parametrize("role", [None, "Lead Partner"])
def test_who_may_not_read_leads_gets_nothing_and_changes_nothing(method, role, sample):
	stranger = make_user("stranger@elsewhere.example", *filter(None, [role or "Customer"]))
	before = traces_of(sample["name"])
	frappe.set_user(stranger)
	with pytest.raises(REFUSED):
		method(**arguments_of(method, sample))
	assert traces_of(sample["name"]) == before


@pytest.mark.parametrize(
	"method",
	[method for method in METHODS if method.__module__.startswith(RESELLING)],
	ids=lambda method: f"{method.__module__}.{method.__name__}",
)
def test_a_partner_does_the_work_of_the_reseller_not_even_for_its_own_customers(method, sample):
	partner, customer = make_user("partner@elsewhere.example", "Lead Partner"), sample[RESELLING]["name"]
	frappe.db.set_value(RESELLER_CUSTOMER, customer, "owner", partner)
	before = traces_of_reselling(customer)
	frappe.set_user(partner)
	with pytest.raises(REFUSED):
		method(**arguments_of(method, sample))
	assert traces_of_reselling(customer) == before


@pytest.mark.parametrize("method", METHODS, ids=lambda method: f"{method.__module__}.{method.__name__}")
def test_every_method_names_its_http_methods_and_the_types_of_its_arguments(method):
	inner = getattr(method, "__wrapped__", method)
	allowed = next(
		methods
		for function, methods in frappe.allowed_http_methods_for_whitelisted_func.items()
		if function in (method, inner)
	)
	assert set(allowed) <= {"GET", "POST"}
	assert all(
		parameter.annotation is not inspect.Parameter.empty
		for parameter in inspect.signature(inner).parameters.values()
	)


@pytest.mark.parametrize("method", METHODS, ids=lambda method: f"{method.__module__}.{method.__name__}")
def test_numbers_arrive_as_numbers(method):
	"""Frappe makes them of a request's text by the annotation, but not by a postponed one: "0" would be true."""
	parameters = inspect.signature(getattr(method, "__wrapped__", method)).parameters.values()
	postponed = [parameter for parameter in parameters if isinstance(parameter.annotation, str)]
	assert not [p.name for p in postponed if re.search(r"\b(int|float|bool)\b", p.annotation)]
