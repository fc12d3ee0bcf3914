"""Calls that a user makes from the inbox page."""

from typing import Any

import frappe
from frappe import _

from lead_inbox.inbox import conversation, lifecycle
from lead_inbox.inbox.contact import calls, consent
from lead_inbox.sequences.activities import activities


@frappe.whitelist(methods=["POST"])
def start(
	name: str, number: str, subject: str | None = None, anyway: int = 0, activity: str | None = None
) -> dict[str, Any]:
	"""Record a call to the lead that the page is about to dial, and return its message and the address to open.

	anyway: the user has been warned that the customer does not want calls. Without it the answer is the
	warning, `confirm`, and nothing is recorded. activity: the open Sales Activity, a Phone Call, that is done by
	it once it is known what came of the call; its title is the call's subject by default.
	"""
	frappe.has_permission("Lead", ptype="write", doc=name, throw=True)
	dialed = calls.dialable(name, number)
	refused = consent.refusal(consent.facts(name), "Call")
	if refused and not anyway:
		return {"confirm": refused}
	if activity:
		subject = subject or activities.hold_to_contact(activity, name, "Call").title
	message = calls.start(name, dialed, subject)
	if activity:
		activities.call_started(activity, message)
	return {"message": conversation.read_message(message), "href": f"tel:{dialed}"}


@frappe.whitelist(methods=["POST"])
def finish(message: str, answered: int, duration_seconds: int = 0, note: str | None = None) -> dict[str, Any]:
	"""Record what came of a call, which completes the activity that it was made from. For who made it, and
	who may write the lead."""
	call = frappe.db.get_value("Lead Message", message, ["lead", "user"], as_dict=True)
	if not call:
		frappe.throw(_("This call does not exist any more."), frappe.DoesNotExistError)
	needed = "read" if call.user == frappe.session.user else "write"
	frappe.has_permission("Lead", ptype=needed, doc=call.lead, throw=True)
	calls.finish(message, bool(answered), duration_seconds, note)
	return {"message": conversation.read_message(message)}


@frappe.whitelist(methods=["POST"])
def end_call_back(name: str) -> None:
	"""Nobody needs to call the customer back any more."""
	frappe.has_permission("Lead", ptype="write", doc=name, throw=True)
	lifecycle.end_call_back(name)
