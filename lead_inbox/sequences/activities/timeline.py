"""What was done with an activity, written where people look back: the lead's conversation in the inbox, and
the timeline of the record's form. The form shows a Comment of type Info as "<user> <content>".
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import escape_html

from lead_inbox.inbox import conversation, lifecycle, notes
from lead_inbox.sequences.activities import activity_rules
from lead_inbox.sequences.activities.activity_rules import Status
from lead_inbox.sequences.rules import Kind


def finished(row: frappe._dict, user: str, by_message: bool) -> None:
	"""Tell of an activity that was completed, skipped or cancelled.

	row: the activity as it is now. by_message: a mail, SMS or call tells of it already, where it is shown.
	"""
	missing = activity_rules.traces(row.reference_doctype, Kind(row.kind), by_message)
	if missing.conversation:
		_remark(row.reference_name, _remarked(row), user)
	if missing.form:
		comment(row.reference_doctype, row.reference_name, _on_form(row), user)


def noted(doctype: str, name: str, content: str) -> None:
	"""Keep a user's note: as a note in a lead's conversation, which may mention colleagues, and on the form."""
	if doctype == "Lead":
		conversation.add_note(name, content)
	elif not content.strip():
		frappe.throw(_("Write a note first."))
	comment(doctype, name, _as_html(content.strip()), frappe.session.user, comment_type="Comment")


def meeting_closed(doctype: str, name: str, subject: str, note: str | None) -> None:
	"""Tell of a meeting that was held and belongs to no activity."""
	user = frappe.session.user
	if doctype == "Lead":
		_remark(name, _lines(_("Meeting held: {0}").format(subject), note), user)
	held = _("held the meeting {0}").format(frappe.bold(escape_html(subject)))
	comment(doctype, name, _with_note(held, note), user)


def comment(doctype: str, name: str, html: str, user: str, comment_type: str = "Info") -> None:
	"""Put a Comment on a record's form. html: translated, what users wrote in it escaped."""
	doc = frappe.get_doc(
		doctype="Comment",
		comment_type=comment_type,
		comment_email=user,
		comment_by=frappe.utils.get_fullname(user),
		reference_doctype=doctype,
		reference_name=name,
		content=html,
	)
	doc.insert(ignore_permissions=True)  # whoever may write the record works on it, and that is told
	if user != frappe.session.user:  # a job tells of what a person did
		frappe.db.set_value("Comment", doc.name, "owner", user, update_modified=False)


def _remark(lead: str, text: str, user: str) -> None:
	notes.remark(lead, text, user=user)
	lifecycle.announce(lead)


def _remarked(row: frappe._dict) -> str:
	said = {
		Status.COMPLETED: _("Completed: {0}"),
		Status.SKIPPED: _("Skipped: {0}"),
		Status.CANCELLED: _("Cancelled: {0}"),
	}[Status(row.status)].format(row.title)
	return _lines(f"{said} ({_(row.outcome)})" if row.outcome else said, row.note)


def _on_form(row: frappe._dict) -> str:
	title = frappe.bold(escape_html(row.title))
	done = {
		Status.COMPLETED: _("completed {0}"),
		Status.SKIPPED: _("skipped {0}"),
		Status.CANCELLED: _("cancelled {0}"),
	}[Status(row.status)].format(title)
	return _with_note(f"{done} ({_(row.outcome)})" if row.outcome else done, row.note)


def _lines(first: str, note: str | None) -> str:
	return f"{first}\n{note}" if note else first


def _with_note(html: str, note: str | None) -> str:
	return f"{html}: {_as_html(note)}" if note else html


def _as_html(text: str) -> str:
	return escape_html(text).replace("\n", "<br>")
