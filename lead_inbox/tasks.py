"""Entry points of jobs and of the scheduler: select, run each in a transaction of its own, log."""

from __future__ import annotations

import time

import frappe
from frappe import _
from frappe.utils import add_to_date, now_datetime
from redis.exceptions import RedisError

from lead_inbox.inbox import aging, events, intake, reconcile
from lead_inbox.inbox.contact import calls
from lead_inbox.inbox.replies import outbox
from lead_inbox.inbox.response import rate_watch, response_rates

BATCH = 50
JOB_SECONDS = 60
SWEEP_AFTER_SECONDS = 30


def process_events() -> None:
	"""Process what is waiting, then make room: other jobs of the site wait in the same queue."""
	frappe.set_user("Administrator")  # a door enqueues as the guest who knocked
	events.WAKING.is_awake()
	if not _process_due(JOB_SECONDS):
		events.WAKING.wake()


def process_after_response(name: str) -> None:
	"""Process an event in the web server's process, once its sender has been answered.

	A worker imports ERPNext for each job, which takes longer than the work; here all is loaded, so a lead
	is in the open inboxes at once. One at a time: in a burst, the rest is a worker's.
	"""
	try:
		if not events.WAKING.claim():
			return
	except RedisError as error:
		frappe.logger("lead_inbox").warning(f"Events wait for the scheduler's sweep: {error!r}")
		return
	frappe.set_user("Administrator")
	process_event(name)
	events.WAKING.is_awake()
	if events.due_events(limit=1):
		events.WAKING.wake()


def sweep_events() -> None:
	"""Process what no job has taken within half a minute, and what is to be tried again."""
	_process_due(JOB_SECONDS, waiting_for_seconds=SWEEP_AFTER_SECONDS)


def _process_due(seconds: float, waiting_for_seconds: int = 0) -> bool:
	"""Return True when nothing that is due was left, False when the time ran out first."""
	ends_at = time.monotonic() + seconds
	seen: set[str] = set()
	while True:
		due_by = add_to_date(now_datetime(), seconds=-waiting_for_seconds)
		names = [name for name in events.due_events(BATCH, due_by) if name not in seen]
		if not names:
			return True
		for name in names:
			if time.monotonic() > ends_at:
				return False
			seen.add(name)
			process_event(name)


def process_event(name: str) -> None:
	"""Process one event; what fails is undone, noted on the event, and tried again later."""
	try:
		intake.process(name)
	except intake.IntakeBusy:
		frappe.db.rollback()
	except Exception as error:
		frappe.db.rollback()
		attempts = (frappe.db.get_value("Lead Event", name, "attempts") or 0) + 1
		reason = str(error) or type(error).__name__
		status = events.mark_failed_attempt(name, attempts, reason, frappe.get_traceback())
		if status == events.FAILED:
			frappe.log_error(
				_("A lead event could not be processed"), reference_doctype="Lead Event", reference_name=name
			)
		frappe.db.commit()


def deliver_messages() -> None:
	"""Send what is due, then make room. Also the scheduler's sweep: for scheduled messages and new attempts."""
	frappe.set_user("Administrator")  # the job runs as whoever wrote
	outbox.WAKING.is_awake()
	if not outbox.deliver_due(JOB_SECONDS):
		outbox.WAKING.wake()


def wake_snoozed() -> None:
	aging.wake_snoozed()


def age_leads() -> None:
	"""Nudge first: a lead that is about to rest was to be spoken of a day before."""
	aging.nudge_assignees()
	aging.age_leads()


def give_up_open_calls() -> None:
	"""Calls that a user began and never told the outcome of."""
	for name in calls.forgotten_calls(now_datetime()):
		try:
			calls.give_up(name)
			frappe.db.commit()
		except Exception:
			frappe.db.rollback()
			frappe.log_error(
				_("A call could not be closed"), reference_doctype="Lead Message", reference_name=name
			)


def watch_response_rates() -> None:
	"""One query for all channels; each channel's warning is a transaction of its own."""
	channels = rate_watch.channels()
	if not channels:
		return
	counts = response_rates.count(response_rates.last_days(), "Channel")
	for channel in channels:
		try:
			rate_watch.watch(channel, counts.get(channel.name, response_rates.Counts()))
			frappe.db.commit()
		except Exception:
			frappe.db.rollback()
			frappe.log_error(
				_("A channel's response rate could not be judged"),
				reference_doctype="Lead Channel",
				reference_name=channel.name,
			)


def reconcile_with_erpnext() -> None:
	reconcile.reconcile()
