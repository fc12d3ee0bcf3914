"""From a stored event to an assigned lead that somebody was told of, against a bare Lead with its Contact."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import frappe

from lead_inbox import tasks
from lead_inbox.inbox import events
from lead_inbox.tests.perf import jobs, samples
from lead_inbox.tests.perf.cleanup import undone
from lead_inbox.tests.perf.measure import Comparison, alternate, time_of
from lead_inbox.tests.perf.site import WEBHOOK_CHANNEL, set_assignment_rule
from lead_inbox.tests.perf.sizes import LEADS, in_words

LEADS_OF_A_BLOCK = 10
ROUNDS = 30
GRAVATAR_CALLERS = ("erpnext.crm.doctype.lead.lead", "frappe.contacts.doctype.contact.contact")


def measure() -> list[Comparison]:
	with undone():
		process_block(), insert_block()
		require_effects()
		seconds, seconds_against = alternate(ROUNDS, process_block, insert_block)
	return [
		Comparison(
			what="event → Lead, Contact, Lead Message, assignment, alert, with the jobs it queues",
			against="bare Lead.insert() with its Contact, no outside call",
			at_most=1.8,
			size=f"into {in_words(LEADS)}; {ROUNDS} blocks of {LEADS_OF_A_BLOCK} a side",
			seconds=seconds,
			seconds_against=seconds_against,
		)
	]


def process_block() -> list[float]:
	"""The mean seconds of an event of the block, which begins as committed rows of the queue."""
	set_assignment_rule(enabled=True)
	names = [store_event() for _ in range(LEADS_OF_A_BLOCK)]
	frappe.db.commit()
	seconds = time_of(lambda: [tasks.process_event(name) for name in names]) + jobs.run_queued()
	frappe.set_user("Administrator")
	require_processed(names)
	return [seconds / LEADS_OF_A_BLOCK]


def store_event() -> str:
	event = samples.new_event()
	return events.store(WEBHOOK_CHANNEL, event["id"], json.dumps(event)).name


def insert_block() -> list[float]:
	"""The mean seconds of a lead of the block, as ERPNext alone makes it."""
	set_assignment_rule(enabled=False)
	with only_erpnext():
		seconds = time_of(lambda: [insert_lead() for _ in range(LEADS_OF_A_BLOCK)]) + jobs.run_queued()
	frappe.set_user("Administrator")
	return [seconds / LEADS_OF_A_BLOCK]


def insert_lead() -> None:
	frappe.get_doc(samples.new_lead()).insert()
	frappe.db.commit()


@contextmanager
def only_erpnext() -> Iterator[None]:
	"""Frappe's and ERPNext's own document hooks and no others, and no picture asked of gravatar.com."""
	everybodys = frappe.get_doc_hooks()
	frappe.local.doc_events_hooks = {
		doctype: {
			event: [handler for handler in handlers if not handler.startswith("lead_inbox.")]
			for event, handlers in of_doctype.items()
		}
		for doctype, of_doctype in everybodys.items()
	}
	try:
		with patch(f"{GRAVATAR_CALLERS[0]}.has_gravatar", return_value=""):
			with patch(f"{GRAVATAR_CALLERS[1]}.has_gravatar", return_value=""):
				yield
	finally:
		frappe.local.doc_events_hooks = everybodys


def require_processed(names: list[str]) -> None:
	"""Raises RuntimeError with the cause if an event was left."""
	left = frappe.get_all(
		"Lead Event",
		filters={"name": ["in", names], "status": ["!=", events.PROCESSED]},
		pluck="error",
		order_by="name asc",
	)
	if left:
		raise RuntimeError(f"{len(left)} events were not processed, the first one for:\n{left[0]}")


def require_effects() -> None:
	"""Raises RuntimeError if a side does less or more than it is measured for."""
	by_app, bare = newest_lead(["is", "set"]), newest_lead(["is", "not set"])
	about = {"reference_type": "Lead", "reference_name": by_app.name}
	found = {
		"the app's lead is new, assigned and shows its message": by_app.inbox_status == "New"
		and by_app.inbox_assignee
		and by_app.inbox_last_message,
		"its assignee has a ToDo": frappe.db.exists("ToDo", {**about, "status": "Open"}),
		"its assignee has a notification": frappe.db.exists(
			"Notification Log", {"document_name": by_app.name}
		),
		"its assignee has a mail": frappe.db.count("Email Queue", {"creation": [">=", by_app.creation]}),
		"its contact was made": has_contact(by_app.name),
		"the bare lead's contact was made": has_contact(bare.name),
		"the bare lead has no message": not frappe.db.exists("Lead Message", {"lead": bare.name}),
		"the bare lead has no ToDo": not frappe.db.exists("ToDo", {**about, "reference_name": bare.name}),
	}
	missing = [what for what, is_so in found.items() if not is_so]
	if missing:
		raise RuntimeError(f"Not so: {'; '.join(missing)}.")


def newest_lead(inbox_status: list[str]) -> frappe._dict:
	fields = ["name", "creation", "inbox_status", "inbox_assignee", "inbox_last_message"]
	filters = {"first_name": samples.FIRST_NAME, "inbox_status": inbox_status}
	return frappe.get_all("Lead", filters=filters, fields=fields, order_by="creation desc", limit=1)[0]


def has_contact(lead: str) -> bool:
	return bool(frappe.db.exists("Dynamic Link", {"parenttype": "Contact", "link_name": lead}))
