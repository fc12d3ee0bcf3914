"""What we say to the customer. For now: mail."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.core.doctype.communication.email import make
from frappe.utils import escape_html, strip_html_tags

from lead_inbox.channels.markup import to_text
from lead_inbox.inbox import lifecycle, messages
from lead_inbox.inbox.rules import Happening


def send_mail(lead: str, content: str, subject: str | None = None) -> str:
	"""Send a plain mail to the lead's address through Frappe's own queue.

	content: plain text. Needs the user's right to mail from the Lead, which `make` checks.
	Returns the Lead Message's name. Raises frappe.ValidationError without an address or a text.
	"""
	doc = frappe.get_doc("Lead", lead)
	if not content.strip():
		frappe.throw(_("Write a message first."))
	if not doc.email_id:
		frappe.throw(_("{0} has no e-mail address. Add one to the lead, then send again.").format(doc.title))
	sent = make(
		doctype="Lead",
		name=lead,
		content=escape_html(content).replace("\n", "<br>"),
		subject=subject or reply_subject(lead),
		recipients=doc.email_id,
		communication_medium="Email",
		send_email=True,
	)
	return frappe.db.get_value("Lead Message", {"communication": sent["name"]})


def reply_subject(lead: str) -> str:
	"""Return "Re:" the subject that the customer wrote last, else a neutral one."""
	subjects = frappe.get_all(
		"Lead Message",
		filters={"lead": lead, "kind": "Email", "subject": ["is", "set"]},
		pluck="subject",
		order_by="sent_on desc",
		limit=1,
	)
	if not subjects:
		return _("Your request")
	subject = messages.as_text(subjects[0])
	return subject if subject.lower().startswith("re:") else f"Re: {subject}"


def mail_sent(communication: Any) -> None:
	"""Put a mail that was sent on a lead, the Lead form's included, into the conversation.

	A person's mail is a response. What a job sends by itself, a campaign for instance, is not, though
	Frappe gives it the same type.
	"""
	lead = communication.reference_name
	automated = bool(getattr(frappe.local, "job", None))
	message = messages.record(
		lead,
		lead_email=frappe.db.get_value("Lead", lead, "email_id"),
		kind="Email",
		direction="Out",
		external_id=communication.name,
		sent_on=communication.communication_date or communication.creation,
		sender_name=communication.sender_full_name or "",
		subject=strip_html_tags(communication.subject or ""),
		text=to_text(communication.content or ""),
		user=frappe.session.user,
		communication=communication.name,
		automated=int(automated),
	)
	if automated:
		lifecycle.announce(lead)
	else:
		lifecycle.apply(lead, Happening.REPLIED, message=message)


def fill_template(lead: str, template: str) -> dict[str, str]:
	"""Return subject and text of an Email Template for a lead. The text is plain, as replies are."""
	filled = frappe.get_doc("Email Template", template).get_formatted_email(
		frappe.get_doc("Lead", lead).as_dict()
	)
	return {"subject": filled["subject"], "content": to_text(filled["message"]).strip()}
