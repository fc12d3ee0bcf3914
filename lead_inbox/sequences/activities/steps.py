"""What doing an activity from where the user is takes (SQ-5): the texts filled, the numbers, what to heed."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import strip_html

from lead_inbox.inbox.contact import consent, masking
from lead_inbox.inbox.replies import reply
from lead_inbox.sequences.enrollment import sending
from lead_inbox.sequences.planning import plans
from lead_inbox.sequences.rules import Kind

NOBODY = {"reply": None, "numbers": [], "refusals": {}, "seen": None}


def prepare(row: frappe._dict) -> dict[str, Any]:
	"""Return what starting an activity takes, for a user who may read its record.

	lead: whom to contact, None if there is nobody or the user may not see them. seen: the newest message, for
	api/replies.send. subject, content: the step's template, filled; with a template that breaks they are empty
	and `error` says so. reply: as in a conversation. numbers: masked for who may not see them, business first.
	refusals: by medium, the sentence why the customer does not want it.
	"""
	lead = row.lead if row.lead and frappe.has_permission("Lead", ptype="read", doc=row.lead) else None
	return {"lead": lead, **_texts(row), **(_contact(lead) if lead else NOBODY)}


def _contact(lead: str) -> dict[str, Any]:
	facts = frappe.db.get_value("Lead", lead, list({*reply.LEAD_FIELDS, *consent.FIELDS}), as_dict=True)
	return {
		"reply": reply.choices(facts),
		"numbers": [
			{**number, "number": masking.number(number["number"])} for number in reply.numbers_of(facts)
		],
		"refusals": consent.refusals(facts),
		"seen": _newest_message(lead),
	}


def _newest_message(lead: str) -> str | None:
	newest = frappe.get_all(
		"Lead Message",
		filters={"lead": lead},
		pluck="name",
		order_by="sent_on desc, name desc",
		limit=1,
	)
	return newest[0] if newest else None


def _texts(row: frappe._dict) -> dict[str, str | None]:
	"""Return subject and content of an activity's step, or the error of its template."""
	empty: dict[str, str | None] = {"subject": "", "content": "", "error": None}
	step_row = _step_row(row)
	if not step_row:
		return empty
	record = (row.reference_doctype, row.reference_name, row.lead)
	try:
		if row.kind == Kind.EMAIL.value and step_row.email_template:
			return {**empty, **sending.fill_mail(*record, step_row.email_template)}
		if row.kind == Kind.SMS.value and step_row.message:
			return {**empty, "content": sending.fill_text(*record, step_row.message)}
	except Exception as error:  # whatever a template does, the user can still write by hand
		frappe.clear_last_message()
		why = strip_html(str(error)).strip() or type(error).__name__
		return {**empty, "error": _("The text of this step can't be filled in: {0}").format(why)}
	return empty


def _step_row(row: frappe._dict) -> Any:
	"""Return the row of Sequence Step, None by hand and for a sequence that was deleted by force."""
	if not row.sequence or not frappe.db.exists("Sequence", row.sequence):
		return None
	return plans.row_of(row.sequence, row.step)
