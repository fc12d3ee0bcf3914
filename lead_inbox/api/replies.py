"""Writing to a lead's customer from the inbox page. Thin: check the right, call inward, answer.

A mail needs the right to mail from the lead, an SMS the right to write it. `{"confirm": sentence}` asks the
user something first; the page calls again with anyway=1. Times are site-time strings.
"""

from typing import Any

import frappe
from frappe import _
from frappe.utils import get_datetime

from lead_inbox.api import arguments
from lead_inbox.inbox import conversation
from lead_inbox.inbox.replies import outbox, reply, send_time
from lead_inbox.sequences.activities import activities

RIGHTS = {"Email": "email", "SMS": "write"}
MOST_FILES = 100


@frappe.whitelist(methods=["POST"])
def send(
	name: str,
	medium: str,
	content: str,
	subject: str | None = None,
	recipient: str | None = None,
	sender: str | None = None,
	send_on: str | None = None,
	attachments: str | list | None = None,
	seen: str | None = None,
	anyway: int = 0,
	activity: str | None = None,
) -> dict[str, Any]:
	"""Write to a lead, now or at `send_on`, and return the message, or what to confirm first.

	attachments: names of files, or JSON of them. seen: the newest message that the page shows. activity: the
	open Sales Activity, of the same kind as the medium, that is done by it.
	"""
	_check_right(name, medium)
	if not anyway and (question := reply.objection(name, medium, seen)):
		return {"confirm": question}
	if activity:
		activities.hold_to_contact(activity, name, medium)
	message = outbox.submit(
		name,
		medium,
		content,
		subject=subject or "",
		recipient=recipient,
		sender=sender,
		send_on=get_datetime(send_on) if send_on else None,
		attachments=arguments.texts(
			attachments, MOST_FILES, _("Attach at most {0} files.").format(MOST_FILES)
		),
	)
	if activity:
		activities.sent(activity, message, scheduled=bool(send_on))
	return {"message": conversation.read_message(message)}


@frappe.whitelist(methods=["POST"])
def change(
	message: str, content: str, subject: str | None = None, send_on: str | None = None
) -> dict[str, Any]:
	"""Change a message that waits for its time. None leaves the subject or the time."""
	_check_right_of(message)
	outbox.change(message, content, subject=subject, send_on=get_datetime(send_on) if send_on else None)
	return {"message": conversation.read_message(message)}


@frappe.whitelist(methods=["POST"])
def cancel(message: str) -> dict[str, Any]:
	"""Take back a message that waits for its time."""
	_check_right_of(message)
	outbox.cancel(message)
	return {"message": conversation.read_message(message)}


@frappe.whitelist(methods=["POST"])
def send_now(message: str) -> dict[str, Any]:
	"""Send a message that waits for its time at once."""
	_check_right_of(message)
	outbox.send_now(message)
	return {"message": conversation.read_message(message)}


@frappe.whitelist(methods=["POST"])
def retry(message: str, anyway: int = 0) -> dict[str, Any]:
	"""Send a message that failed once more."""
	row = _check_right_of(message)
	if not anyway and (question := reply.objection(row.lead, row.kind, None)):
		return {"confirm": question}
	outbox.retry(message)
	return {"message": conversation.read_message(message)}


@frappe.whitelist(methods=["GET"])
def suggest_time(name: str) -> dict[str, Any]:
	"""Return when to write to the lead's customer: `send_on` and the sentence `because`."""
	frappe.has_permission("Lead", ptype="read", doc=name, throw=True)
	return send_time.suggest_for(name)


def _check_right(lead: str, medium: str) -> None:
	if medium not in RIGHTS:
		frappe.throw(_("Choose one of {0}.").format(", ".join(RIGHTS)))
	frappe.has_permission("Lead", ptype=RIGHTS[medium], doc=lead, throw=True)


def _check_right_of(message: str) -> frappe._dict:
	row = frappe.db.get_value(
		"Lead Message",
		{"name": message, "direction": "Out", "kind": ["in", list(RIGHTS)]},
		["lead", "kind"],
		as_dict=True,
	)
	if not row:
		frappe.throw(_("This message does not exist any more."), frappe.DoesNotExistError)
	_check_right(row.lead, row.kind)
	return row
