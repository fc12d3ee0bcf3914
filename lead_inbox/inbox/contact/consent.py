"""Whether a customer may be contacted (RE-9): the one gate before every call, mail and SMS.

What goes out by itself must not go when `refusal` returns a sentence; a user is shown the sentence first
and may go on. An assignment or an alert to a colleague is no contact and does not ask here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import frappe
from frappe import _

from lead_inbox.channels.phone import fold_email
from lead_inbox.inbox.contact import partner_leads
from lead_inbox.inbox.contact.contact_rules import DO_NOT_CONTACT, MEDIA, Refusal, Wishes, refusal_of
from lead_inbox.inbox.lifecycle import REFUSAL_FIELDS
from lead_inbox.inbox.rules import Reason, Status

# What a lead's row must hold to be asked about.
FIELDS = (
	"name",
	"email_id",
	"status",
	"unsubscribed",
	"inbox_status",
	"inbox_reason",
	"inbox_bounced_email",
	"inbox_merged_into",
	*partner_leads.FIELDS,
	*REFUSAL_FIELDS.values(),
)


def refusal(lead: Mapping[str, Any], medium: str) -> str | None:
	"""Return the sentence why the customer must not be contacted, None when they may be.

	lead: `facts`, or another fresh row with at least its FIELDS; a document that is read for a user who may
	not see the address holds a masked one. medium: Call, Email or SMS. Raises ValueError for a row that
	lacks a field: a gate that does not know must not say yes.
	"""
	return refusals(lead)[medium]


def refusal_code(lead: Mapping[str, Any], medium: str) -> Refusal | None:
	"""Return what `refusal` says in words, for who decides by it."""
	return refusal_of(_wishes(lead), medium)


def refusals(lead: Mapping[str, Any]) -> dict[str, str | None]:
	"""Return what `refusal` says of each medium, by one query."""
	wishes = _wishes(lead)
	codes = {medium: refusal_of(wishes, medium) for medium in MEDIA}
	return {medium: sentence(code, medium) if code else None for medium, code in codes.items()}


def sentence(code: Refusal, medium: str) -> str:
	"""Return what a user is told, in the user's language."""
	if code is Refusal.OWN_WISH:
		return {
			"Call": _("The customer does not want to be called."),
			"Email": _("The customer does not want mails."),
			"SMS": _("The customer does not want text messages."),
		}[medium]
	return {
		Refusal.MERGED: _("This lead was merged into another one: contact the customer there."),
		Refusal.DO_NOT_CONTACT: _("The customer does not want to be contacted."),
		Refusal.UNSUBSCRIBED: _("The customer has unsubscribed from mails."),
		Refusal.BY_PARTNER: _(
			"The customer has booked through a partner, which writes to them. Call instead."
		),
		Refusal.BOUNCED: _("Mail to this address has come back: correct the lead's address."),
	}[code]


def facts(lead: str) -> frappe._dict:
	"""Return what the gate needs to know of a lead. Raises DoesNotExistError for one that is gone."""
	row = frappe.db.get_value("Lead", lead, FIELDS, as_dict=True)
	if not row:
		frappe.throw(_("Lead {0} does not exist any more.").format(lead), frappe.DoesNotExistError)
	return row


def _wishes(lead: Mapping[str, Any]) -> Wishes:
	if isinstance(lead, dict) and (missing := [field for field in FIELDS if field not in lead]):
		raise ValueError(f"The lead's row lacks {', '.join(missing)}")
	closed_for = lead.get("inbox_reason") if lead.get("inbox_status") == Status.CLOSED.value else None
	email = fold_email(lead.get("email_id") or "")
	return Wishes(
		merged=bool(lead.get("inbox_merged_into")) or closed_for == Reason.MERGED.value,
		do_not_contact=DO_NOT_CONTACT in (lead.get("status"), closed_for),
		refused_media=frozenset(medium for medium, field in REFUSAL_FIELDS.items() if lead.get(field)),
		unsubscribed=bool(lead.get("unsubscribed")) or _has_unsubscribed(lead.get("name"), email),
		bounced=bool(email) and email == fold_email(lead.get("inbox_bounced_email") or ""),
		by_partner=bool(partner_leads.partner_of(lead)),
	)


def _has_unsubscribed(lead: str | None, email: str) -> bool:
	"""Whether Frappe knows that the address wants no mails of this lead, or none at all."""
	if not email:
		return False
	row = frappe.qb.DocType("Email Unsubscribe")
	of_lead = (row.reference_doctype == "Lead") & (row.reference_name == lead)
	found = (
		frappe.qb.from_(row)
		.select(row.name)
		.where((row.email == email) & (of_lead | (row.global_unsubscribe == 1)))
		.limit(1)
	).run()
	return bool(found)
