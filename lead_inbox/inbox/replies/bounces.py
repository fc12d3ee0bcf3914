"""Mail of ours that came back: the address is marked, the message shows why, its author is told (RE-2)."""

from __future__ import annotations

from collections.abc import Iterable

import frappe
from frappe import _

from lead_inbox.channels.event import LeadEvent
from lead_inbox.channels.phone import fold_email
from lead_inbox.inbox import alerts, lifecycle, messages
from lead_inbox.inbox.identity import winner_of
from lead_inbox.inbox.replies import relay

NOT_SENT = ("Scheduled", "Cancelled", "Failed")


def note(parsed: LeadEvent, lead: str | None, answered: str | None) -> str | None:
	"""Mark what a bounce is about, and return the lead, None when it is about nobody's address.

	lead: the one it refers to by its headers, if any. answered: the Communication that it refers to.
	The leads that have the failed address count first: a report may come without a reference.
	"""
	failed = [fold_email(address) for address in parsed.mail.failed]
	bounced = {name: address for address in failed for name in _leads_with(address)}
	if not bounced and lead:
		bounced = {lead: _address_of(lead, failed)}
	for name in sorted(bounced):  # rows are locked in one order by all workers
		_mark(name, bounced[name], answered, parsed.mail.reason)
	return lead or min(bounced, default=None)


def works_again(lead: str, addresses: Iterable[str]) -> None:
	"""Forget that mail to a lead bounced, now that the customer wrote from that address."""
	bounced = frappe.db.get_value("Lead", lead, "inbox_bounced_email")
	if bounced and fold_email(bounced) in map(fold_email, addresses):
		lifecycle.mark_bounced(lead, None)


def _leads_with(address: str) -> list[str]:
	"""All that have the address, where the site allows doubles. The column's collation also finds é for e."""
	rows = frappe.get_all(
		"Lead", filters={"email_id": address}, fields=["name", "email_id"], order_by="creation asc", limit=20
	)
	return [winner_of(row.name) for row in rows if fold_email(row.email_id) == address]


def _address_of(lead: str, failed: list[str]) -> str | None:
	"""The address of a lead that a bounce refers to without naming a lead's.

	It names one of the lead's other addresses, or one behind it that the customer's server passes mail to.
	"""
	known = relay.known_addresses(lead)
	own = frappe.db.get_value("Lead", lead, "email_id")
	return next((address for address in failed if address in known), own)


def _mark(lead: str, address: str | None, answered: str | None, reason: str) -> None:
	if address:
		lifecycle.mark_bounced(lead, address)
	message = _message(lead, address, answered)
	if not message:
		return
	sentence = _("The mail came back from {0}.").format(address or _("the customer's mail server"))
	error = messages.as_stored(" ".join(filter(None, (sentence, reason))))
	frappe.db.set_value("Lead Message", message, {"delivery_status": "Failed", "delivery_error": error})
	lifecycle.announce(lead)
	alerts.failed_send(message)


def _message(lead: str, address: str | None, answered: str | None) -> str | None:
	"""The mail that came back: the one that the bounce refers to, else the newest to the address."""
	if answered and (name := _newest(lead, communication=answered)):
		return name
	if address and (name := _newest(lead, recipient=address)):
		return name
	own = frappe.db.get_value("Lead", lead, "email_id")
	# a mail that was sent from the Lead's form names no recipient here
	is_own = not address or fold_email(own or "") == address
	return _newest(lead, recipient=["is", "not set"]) if is_own else None


def _newest(lead: str, **filters: object) -> str | None:
	names = frappe.get_all(
		"Lead Message",
		filters={
			"lead": lead,
			"kind": "Email",
			"direction": "Out",
			"delivery_status": ["not in", NOT_SENT],
			**filters,
		},
		pluck="name",
		order_by="sent_on desc, name desc",
		limit=1,
	)
	return names[0] if names else None
