"""What the tests of the outbox need: a mail server and an SMS gateway at the machine's edge."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import frappe
import pytest
from frappe.utils import add_to_date, now_datetime

from lead_inbox.inbox.replies import outbox
from lead_inbox.tests.doubles.sms_gateway import SmsGateway, sms_gateway
from lead_inbox.tests.doubles.smtp import MailServer, mail_server


@contextmanager
def mails_leave(monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
	"""The site's outgoing account speaks to a mail server, and Frappe sends although tests run."""
	with mail_server() as server:
		monkeypatch.setitem(frappe.flags, "testing_email", True)
		monkeypatch.setitem(frappe.flags, "mute_emails", False)
		monkeypatch.setitem(frappe.conf, "mute_emails", 0)
		point_account_at(server.port)
		yield server


def point_account_at(port: int) -> None:
	frappe.db.set_value("Email Account", "Outgoing", "smtp_port", port)
	frappe.clear_document_cache("Email Account", "Outgoing")


@contextmanager
def texts_leave(**settings: Any) -> Iterator[SmsGateway]:
	"""SMS Settings name a gateway, with a secret among its parameters."""
	with sms_gateway() as gateway:
		values = {"message_parameter": "text", "receiver_parameter": "to", "use_post": 1, **settings}
		doc = frappe.get_doc("SMS Settings")
		doc.update({"sms_gateway_url": gateway.url, **values})
		doc.set("parameters", [{"parameter": "key", "value": "s3cret"}, *settings.get("parameters", ())])
		doc.save(ignore_permissions=True)
		yield gateway


def as_user(user: str, action: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
	before = frappe.session.user
	frappe.set_user(user)
	try:
		return action(*arguments, **options)
	finally:
		frappe.set_user(before)


def deliver() -> None:
	"""What the job does."""
	as_user("Administrator", outbox.deliver_due, 60)


def let_time_pass(message: str) -> None:
	"""Until a message's own time, its next attempt, or the moment when an attempt counts as lost."""
	past = add_to_date(now_datetime(), seconds=-1)
	frappe.db.set_value("Lead Message", message, "next_attempt_on", past)


def delivery_of(message: str) -> tuple[str, str]:
	"""A message's delivery status and what went wrong."""
	status, error = frappe.db.get_value("Lead Message", message, ["delivery_status", "delivery_error"])
	return status, html.unescape(error or "")
