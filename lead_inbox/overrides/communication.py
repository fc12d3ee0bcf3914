"""Mails on leads, in and out."""

from __future__ import annotations

from typing import Any

from lead_inbox.inbox import arrival, reply


def after_insert(doc: Any, _method: str | None = None) -> None:
	"""Not on_update: an incoming mail is saved twice, inserted once."""
	if doc.communication_medium != "Email" or doc.communication_type != "Communication":
		return
	if doc.sent_or_received == "Received":
		arrival.mail_received(doc)
	elif doc.reference_doctype == "Lead":
		reply.mail_sent(doc)
