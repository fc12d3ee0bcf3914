"""What comes from outside: a partner's signed events, a customer's mail."""

from __future__ import annotations

import json
from email.message import EmailMessage
from email.utils import make_msgid
from typing import Any
from urllib.parse import quote

import frappe

from lead_inbox.tests.browser import staging
from lead_inbox.tests.integration.builders import signed_headers
from tools.live import ServedSite


def deliver(site: ServedSite, **event: Any) -> None:
	"""As a partner's server does it."""
	event_id = frappe.generate_hash(length=12)
	body = json.dumps({"id": event_id, "type": "message", **event}).encode()
	door = f"/api/method/lead_inbox.api.v1.webhook.receive/{quote(staging.CHANNEL)}"
	answer = site.request("POST", door, body, signed_headers(body, event_id))
	assert answer.status == 202, answer.body


def answer_to(mail: EmailMessage, sender: str, text: str) -> bytes:
	"""What a customer's mail program makes of Reply."""
	answer = EmailMessage()
	answer["From"], answer["To"] = sender, mail["Reply-To"]
	answer["Subject"] = f"Re: {mail['Subject']}"
	answer["Message-ID"] = make_msgid(domain="customer.example")
	answer["In-Reply-To"] = answer["References"] = mail["Message-ID"]
	quoted = "\n".join(f"> {line}" for line in mail.get_body(("plain",)).get_content().splitlines())
	answer.set_content(f"{text}\n\nOn Tuesday, {mail['From']} wrote:\n{quoted}\n")
	return answer.as_bytes()
