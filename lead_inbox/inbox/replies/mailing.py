"""Mails of the outbox: Frappe's Communication and Email Queue row, and their delivery by SMTP.

The customer sees the channel's address and the lead's relay address, never that of a member of staff
(RE-3). That is why `frappe.core.doctype.communication.email.make` can't be used: it sends from the user's
own address and knows no Reply-To.

Exactly once: Frappe's scheduler puts queue rows that were "Sending" for 15 minutes back to "Not Sent" and
sends them again, also those whose process died after the mail server had taken the mail. Our rows are
therefore held back from its flush by a time that never comes; only `send`, called by the outbox, sends them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import formataddr
from typing import Any

import frappe
from frappe import _
from frappe.email.doctype.email_account.email_account import EmailAccount
from frappe.email.doctype.email_queue.email_queue import EmailQueue
from frappe.email.email_body import get_message_id
from frappe.utils import cint, escape_html, get_hook_method, strip_html, validate_email_address

from lead_inbox.inbox import messages
from lead_inbox.inbox.replies import relay, tracking
from lead_inbox.inbox.replies.delivery_rules import (
	CALENDAR,
	Outcome,
	Result,
	content_type,
	excess_bytes,
	smtp_result,
	smtp_words,
)

HELD_UNTIL = datetime(9999, 1, 1)
MADE_HERE = "lead_inbox_message"  # flag of a Communication that stands for a Lead Message already
SMTP_TIMEOUT_SECONDS = 30  # for each answer of the server; Frappe's own two minutes outlast the job
SENT = "Sent"


def account_for(channel: str | None) -> Any:
	"""Return the Email Account that a channel's mails go out from: its own, else the site's default one.

	Raises frappe.ValidationError when there is none.
	"""
	name = frappe.get_cached_value("Lead Channel", channel, "email_account") if channel else None
	if name:
		account = frappe.get_cached_doc("Email Account", name)
		if account.enable_outgoing:
			return account
	_forget_accounts()
	account = EmailAccount.find_outgoing(match_by_doctype="Lead")
	if not account:
		frappe.throw(_("No mail can be sent: set up an outgoing Email Account first."))
	return account


def check(channel: str | None, address: str) -> None:
	"""Raise frappe.ValidationError when no mail can go to an address at all."""
	account_for(channel)
	validate_email_address(address, throw=True)
	if frappe.db.exists("Email Unsubscribe", {"email": address, "global_unsubscribe": 1}):
		frappe.throw(
			_(
				"{0} wants no mail from this site at all. Call them, or delete their Email Unsubscribe if they changed their mind."
			).format(address)
		)


def attach(message: str, files: Sequence[str]) -> None:
	"""Attach files to a Lead Message until its mail is made.

	files: names of File documents. Raises frappe.PermissionError for one that the user may not read,
	frappe.ValidationError when they are too large together.
	"""
	documents = [frappe.get_doc("File", name) for name in files]
	for document in documents:
		document.check_permission("read")
	if excess := excess_bytes(document.file_size or 0 for document in documents):
		frappe.throw(
			_("The attachments are {0} MB too large for a mail. Share a link to them instead.").format(
				-(-excess // (1024 * 1024))
			)
		)
	for document in documents:
		copy = frappe.new_doc("File")
		copy.update({field: document.get(field) for field in ("file_url", "file_name", "is_private")})
		copy.update({"attached_to_doctype": "Lead Message", "attached_to_name": message})
		copy.insert(ignore_permissions=True)  # people can't write messages; the file is theirs to read


def attach_made(message: str, file_name: str, content: bytes) -> None:
	"""Attach a file to a Lead Message that was made for it, until its mail is made."""
	document = frappe.get_doc(
		doctype="File",
		file_name=file_name,
		content=content,
		is_private=1,
		attached_to_doctype="Lead Message",
		attached_to_name=message,
	)
	document.insert(ignore_permissions=True)  # nobody can write messages
	document.db_set("file_name", file_name)  # Frappe has renamed it where another file has the name


def prepare(message: Mapping[str, Any], channel: str | None) -> dict[str, str]:
	"""Make the Communication and the held queue row of a mail, and return their names as message fields.

	message: a row of Lead Message. The session's user becomes the author. Raises frappe.ValidationError.
	"""
	check(channel, message["recipient"])
	account = account_for(channel)
	communication = _make_communication(message, account)
	files = _hand_over_attachments(message["name"], communication.name)
	queued = _queue(
		message,
		communication,
		account,
		relay.reply_address(message["lead"], channel, account.email_id),
		files,
	)
	if not queued:
		frappe.throw(
			_("Frappe takes no mail to {0}. Correct the lead's address.").format(message["recipient"])
		)
	return {"communication": communication.name, "email_queue": queued.name}


def _make_communication(message: Mapping[str, Any], account: Any) -> Any:
	communication = frappe.get_doc(
		doctype="Communication",
		communication_type="Automated Message" if message["automated"] else "Communication",
		communication_medium="Email",
		sent_or_received="Sent",
		subject=messages.as_text(message["subject"]),
		content=_as_html(message),
		sender=account.email_id,
		sender_full_name=_sender_name(message, account),
		recipients=message["recipient"],
		reference_doctype="Lead",
		reference_name=message["lead"],
		email_account=account.name if account.is_exists_in_db() else None,
		message_id=get_message_id().strip("<>"),
		in_reply_to=_answered_mail(message["lead"]),
	)
	communication.flags.skip_add_signature = True
	communication.flags[MADE_HERE] = message["name"]
	return communication.insert(ignore_permissions=True)  # who may send was decided when it was submitted


def _queue(
	message: Mapping[str, Any], communication: Any, account: Any, reply_to: str, files: list[str]
) -> Any:
	"""Put a mail into Frappe's queue.

	A mail that a person sends although the customer left this lead's mails goes without the reference, for
	which Frappe would drop the recipient; the Communication has it all the same.
	"""
	_forget_accounts()
	has_left = {"email": message["recipient"], "reference_doctype": "Lead", "reference_name": message["lead"]}
	reference = (
		{}
		if frappe.db.exists("Email Unsubscribe", has_left)
		else {"reference_doctype": "Lead", "reference_name": message["lead"]}
	)
	return frappe.sendmail(
		recipients=[message["recipient"]],
		sender=formataddr((communication.sender_full_name, account.email_id)),
		reply_to=reply_to,
		subject=communication.subject,
		template="lead_message",
		args={"html": _mailed_html(message, account), "text": messages.as_text(message["content"])},
		attachments=[_attachment(file) for file in files],
		communication=communication.name,
		message_id=communication.message_id,
		in_reply_to=communication.in_reply_to,
		unsubscribe_message=_("Leave this conversation"),
		expose_recipients="header",
		send_after=HELD_UNTIL,
		delayed=True,
		**reference,
	)


def _attachment(file: str) -> dict[str, str]:
	"""Return what Frappe's queue needs to know of a File. It guesses all types but a calendar's, from the name."""
	file_name = frappe.db.get_value("File", file, "file_name")
	if content_type(file_name, b"") != CALENDAR:
		return {"fid": file}
	content = frappe.get_doc("File", file).get_content()
	raw = content.encode() if isinstance(content, str) else content
	return {"fid": file, "content_type": content_type(file_name, raw)}


def _forget_accounts() -> None:
	"""Once Frappe has looked for the default account, it returns that one for any address asked for later."""
	frappe.local.outgoing_email_account = {}


def _as_html(message: Mapping[str, Any]) -> str:
	return escape_html(messages.as_text(message["content"])).replace("\n", "<br>")


def _mailed_html(message: Mapping[str, Any], account: Any) -> str:
	"""What the customer gets. Colleagues read the Communication, in which links are as they were written."""
	return tracking.as_html(message) if tracking.is_allowed(account) else _as_html(message)


def _sender_name(message: Mapping[str, Any], account: Any) -> str:
	"""The author's name, or the account's: a user without a name is called by the e-mail address."""
	name = frappe.utils.get_fullname(message["user"]) if message["user"] and not message["automated"] else ""
	return account.name if not name or "@" in name else name


def _answered_mail(lead: str) -> str | None:
	"""Return the newest mail of the customer, to which the answer belongs."""
	mails = frappe.get_all(
		"Communication",
		filters={
			"reference_doctype": "Lead",
			"reference_name": lead,
			"sent_or_received": "Received",
			"communication_medium": "Email",
		},
		pluck="name",
		order_by="creation desc",
		limit=1,
	)
	return mails[0] if mails else None


def _hand_over_attachments(message: str, communication: str) -> list[str]:
	"""Let a message's files belong to its mail, and return them."""
	attached = {"attached_to_doctype": "Lead Message", "attached_to_name": message}
	files = frappe.get_all("File", filters=attached, pluck="name", order_by="creation asc")
	if files:
		frappe.db.set_value(
			"File",
			{"name": ["in", files]},
			{"attached_to_doctype": "Communication", "attached_to_name": communication},
		)
		frappe.db.set_value("Communication", communication, "has_attachment", 1)
	return files


def held_because() -> str:
	"""Return why the site sends no mail at present, an empty text when it does."""
	if frappe.are_emails_muted():
		return _("This site sends no mail (mute_emails in its site_config.json). The mail waits.")
	if cint(frappe.db.get_default("suspend_email_queue")):
		return _("Sending is suspended in the Email Queue. The mail waits until it is resumed there.")
	return ""


def send(message: Mapping[str, Any]) -> Outcome:
	"""Deliver a prepared mail, once its message is committed as Sending. Commits.

	The connection comes first, by itself: what fails there has surely sent nothing.
	"""
	queued = EmailQueue.find(message["email_queue"])
	if has_gone(message):
		return Outcome(Result.SENT)
	try:
		server = _connect(queued)
	except Exception as error:
		frappe.clear_last_message()
		return Outcome(
			Result.NOT_SENT,
			_("The mail server can't be reached, or it refused the login: {0}").format(
				strip_html(str(error))
			),
		)
	try:
		queued.send(smtp_server_instance=server)
	except Exception as error:
		return Outcome(Result.SENT) if has_gone(message) else _failure(error)
	if has_gone(message):
		return Outcome(Result.SENT)
	return Outcome(Result.NOT_SENT, _("The Email Queue did not send the mail."))


def _connect(queued: Any) -> Any:
	"""An app may send mails its own way; then there is nothing to connect to."""
	server = queued.get_email_account(raise_error=True).get_smtp_server()
	server.timeout = SMTP_TIMEOUT_SECONDS
	if not get_hook_method("override_email_send"):
		server.session  # noqa: B018  connects
	return server


def has_gone(message: Mapping[str, Any]) -> bool:
	"""Whether the mail server has taken a prepared mail."""
	recipient = {"parent": message["email_queue"], "recipient": message["recipient"], "status": SENT}
	return bool(frappe.db.exists("Email Queue Recipient", recipient))


def _failure(error: Exception) -> Outcome:
	if isinstance(error, frappe.ValidationError):  # raised by Frappe before it spoke to the server
		frappe.clear_last_message()
		return Outcome(Result.NOT_SENT, strip_html(str(error)))
	result = smtp_result(error)
	if result is Result.UNCERTAIN:
		return uncertain()
	return Outcome(result, _("The mail server refused the mail: {0}").format(smtp_words(error)))


def uncertain() -> Outcome:
	return Outcome(
		Result.UNCERTAIN,
		_(
			"The connection broke while the mail was being sent. It may have arrived; look before you send it again."
		),
	)


def outcome_of_lost(message: Mapping[str, Any]) -> Outcome:
	"""Return what is known of a mail whose job died."""
	return Outcome(Result.SENT) if has_gone(message) else uncertain()


def give_up(message: Mapping[str, Any]) -> None:
	"""Let Frappe's own records say that a mail was not sent."""
	if message["email_queue"] and frappe.db.exists("Email Queue", message["email_queue"]):
		EmailQueue.find(message["email_queue"]).update_status(status="Error")


def renew(message: Mapping[str, Any]) -> bool:
	"""Make a mail that was given up ready to be sent again, with the same message id.

	Returns False when Frappe has cleared its queue row: the mail is to be prepared anew.
	"""
	if not frappe.db.exists("Email Queue", message["email_queue"]):
		return False
	EmailQueue.find(message["email_queue"]).update_status(status="Not Sent", retry=0, error="")
	return True


def release_held() -> None:
	"""Give what was not sent yet to Frappe's own queue, when this app leaves the site.

	But for what is being sent at this moment: nobody would know whether it has arrived.
	"""
	held = {"send_after": HELD_UNTIL}
	frappe.db.set_value("Email Queue", {**held, "status": "Sending"}, "status", "Error")
	frappe.db.set_value("Email Queue", held, "send_after", None)
