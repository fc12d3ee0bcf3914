"""What the tests of acting need beside staging.py, and what they look up afterwards. Called as that is."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.custom.doctype.property_setter.property_setter import make_property_setter

from lead_inbox.inbox import lifecycle
from lead_inbox.inbox.charges import charges
from lead_inbox.inbox.contact import refusals
from lead_inbox.inbox.merging import merging
from lead_inbox.inbox.replies import declining
from lead_inbox.inbox.rules import Happening
from lead_inbox.tests.browser.staging import CHANNEL, lead, showcase
from lead_inbox.tests.integration.builders import arrive


def missed_call(**payload: Any) -> str:
	"""A lead whose call nobody took. Its name."""
	call = {"answered": False, "direction": "in"}
	return arrive(CHANNEL, **{"type": "call", "name": "Naree Phan", "call": call, **payload})


def hide_numbers() -> None:
	"""From everybody who has no right to the fields' permission level, as an administrator does it."""
	for field in ("phone", "mobile_no", "whatsapp_no"):
		make_property_setter("Lead", field, "permlevel", 3, "Int", validate_fields_for_doctype=False)


def show_numbers() -> None:
	frappe.db.delete("Property Setter", {"doc_type": "Lead", "property": "permlevel"})
	frappe.clear_cache(doctype="Lead")


def calls_of(name: str) -> list[tuple[str, str, int, str]]:
	"""Status, number, seconds and note of the calls that were made to a lead."""
	rows = frappe.get_all(
		"Lead Message",
		filters={"lead": name, "kind": "Call", "direction": "Out"},
		fields=["call_status", "recipient", "duration_seconds", "content"],
		order_by="sent_on asc",
	)
	return [(row.call_status, row.recipient, row.duration_seconds, row.content or "") for row in rows]


def sent_to(name: str) -> list[str]:
	"""The texts that go to a lead's customer by mail or SMS."""
	return frappe.get_all(
		"Lead Message",
		filters={"lead": name, "direction": "Out", "kind": ["in", ["Email", "SMS"]]},
		pluck="content",
		order_by="sent_on asc",
	)


def refuses(name: str, medium: str) -> bool:
	"""Whether the lead's customer does not want a medium."""
	return bool(frappe.db.get_value("Lead", name, lifecycle.REFUSAL_FIELDS[medium]))


def set_lead(name: str, values: dict[str, Any]) -> None:
	"""Facts that only a source or a form would bring."""
	frappe.db.set_value("Lead", name, values)


def decline(name: str) -> None:
	declining.decline(name, "Spam")


def merge(winner: str, loser: str) -> None:
	merging.merge(winner, loser)


def refuse(name: str, medium: str) -> None:
	refusals.refuse(name, medium, True)


def merged_into(name: str) -> str | None:
	return frappe.db.get_value("Lead", name, "inbox_merged_into")


def disputes_of(name: str) -> list[tuple[str, str, str]]:
	rows = frappe.get_all(
		"Lead Dispute",
		filters={"lead": name},
		fields=["kind", "reason", "comment"],
		order_by="creation asc",
	)
	return [(row.kind, row.reason, row.comment or "") for row in rows]


def busy_lead() -> str:
	"""The lead of the screenshots: all that can stand in its sidebar. Its name."""
	name = showcase()
	again = lead("Are you still there?", name="N. Phan")
	old = lead("What does a new filter cost?", name="Naree P.")
	set_lead(name, {"inbox_charged": 1, "mobile_no": "+1 415 555 0199"})
	set_lead(again, {"phone": "+14155550123", "inbox_phone_e164": "+14155550123"})
	merge(name, old)
	charges.file(name, "Dispute", "Geographic Mismatch", None, None)
	refuse(name, "SMS")
	lifecycle.apply(name, Happening.CALL_MISSED)
	return name
