"""Mails to a lead's relay address from a sender whom nobody has vouched for (RE-3).

Anybody who has seen the address can write to it under any name. Such a mail is kept as a rejected Lead
Event of its lead, outside the conversation, until a person accepts or refuses it.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import get_fullname

from lead_inbox.channels.event import LeadEvent, MalformedEvent
from lead_inbox.channels.phone import fold_email, is_email
from lead_inbox.inbox import alerts, events, intake, leads, lifecycle, messages
from lead_inbox.inbox.replies import relay

# A key of the payload, which tells these events from others that a channel rejected. No text of a mail can
# hold it: quotation marks within JSON's texts are escaped.
HELD_KEY = "held_at_relay"
SHOWN = 20


def hold(channel: str, event_id: str, payload: dict[str, Any], lead: str) -> None:
	"""Keep a mail for a person's decision, and tell who has the lead of the first that waits.

	payload: the Communication's fields.
	"""
	told_already = bool(_waiting(lead, limit=1))
	stored = events.store(
		channel,
		event_id,
		frappe.as_json({**payload, HELD_KEY: 1}),
		status=events.REJECTED,
		reason=_("Sent to the lead's relay address from an address that is not known for the lead."),
		lead=lead,
	)
	if stored.created:
		lifecycle.announce(lead)
		if not told_already:
			alerts.mail_held(lead, payload.get("sender") or "")


def of_lead(lead: str) -> list[dict[str, Any]]:
	"""Return the mails that wait for a decision about a lead, the newest first: event, sender, subject,
	preview and received_on of each. The caller has checked that the user may read the lead."""
	return [shown for row in _waiting(lead, limit=SHOWN) if (shown := _shown(row))]


def lead_of(event: str) -> str:
	"""Return the lead of a mail that waits, and lock the event until the transaction ends.

	Raises frappe.ValidationError for an event that nobody waits for a decision on.
	"""
	row = frappe.db.get_value(
		"Lead Event", event, ["status", "lead", "payload"], as_dict=True, for_update=True
	)
	if not row or row.status != events.REJECTED or not row.lead or not _is_held(row.payload):
		frappe.throw(_("This mail has been decided on already. Reload the lead."))
	return row.lead


def accept(event: str, remember: bool) -> None:
	"""Let a waiting mail into the conversation of its lead; a worker does it after the commit.

	remember: take mails from this address from now on, by adding it to the lead's Contact. The caller has
	checked that the user may write the lead.
	"""
	lead = lead_of(event)
	if remember:
		_remember(lead, event)
	events.requeue(event)
	lifecycle.announce(lead)
	frappe.db.after_commit.add(events.WAKING.wake)


def refuse(event: str) -> None:
	"""Put a waiting mail away for good: it is kept for its retention, and shown no more."""
	lead = lead_of(event)
	events.set_aside(event, _("Refused by {0}").format(get_fullname(frappe.session.user)), lead)
	lifecycle.announce(lead)


def _waiting(lead: str, limit: int) -> list[frappe._dict]:
	return frappe.get_all(
		"Lead Event",
		filters={"lead": lead, "status": events.REJECTED, "payload": ["like", f'%"{HELD_KEY}"%']},
		fields=["name", "channel", "event_id", "payload", "received_on"],
		order_by="received_on desc, name desc",
		limit=limit,
	)


def _is_held(payload: str | None) -> bool:
	"""An erased person's event has no payload any more."""
	return f'"{HELD_KEY}"' in (payload or "")


def _read(row: frappe._dict) -> LeadEvent:
	return intake.parse(frappe.get_cached_doc("Lead Channel", row.channel), row.event_id, row.payload)


def _shown(row: frappe._dict) -> dict[str, Any] | None:
	try:
		parsed = _read(row)
	except MalformedEvent:
		return None  # the list of rejected events shows it
	return {
		"event": row.name,
		"sender": next(iter(parsed.person.emails), ""),
		"subject": parsed.subject,
		"preview": messages.preview(messages.as_stored(parsed.text)),
		"received_on": row.received_on,
	}


def _remember(lead: str, event: str) -> None:
	row = frappe.db.get_value("Lead Event", event, ["channel", "event_id", "payload"], as_dict=True)
	address = next(iter(_read(row).person.emails), "")
	if not is_email(address):
		frappe.throw(_("This mail has no sender's address to remember. Accept it without remembering."))
	if not relay.knows_sender(lead, address):
		_add_to_contact(lead, fold_email(address), row.channel)


def _add_to_contact(lead: str, address: str, channel: str) -> None:
	"""By a row of its own, not by a save: saving a Contact rewrites its lead's numbers and asks for an
	avatar. Its time is touched, so that a form that is open does not save the row away."""
	contact = _contact_of(lead) or _make_contact(lead, channel)
	contact.append("email_ids", {"email_id": address}).db_insert()
	contact.db_set("modified", frappe.utils.now())


def _contact_of(lead: str) -> Any:
	names = frappe.get_all(
		"Dynamic Link",
		filters={"parenttype": "Contact", "link_doctype": "Lead", "link_name": lead},
		pluck="parent",
		order_by="creation asc",
		limit=1,
	)
	return frappe.get_doc("Contact", names[0]) if names else None


def _make_contact(lead: str, channel: str) -> Any:
	doc = frappe.get_doc("Lead", lead)
	with leads.arriving_on(channel):  # no outside request for an avatar
		contact = doc.create_contact()
		contact.append("links", {"link_doctype": "Lead", "link_name": lead, "link_title": doc.lead_name})
		contact.save(ignore_permissions=True)  # the user may write the lead, of which it is a part
	return contact
