"""Records in the middle of sequences, and what became of them. Called as staging.py is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import frappe
from frappe.utils import now_datetime

from lead_inbox.inbox.contact import refusals
from lead_inbox.sequences.activities import activities, next_contact
from lead_inbox.sequences.enrollment import engine
from lead_inbox.sequences.rules import ExitReason
from lead_inbox.tests.browser.staging import JUN, as_user, assign, lead, showcase
from lead_inbox.tests.integration.sequence_builders import (
	advance,
	enroll,
	make_opportunity,
	make_sequence,
	make_template,
	set_due,
	step,
)

CUSTOMER = {"email": "naree@customer.example", "phone": "+1 415 555 0123"}


def lead_at_step(*steps: str | Mapping[str, Any], name: str = "New web lead", **payload: Any) -> str:
	"""A lead of Jun's at the first step of a sequence of these. Its name."""
	record = lead(**{**CUSTOMER, **payload})
	assign(record, JUN)
	put_at_step("Lead", record, steps, name)
	return record


def opportunity_at_step(*steps: str | Mapping[str, Any]) -> str:
	"""An opportunity of a lead, both of Jun's, at the first step of a sequence. Its name."""
	record = make_opportunity(lead(**CUSTOMER), opportunity_owner=JUN).name
	put_at_step("Opportunity", record, steps, "Big deal")
	return record


def opportunity_of_customer(*steps: str | Mapping[str, Any]) -> str:
	"""An opportunity whose customer never was a lead, at the first step of a sequence. Its name."""
	customer = frappe.get_doc(doctype="Customer", customer_name=f"Mills {frappe.generate_hash(length=6)}")
	values = {"opportunity_from": "Customer", "party_name": customer.insert().name, "opportunity_owner": JUN}
	record = make_opportunity("", **values, contact_email="buyer@mills.example").name
	put_at_step("Opportunity", record, steps, "Big deal")
	return record


def put_at_step(doctype: str, record: str, steps: Iterable[str | Mapping[str, Any]], name: str) -> str:
	"""Let a record enter a new sequence and come to its first step. The enrollment."""
	sequence = active_sequence(name, *steps, document_type=doctype)
	enrollment = enroll(sequence, frappe.get_doc(doctype, record))
	set_due(enrollment)
	advance()
	return enrollment


def lead_to_call() -> str:
	"""A lead of Jun's who does not want calls, with a call that a colleague has planned. Its name."""
	record = lead(**CUSTOMER)
	refusals.refuse(record, "Call", True)
	next_contact.add_by_hand("Lead", record, "Phone Call", "Call", now_datetime(), JUN, None, False)
	return record


def active_sequence(name: str, *steps: str | Mapping[str, Any], **fields: Any) -> str:
	return make_sequence(steps, sequence_name=name, **{"exclusive": 0, **fields})


def mail_step(
	title: str = "Send the price list",
	text: str = "Hello {{ lead_name }}, here are our prices.",
	**fields: Any,
) -> dict[str, Any]:
	return step(title, "Email", email_template=make_template(text, "Our prices"), **fields)


def finish_first(record: str) -> None:
	"""A colleague completes what is open on a record."""
	name = frappe.db.get_value("Sales Activity", {"reference_name": record, "status": "Open"})
	as_user(JUN, activities.complete, name)
	advance()


def activities_on(record: str) -> list[tuple[str, str, str, str]]:
	"""Title, status, outcome and note of all activities of a record, in order."""
	rows = frappe.get_all(
		"Sales Activity",
		filters={"reference_name": record},
		fields=["title", "status", "outcome", "note"],
		order_by="creation asc",
	)
	return [(row.title, row.status, row.outcome or "", row.note or "") for row in rows]


def done_by(record: str) -> list[str]:
	"""Whom the activities of a record are with, in order."""
	return frappe.get_all(
		"Sales Activity", filters={"reference_name": record}, pluck="user", order_by="creation asc"
	)


def enrollments_of(record: str) -> list[tuple[str, str]]:
	"""Status and reason for leaving of a record's enrollments, in order."""
	rows = frappe.get_all(
		"Sequence Enrollment",
		filters={"reference_name": record},
		fields=["status", "exit_reason"],
		order_by="creation asc",
	)
	return [(row.status, row.exit_reason or "") for row in rows]


def pass_to(opportunity: str, owner: str) -> None:
	"""Give an opportunity another owner, as its form does."""
	document = frappe.get_doc("Opportunity", opportunity)
	document.update({"opportunity_owner": owner}).save()


def busy_lead() -> str:
	"""The lead of the screenshots: a step that is late, a wait, and steps to come. Its name."""
	record = showcase()
	put_at_step(
		"Lead",
		record,
		(
			step(
				"Call if no answer", "Phone Call", instructions="Ask for Mali.\nMention the spring discount."
			),
			mail_step(wait=1),
			step("Last try", "SMS", wait=2, wait_in="Working Time", message="Are you still looking?"),
		),
		"New web lead",
	)
	waiting = active_sequence("Yearly service", step("Ask for a review", wait=3), "Close the year")
	enroll(waiting, frappe.get_doc("Lead", record))
	left = active_sequence("Welcome", "Say hello")
	engine.leave(enroll(left, frappe.get_doc("Lead", record)), ExitReason.REPLIED)
	return record
