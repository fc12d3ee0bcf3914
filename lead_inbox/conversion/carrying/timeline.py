"""What was said with a lead, in the timelines of what it became. It is read from the lead, not copied.

Mails and calls that are linked with the record are shown there by Frappe and ERPNext already. Only what the
user may see on the lead is shown, its latest, with a link to all of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import frappe
from frappe import _
from frappe.utils import escape_html, get_fullname, sanitize_html

from lead_inbox.conversion.records import CONVERSION, Status
from lead_inbox.inbox import messages
from lead_inbox.inbox.alerts import INBOX_ROUTE
from lead_inbox.inbox.contact import masking
from lead_inbox.inbox.replies.delivery_rules import Delivery

LEADS_SHOWN = 5
SHOWN_OF_A_KIND = 20
TEXT_LENGTH = 1000
ICONS = {"Message": "message", "Call": "call", "SMS": "message", "Email": "mail", "Note": "edit"}


def of_leads(doctype: str, name: str) -> list[dict[str, Any]]:
	"""Return entries for the timeline of a Customer, Contact, Opportunity or Quotation, for the session's user.

	Called by Frappe, which has checked that the user may read the record.
	"""
	leads = [
		lead for lead in _leads(doctype, name) if frappe.has_permission("Lead", ptype="read", doc=lead.name)
	]
	entries = []
	for lead in leads:
		for read in (_messages, _comments, _notes, _files):
			entries += read(lead, doctype, name)
	return entries


def _leads(doctype: str, name: str) -> list[frappe._dict]:
	"""Return the leads that were converted to a record, the latest ones: name and title."""
	conversion, lead = frappe.qb.DocType(CONVERSION), frappe.qb.DocType("Lead")
	return (
		frappe.qb.from_(conversion)
		.join(lead)
		.on(lead.name == conversion.lead)
		.select(lead.name, lead.title)
		.where((conversion[doctype.lower()] == name) & (conversion.status == Status.CONVERTED.value))
		.orderby(conversion.converted_on, order=frappe.qb.desc)
		.limit(LEADS_SHOWN)
	).run(as_dict=True)


def _messages(lead: frappe._dict, doctype: str, name: str) -> list[dict[str, Any]]:
	said = frappe.qb.DocType("Lead Message")
	mail, call = frappe.qb.DocType("Communication Link"), frappe.qb.DocType("Dynamic Link")
	rows = (
		frappe.qb.from_(said)
		.left_join(mail)
		.on((mail.parent == said.communication) & (mail.link_doctype == doctype) & (mail.link_name == name))
		.left_join(call)
		.on(
			(call.parent == said.call_log)
			& (call.parenttype == "Call Log")
			& (call.link_doctype == doctype)
			& (call.link_name == name)
		)
		.select(said.kind, said.sent_on, said.sender_name, said.subject, said.content)
		.where((said.lead == lead.name) & mail.name.isnull() & call.name.isnull())
		.where(said.delivery_status.isnull() | (said.delivery_status != Delivery.CANCELLED.value))
		.orderby(said.sent_on, order=frappe.qb.desc)
		.limit(SHOWN_OF_A_KIND)
	).run(as_dict=True)
	return [
		_entry(
			lead,
			row.sent_on,
			ICONS.get(row.kind, "message"),
			masking.name(messages.as_text(row.sender_name)),
			_(row.kind),
			_as_html(row),
		)
		for row in rows
	]


def _as_html(said: frappe._dict) -> str:
	"""Return a message, stored escaped, as it may stand in a page."""
	texts = [messages.as_text(text) for text in (said.subject, said.content)]
	shown = [text if len(text) <= TEXT_LENGTH else text[:TEXT_LENGTH] + "…" for text in texts if text]
	return "<br>".join(escape_html(text).replace("\n", "<br>") for text in shown)


def _comments(lead: frappe._dict, doctype: str, name: str) -> list[dict[str, Any]]:
	"""But for those that ERPNext has copied to the record, which it does on sites that want that."""
	filters = {"comment_type": "Comment", "reference_doctype": "Lead", "reference_name": lead.name}
	rows = frappe.get_all(
		"Comment",
		filters=filters,
		fields=["creation", "content", "owner"],
		order_by="creation desc",
		limit=SHOWN_OF_A_KIND,
	)
	of_record = {**filters, "reference_doctype": doctype, "reference_name": name}
	shown = _texts("Comment", "content", of_record, [row.content for row in rows])
	return [
		_entry(lead, row.creation, "small-message", get_fullname(row.owner), _("Comment"), _safe(row.content))
		for row in rows
		if row.content not in shown
	]


def _notes(lead: frappe._dict, doctype: str, name: str) -> list[dict[str, Any]]:
	"""But for those that ERPNext's own Make has copied to an Opportunity."""
	rows = frappe.get_all(
		"CRM Note",
		filters={"parenttype": "Lead", "parent": lead.name},
		fields=["added_on", "creation", "note", "added_by"],
		order_by="idx desc",
		limit=SHOWN_OF_A_KIND,
	)
	of_record = {"parenttype": doctype, "parent": name}
	shown = _texts("CRM Note", "note", of_record, [row.note for row in rows])
	return [
		_entry(
			lead,
			row.added_on or row.creation,
			"edit",
			get_fullname(row.added_by),
			_("Note"),
			_safe(row.note),
		)
		for row in rows
		if row.note not in shown
	]


def _files(lead: frappe._dict, doctype: str, name: str) -> list[dict[str, Any]]:
	"""But for those that hang on the record too. Who may open one, Frappe asks when it is opened."""
	filters = {"attached_to_doctype": "Lead", "attached_to_name": lead.name}
	rows = frappe.get_all(
		"File",
		filters=filters,
		fields=["creation", "file_name", "file_url", "owner"],
		order_by="creation desc",
		limit=SHOWN_OF_A_KIND,
	)
	of_record = {"attached_to_doctype": doctype, "attached_to_name": name}
	shown = _texts("File", "file_url", of_record, [row.file_url for row in rows])
	return [
		_entry(
			lead,
			row.creation,
			"attachment",
			get_fullname(row.owner),
			_("Attachment"),
			f'<a href="{escape_html(row.file_url)}" target="_blank">{escape_html(row.file_name)}</a>',
		)
		for row in rows
		if row.file_url not in shown
	]


def _texts(doctype: str, field: str, filters: dict[str, Any], wanted: Iterable[str]) -> set[str]:
	"""Return those of the wanted texts that the record has itself."""
	texts = frappe.get_all(doctype, filters=filters, pluck=field, order_by="creation asc")
	return set(texts).intersection(wanted)


def _safe(html: str) -> str:
	return sanitize_html(html or "", always_sanitize=True)


def _entry(lead: frappe._dict, on: Any, icon: str, who: str | None, kind: str, html: str) -> dict[str, Any]:
	"""Return one entry as Frappe's timeline takes it. html: safe to show."""
	title = escape_html(masking.name(lead.title) or lead.name)
	link = f'<a href="{INBOX_ROUTE}/{escape_html(lead.name)}">{title}</a>'
	head = _("{0} of the lead {1}").format(kind, link)
	if who:
		head = f"<b>{escape_html(who)}</b> · {head}"
	return {
		"icon": icon,
		"is_card": True,
		"creation": str(on),
		"content": f'<div class="text-muted small mb-1">{head}</div><div>{html}</div>',
	}
