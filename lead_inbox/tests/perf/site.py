"""The measured site: connecting to it, and what its administrator would have set up.

Nothing of it is measured. Running it again changes nothing.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import frappe

from tools.bench import Bench, configured_bench
from tools.services import free_port
from tools.storage import Redis

SALES_USERS = tuple(f"perf-{number}@lead-inbox.example" for number in range(1, 9))
VIEWER = SALES_USERS[0]
WEBHOOK_CHANNEL = "Perf Partner"
SOON_CHANNEL = "Perf Directory"
EXEMPT_CHANNEL = "Perf Affiliate"
PLAIN_CHANNEL = "Perf Search"
DAYS_OF_SOON_CHANNEL = 14
EMAIL_ACCOUNT = "Perf Outgoing"
ASSIGNMENT_RULE = "Perf Round Robin"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@contextmanager
def connected(name: str, sites_path: str) -> Iterator[None]:
	"""A connection as Administrator, and a job queue of its own: no worker of the bench takes part."""
	with ExitStack() as stack:
		os.chdir(sites_path)  # Frappe looks for logs relative to the working folder
		bench = configured_bench()
		stack.enter_context(_only_run(bench))
		queue = Redis(bench, "perf-redis-queue", free_port())
		queue.stop()  # left over from a run that was broken off
		queue.start()
		stack.callback(queue.stop)
		os.environ["FRAPPE_REDIS_QUEUE"] = queue.url
		frappe.init(site=name, sites_path=sites_path, force=True)
		frappe.connect()
		stack.callback(frappe.destroy)
		yield


@contextmanager
def _only_run(bench: Bench) -> Iterator[None]:
	"""Two runs at once would measure each other: the second one waits."""
	with (bench.state / "perf.lock").open("w") as lock:
		try:
			fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
		except BlockingIOError:
			print("Waiting for another `make perf` on this bench to end …", flush=True)
			fcntl.flock(lock, fcntl.LOCK_EX)
		yield


def set_up() -> None:
	"""Users, channels, an outgoing mail account, a round-robin rule, contacts made of leads."""
	for number, user in enumerate(SALES_USERS, 1):
		roles = [{"role": "Sales User"}]
		_make_once("User", user, email=user, first_name=f"Perf {number}", send_welcome_email=0, roles=roles)
	_make_channel(WEBHOOK_CHANNEL)
	_make_channel(PLAIN_CHANNEL)
	_make_channel(SOON_CHANNEL, days_unanswered=DAYS_OF_SOON_CHANNEL, days_quiet=DAYS_OF_SOON_CHANNEL)
	_make_channel(EXEMPT_CHANNEL, exempt_from_aging=1)
	_make_email_account()
	_make_assignment_rule()
	frappe.db.set_single_value("CRM Settings", "auto_creation_of_contact", 1)
	frappe.db.commit()
	frappe.clear_cache()


def set_assignment_rule(enabled: bool) -> None:
	rule = frappe.get_doc("Assignment Rule", ASSIGNMENT_RULE)
	rule.disabled = not enabled
	rule.save()
	frappe.db.commit()


def signing_secret() -> str:
	return frappe.get_doc("Lead Channel", WEBHOOK_CHANNEL).get_password("signing_secret")


def _make_once(doctype: str, record: str, **values: Any) -> None:
	if not frappe.db.exists(doctype, record):
		frappe.get_doc(doctype=doctype, **values).insert()


def _make_channel(name: str, **values: Any) -> None:
	_make_once("Lead Channel", name, channel_name=name, provider="Standard Webhooks", **values)


def _make_email_account() -> None:
	"""Mail is queued and never sent. Frappe would try to reach the mail server while saving."""
	frappe.flags.in_patch = True
	_make_once(
		"Email Account",
		EMAIL_ACCOUNT,
		email_account_name=EMAIL_ACCOUNT,
		email_id="perf@lead-inbox.example",
		enable_outgoing=1,
		default_outgoing=1,
		awaiting_password=1,
		smtp_server="127.0.0.1",
	)
	frappe.flags.in_patch = False


def _make_assignment_rule() -> None:
	_make_once(
		"Assignment Rule",
		ASSIGNMENT_RULE,
		name=ASSIGNMENT_RULE,
		document_type="Lead",
		description="New lead: {{ lead_name }}",
		rule="Round Robin",
		disabled=1,
		assign_condition='inbox_status == "New"',
		close_condition='inbox_status in ("Declined", "Closed")',
		users=[{"user": user} for user in SALES_USERS[:2]],
		assignment_days=[{"day": day} for day in WEEKDAYS],
	)
