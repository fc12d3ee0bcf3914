"""ERPNext's Call Log, which telephony integrations write as a call proceeds."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils import cint

from lead_inbox.channels.call_log import is_answered, is_final
from lead_inbox.inbox import arrival
from lead_inbox.inbox.contact import calls


def before_insert(doc: Any, _method: str | None = None) -> None:
	"""Fill in the number of a call that the inbox makes. ERPNext has just looked for leads by the number, by
	a scan that may find another lead with the same ending; so it had none to look for."""
	if doc.flags.lead_inbox_dialed:
		doc.to = doc.flags.lead_inbox_dialed


def on_update(doc: Any, _method: str | None = None) -> None:
	"""Called after the insert and after each change; the event's key makes one call one event."""
	if not is_final(doc.status) or calls.is_own(doc):
		return
	if calls.complete_own(doc, is_answered(doc.status, cint(doc.duration))):
		return
	links = {link.link_doctype: link.link_name for link in doc.links}
	if "Lead" in links or not _is_business_contact(links.get("Contact")):
		arrival.call_ended(doc, links.get("Lead"))


def _is_business_contact(contact: str | None) -> bool:
	"""Whether the other side is somebody we deal with already, a supplier for instance: no new lead."""
	if not contact:
		return False
	parties = frappe.get_all(
		"Dynamic Link",
		filters={"parenttype": "Contact", "parent": contact},
		pluck="link_doctype",
		order_by="idx asc",
	)
	return bool(parties) and "Lead" not in parties
