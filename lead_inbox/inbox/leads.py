"""Making a Lead of what a source shared, and completing one that exists."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import frappe
from frappe import _
from frappe.utils import strip_html

from lead_inbox.channels.event import LeadEvent, Person
from lead_inbox.inbox import privacy
from lead_inbox.inbox.contact_keys import Contacts

NAME_PART_LENGTH = 60  # Contact's name joins the parts and must stay below 140


def create(parsed: LeadEvent, channel: Any, contacts: Contacts) -> str:
	"""Insert the Lead of a first arrival and return its name.

	Mandatory fields that a site added are left open: an arrival must not be lost for want of one.
	"""
	lead = frappe.new_doc("Lead")
	lead.update(_person_values(parsed.person, contacts))
	lead.update(_request_values(parsed, channel))
	lead.update(_source_values(parsed, channel, lead.meta))
	lead.update({"inbox_charged": int(parsed.charged or 0), "inbox_credit_state": parsed.credit_state})
	if parsed.booking and parsed.person.is_anonymous:
		lead.lead_name = _plain(_("Booking {0}").format(parsed.booking.external_id))
	lead.lead_owner = ""  # ERPNext's default is the user of the session: here a worker
	lead.flags.ignore_mandatory = True
	with arriving_on(channel.name):
		lead.insert(
			ignore_permissions=True
		)  # the channel lets its sender in, not a role of the worker's user
	return lead.name


@contextmanager
def arriving_on(channel: str) -> Iterator[None]:
	"""Tell the hooks on Lead and Contact that the intake is at work, and for which channel.

	The import flag, which they hold while a document validates, is put back for a save that failed.
	"""
	importing = frappe.flags.in_import
	frappe.flags.lead_inbox_arrival = channel
	try:
		yield
	finally:
		frappe.flags.lead_inbox_arrival = None
		frappe.flags.in_import = importing


def complete(lead: str, parsed: LeadEvent, channel: Any, contacts: Contacts) -> None:
	"""Fill what the lead lacks from a later arrival; nothing is overwritten.

	By set_value: a save would run a stranger's input through every rule of the site for a lead that
	a person may have open.
	"""
	wanted = _person_values(parsed.person, contacts, new=False) | _request_values(parsed, channel)
	current = frappe.db.get_value("Lead", lead, list(wanted), as_dict=True)
	missing = {field: value for field, value in wanted.items() if value and not current.get(field)}
	if missing:
		frappe.get_doc("Lead", lead).db_set(missing, update_modified=False)
		if "email_id" in missing:
			privacy.follow_email(lead, missing["email_id"])


def full_text(parsed: LeadEvent, contacts: Contacts) -> str:
	"""Return the message with whatever else was shared that has no field of its own.

	A form's answers are its text already; they are not said twice.
	"""
	said = set(parsed.text.splitlines())
	lines = [line for label, value in parsed.extra.items() if (line := f"{label}: {value}") not in said]
	lines += [_("Not usable as an address or number: {0}").format(value) for value in contacts.unusable]
	return "\n\n".join(filter(None, (parsed.text or parsed.description, "\n".join(lines))))


def _person_values(person: Person, contacts: Contacts, new: bool = True) -> dict[str, Any]:
	"""Fields of Lead about the person. Only what ERPNext's own checks will accept."""
	phone, mobile = contacts.phone_and_mobile
	values = {
		"company_name": _plain(person.company_name),
		"job_title": _plain(person.job_title),
		"city": _plain(person.city),
		"state": _plain(person.state),
		"country": _country(person.country),
		"phone": phone,
		"mobile_no": mobile,
		"email_id": next(filter(_email_is_free, contacts.emails), None),
	}
	if new:
		values |= _name_values(person, contacts)
	return {field: value for field, value in values.items() if value}


def _name_values(person: Person, contacts: Contacts) -> dict[str, str]:
	first = _plain(person.first_name, NAME_PART_LENGTH)
	last = _plain(person.last_name, NAME_PART_LENGTH)
	if first:
		return {"first_name": first, "last_name": last}
	full = _plain(person.full_name or person.last_name, 2 * NAME_PART_LENGTH)
	if full or person.company_name:
		return {"lead_name": full}
	return {"lead_name": next(iter((*contacts.phones, *contacts.emails)), _("Unknown"))}


def _request_values(parsed: LeadEvent, channel: Any) -> dict[str, Any]:
	values = {
		"inbox_type": parsed.kind,
		"inbox_service": _plain(parsed.service),
		"inbox_description": _plain(parsed.description, 1000),
		"inbox_location": _plain(parsed.location),
		"inbox_postal_code": _plain(parsed.person.postal_code, 20),
	}
	if parsed.price is not None and frappe.db.exists("Currency", parsed.currency):
		values |= {"inbox_price": float(parsed.price), "inbox_price_currency": parsed.currency}
	return {field: value for field, value in values.items() if value}


def _source_values(parsed: LeadEvent, channel: Any, meta: Any) -> dict[str, Any]:
	"""Source and campaign, whose fields have other names in ERPNext 16."""
	wanted = {
		("source", "utm_source"): channel.source,
		("campaign_name", "utm_campaign"): parsed.campaign,
	}
	values = {}
	for fieldnames, value in wanted.items():
		field = next((meta.get_field(name) for name in fieldnames if meta.has_field(name)), None)
		if field and value and frappe.db.exists(field.options, value):
			values[field.fieldname] = value
	return values


def _plain(value: str, limit: int = 140) -> str:
	"""Return a text without markup: names become parts of document names, which refuse < and >."""
	if "<" in value or ">" in value:
		value = strip_html(value).replace("<", "").replace(">", "")
	return value[:limit].strip()


def _country(country: str) -> str | None:
	if not country:
		return None
	return frappe.db.get_value("Country", {"code": country.lower()}) or frappe.db.exists("Country", country)


def _email_is_free(email: str) -> bool:
	"""Whether ERPNext will take the address: it compares them by collation, so José is Jose."""
	if frappe.db.get_single_value("CRM Settings", "allow_lead_duplication_based_on_emails", cache=True):
		return True
	return not frappe.db.exists("Lead", {"email_id": email})
