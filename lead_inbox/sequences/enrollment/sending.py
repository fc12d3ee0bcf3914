"""What an automatic step says to the customer, and handing it to the outbox."""

from __future__ import annotations

import re
from typing import Any

import frappe
from frappe import _

from lead_inbox.channels.markup import to_text
from lead_inbox.inbox.replies import outbox, placeholders
from lead_inbox.sequences.enrollment import moves
from lead_inbox.sequences.records import LEAD
from lead_inbox.sequences.rules import Kind

UNFILLED = re.compile(r"{{.*?}}", re.DOTALL)


def submit(row: frappe._dict, step_row: Any) -> str:
	"""Take the message of an enrollment's step to the outbox and return it; one a step, however often it is asked.

	Raises frappe.ValidationError with words: a template that breaks, no address, a customer who must not get it.
	"""
	subject, content = _filled(row, step_row)
	return outbox.submit(
		row.lead,
		step_row.kind,
		content,
		subject=subject,
		automated=True,
		key=moves.key_of(row.name, row.step),
	)


def fill_mail(doctype: str, name: str, lead: str | None, template: str) -> dict[str, str]:
	"""Return subject and content, plain text, of an Email Template for a record."""
	filled = frappe.get_doc("Email Template", template).get_formatted_email(context_of(doctype, name, lead))
	content = to_text(filled["message"]).strip()
	_check_filled(filled["subject"], content)
	return {"subject": filled["subject"], "content": content}


def fill_text(doctype: str, name: str, lead: str | None, message: str | None) -> str:
	"""Return the text of an SMS step for a record."""
	content = frappe.render_template(message or "", context_of(doctype, name, lead)).strip()
	_check_filled(content)
	return content


def context_of(doctype: str, name: str, lead: str | None) -> dict[str, Any]:
	"""Return what a template may name: the record's fields, for an Opportunity also those of its lead, and the
	placeholders of the lead.

	Where both have a field, the Opportunity's counts, unless it is empty. `doc` is the record.
	"""
	record = _values(doctype, name)
	known = placeholders.of_lead(lead) if lead else {}
	if doctype == LEAD or not lead:
		return {**record, **known, "doc": record}
	own = {field: value for field, value in record.items() if value != ""}
	return {**_values(LEAD, lead), **own, **known, "doc": record}


def _check_filled(*texts: str) -> None:
	"""A name that a template does not know is left standing by Frappe: no customer should read it."""
	unknown = next((match for text in texts if (match := UNFILLED.search(text or ""))), None)
	if unknown:
		frappe.throw(
			_("The template names {0}, which the record does not have. Correct the template.").format(
				unknown.group()
			)
		)


def _values(doctype: str, name: str) -> frappe._dict:
	"""The fields of a document. An empty one is an empty text: nobody should be greeted as None."""
	values = frappe.get_doc(doctype, name).as_dict()
	return frappe._dict({field: "" if value is None else value for field, value in values.items()})


def _filled(row: frappe._dict, step_row: Any) -> tuple[str, str]:
	record = (row.reference_doctype, row.reference_name, row.lead)
	if step_row.kind == Kind.EMAIL.value:
		if not step_row.email_template:
			frappe.throw(_("The step {0} has no Email Template.").format(step_row.title))
		filled = fill_mail(*record, step_row.email_template)
		return filled["subject"], filled["content"]
	return "", fill_text(*record, step_row.message)
