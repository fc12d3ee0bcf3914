"""Leads that may be the same person as another: for a user to look at, never merged by themselves (IN-3)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from lead_inbox.channels.phone import fold_email
from lead_inbox.inbox.contact import masking
from lead_inbox.inbox.identity import PHONE_KEY_FIELDS

LIMIT = 10
CANDIDATES = 50  # a kind; some of them are not the user's to see
FACTS = ("name", "lead_name", "company_name", "email_id", "inbox_postal_code", *PHONE_KEY_FIELDS)


def find(lead: str) -> list[dict[str, Any]]:
	"""Return leads that share something with a lead, with what it is; at most LIMIT, the liveliest first.

	Only leads that the user may see, and none that was merged away. By indexes alone.
	"""
	facts = frappe.db.get_value("Lead", lead, FACTS, as_dict=True)
	emails = _emails(facts)
	reasons: dict[str, str] = {}
	for names, reason in (
		(_by_phone(facts), _("Same phone number")),
		(_by_email(emails), _("Same e-mail")),
		(_by_contact(emails), _("Same e-mail in its contacts")),
		*_by_name(facts),
	):
		for name in names:
			reasons.setdefault(name, reason)
	reasons.pop(lead, None)
	return _visible(reasons)


def _visible(reasons: dict[str, str]) -> list[dict[str, Any]]:
	if not reasons:
		return []
	rows = frappe.get_list(
		"Lead",
		filters={"name": ["in", list(reasons)], "inbox_merged_into": ["is", "not set"]},
		fields=[
			"name",
			"title",
			"inbox_status as status",
			"inbox_last_interaction_on as last_interaction_on",
		],
		order_by="inbox_last_interaction_on desc, name asc",
		limit=LIMIT,
	)
	return [{**row, "title": masking.name(row.title), "reason": reasons[row.name]} for row in rows]


def _emails(facts: frappe._dict) -> list[str]:
	"""Return the addresses of the lead and of the Contacts that stand for it, folded."""
	link, address = frappe.qb.DocType("Dynamic Link"), frappe.qb.DocType("Contact Email")
	of_contacts = (
		frappe.qb.from_(link)
		.join(address)
		.on(address.parent == link.parent)
		.select(address.email_id)
		.where(
			(link.link_doctype == "Lead") & (link.link_name == facts.name) & (link.parenttype == "Contact")
		)
		.limit(CANDIDATES)
	).run(pluck=True)
	return sorted({fold_email(email) for email in (facts.email_id, *of_contacts) if email})


def _by_phone(facts: frappe._dict) -> list[str]:
	numbers = sorted({facts[key] for key in PHONE_KEY_FIELDS if facts[key]})
	if not numbers:
		return []
	return [name for key in PHONE_KEY_FIELDS for name in _leads({key: ["in", numbers]})]


def _by_email(emails: list[str]) -> list[str]:
	return _leads({"email_id": ["in", emails]}) if emails else []


def _by_contact(emails: list[str]) -> list[str]:
	"""By the main address of a Contact: the only one that Frappe indexes."""
	if not emails:
		return []
	contact, link = frappe.qb.DocType("Contact"), frappe.qb.DocType("Dynamic Link")
	return (
		frappe.qb.from_(contact)
		.join(link)
		.on(link.parent == contact.name)
		.select(link.link_name)
		.where(contact.email_id.isin(emails) & (link.parenttype == "Contact") & (link.link_doctype == "Lead"))
		.orderby(link.link_name)
		.limit(CANDIDATES)
	).run(pluck=True)


def _by_name(facts: frappe._dict) -> list[tuple[list[str], str]]:
	"""A name alone is many people's, so something else must be the same too."""
	same_too = {
		"inbox_postal_code": _("Same name and postal code"),
		"company_name": _("Same name and company"),
	}
	return [
		(_leads({"lead_name": facts.lead_name, field: facts[field]}), reason)
		for field, reason in same_too.items()
		if facts.lead_name and facts[field]
	]


def _leads(filters: dict[str, Any]) -> list[str]:
	return frappe.get_all("Lead", filters=filters, pluck="name", order_by="creation desc", limit=CANDIDATES)
