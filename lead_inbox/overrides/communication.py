"""Mails on leads, in and out."""

from __future__ import annotations

from typing import Any

from lead_inbox.inbox import arrival
from lead_inbox.inbox.replies import reply


def before_insert(doc: Any, _method: str | None = None) -> None:
	if _is_incoming_mail(doc):
		arrival.place_mail(doc)


def before_validate(doc: Any, _method: str | None = None) -> None:
	"""Keep the Email Account's "Create Contacts from Incoming Emails" from a sender who is a lead's.

	Frappe makes that Contact while the mail validates, from the account that it names there. It would be
	an orphan, or the second one beside the Contact that ERPNext makes with the lead.
	"""
	if _is_incoming_mail(doc) and arrival.makes_own_contact(doc):
		doc.flags.account_before = (doc.email_account,)
		doc.email_account = None


def validate(doc: Any, _method: str | None = None) -> None:
	before = doc.flags.pop("account_before", None)
	if before:
		doc.email_account = before[0]


def after_insert(doc: Any, _method: str | None = None) -> None:
	"""Not on_update: an incoming mail is saved twice, inserted once."""
	if _is_incoming_mail(doc):
		arrival.mail_received(doc)
	elif _is_mail(doc) and doc.reference_doctype == "Lead":
		reply.mail_sent(doc)


def _is_mail(doc: Any) -> bool:
	return doc.communication_medium == "Email" and doc.communication_type == "Communication"


def _is_incoming_mail(doc: Any) -> bool:
	return _is_mail(doc) and doc.sent_or_received == "Received"
