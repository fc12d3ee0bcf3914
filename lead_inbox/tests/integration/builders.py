"""What the tests need on a site, in the words of a user."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from datetime import date
from typing import Any

import frappe
from frappe.utils import now_datetime

from lead_inbox.inbox import events, intake
from tools.live import ServedSite
from tools.services import wait_until

SECRET = "whsec_" + base64.b64encode(b"a secret of the tests, 32 bytes.").decode()


def make_channel(name: str = "Partner", provider: str = "Standard Webhooks", **values: Any) -> Any:
	secrets = {"Standard Webhooks": {"signing_secret": SECRET}, "Google Ads Lead Form": {"google_key": "key"}}
	channel = frappe.get_doc(
		doctype="Lead Channel",
		channel_name=name,
		provider=provider,
		**{**secrets.get(provider, {}), **values},
	)
	return channel.insert()


def open_on(*hours: tuple[str, str, str]) -> list[dict[str, str]]:
	"""Rows of a channel's hours: day, opening and closing."""
	return [{"day": day, "opens_at": opens, "closes_at": closes} for day, opens, closes in hours]


def closed_now() -> list[dict[str, str]]:
	"""Hours of a channel that is closed today, and was yesterday."""
	days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
	return open_on((days[(now_datetime().weekday() + 3) % 7], "09:00:00", "17:00:00"))


def make_holiday_list(*days: date) -> str:
	holidays = [{"holiday_date": day, "description": "Closed"} for day in days]
	year = {"from_date": f"{days[0].year}-01-01", "to_date": f"{days[0].year}-12-31"}
	name = f"Holidays {frappe.generate_hash(length=6)}"
	return (
		frappe.get_doc(doctype="Holiday List", holiday_list_name=name, holidays=holidays, **year)
		.insert()
		.name
	)


def make_user(email: str, *roles: str) -> str:
	user = frappe.get_doc(
		doctype="User", email=email, first_name=email.partition("@")[0].title(), send_welcome_email=0
	)
	user.insert()
	user.add_roles(*(roles or ("Sales User",)))
	return user.name


def make_lead(**values: Any) -> Any:
	return frappe.get_doc(**{"doctype": "Lead", "first_name": "Made by hand", **values}).insert()


def arrive(channel: str = "Partner", event_id: str | None = None, **payload: Any) -> str:
	"""Let an event come in on a channel, with all that follows, and return its Lead."""
	return frappe.db.get_value("Lead Event", arrive_event(channel, event_id, **payload), "lead")


def arrive_event(channel: str = "Partner", event_id: str | None = None, **payload: Any) -> str:
	stored = events.store(channel, event_id or frappe.generate_hash(length=12), json.dumps(payload))
	intake.process(stored.name)
	return stored.name


def state_of(lead: str) -> tuple[str, str]:
	"""The inbox state of a lead and its reason."""
	return frappe.db.get_value("Lead", lead, ["inbox_status", "inbox_reason"])


def transitions_of(lead: str) -> list[tuple[str, str, str]]:
	rows = frappe.get_all(
		"Lead Transition",
		filters={"lead": lead},
		fields=["from_status", "to_status", "reason"],
		order_by="transition_on asc, creation asc",
	)
	return [(row.from_status or "", row.to_status, row.reason or "") for row in rows]


def set_back(lead: str, **days: float) -> None:
	"""Pretend that the lead's times were so many days ago: set_back(lead, inbox_aging_from=16)."""
	values = {
		field: frappe.utils.add_to_date(frappe.utils.now_datetime(), days=-ago) for field, ago in days.items()
	}
	frappe.db.set_value("Lead", lead, values, update_modified=False)


def receive_mail(sender: str, text: str, **values: Any) -> Any:
	"""A Communication as Frappe's mail receiver inserts it."""
	return frappe.get_doc(
		**{
			"doctype": "Communication",
			"communication_medium": "Email",
			"communication_type": "Communication",
			"sent_or_received": "Received",
			"sender": sender,
			"subject": "A question",
			"content": text,
			"message_id": frappe.generate_hash(length=12) + "@customer.example",
			**values,
		}
	).insert(ignore_permissions=True)


def process_all() -> None:
	"""Run what waits for a worker."""
	for name in events.due_events(limit=1000):
		intake.process(name)


def signed_headers(
	body: bytes, event_id: str, secret: str = SECRET, timestamp: int | None = None
) -> dict[str, str]:
	"""The headers of Standard Webhooks, computed here so that the library does not vouch for itself."""
	stamp = str(int(time.time()) if timestamp is None else timestamp)
	key = base64.b64decode(secret.removeprefix("whsec_"))
	signature = hmac.new(key, f"{event_id}.{stamp}.".encode() + body, hashlib.sha256).digest()
	return {
		"Content-Type": "application/json",
		"webhook-id": event_id,
		"webhook-timestamp": stamp,
		"webhook-signature": "v1," + base64.b64encode(signature).decode(),
	}


def make_outgoing_account(**values: Any) -> None:
	"""The site can send mail: notifications and replies reach the Email Queue."""
	frappe.get_doc(
		doctype="Email Account",
		email_account_name="Outgoing",
		email_id="inbox@company.example",
		enable_outgoing=1,
		default_outgoing=1,
		smtp_server="127.0.0.1",
		no_smtp_authentication=1,
		**values,
	).insert()


def delete_channels(*names: str) -> None:
	"""For tests that commit; their site keeps the channels that installing made."""
	for name in names:
		frappe.delete_doc("Lead Channel", name, force=True, ignore_missing=True)


def somebody_waits_for_a_lead() -> bool:
	"""Whether a connection of this site stands still before a locked lead."""
	query = """select count(*) from information_schema.processlist
		where db = database() and id != connection_id() and info like 'select%tabLead%for update'"""
	return bool(frappe.db.sql(query)[0][0])


def wait_until_processed(site: ServedSite) -> None:
	"""A worker that is still busy would write into the next test."""
	assert wait_until(lambda: site.run(frappe.db.count, "Lead Event", {"status": events.RECEIVED}) == 0, 60)
