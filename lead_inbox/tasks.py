"""Entry points of jobs and of the scheduler: select, run each in a transaction of its own, log."""

from __future__ import annotations

from collections.abc import Callable

import frappe
from frappe import _
from frappe.utils import add_to_date, now_datetime
from redis.exceptions import RedisError

from lead_inbox.bookings.partners import partner_sync, polling
from lead_inbox.bookings.services import claims
from lead_inbox.bookings.telling import reminders, replanning
from lead_inbox.conversion.bulk import news as bulk_news
from lead_inbox.conversion.bulk import runs as bulk_runs
from lead_inbox.conversion.stages import qualifying, rescoring
from lead_inbox.inbox import aging, calendar_entries, events, intake, reconcile
from lead_inbox.inbox.contact import calls
from lead_inbox.inbox.replies import outbox, tracking
from lead_inbox.inbox.response import rate_watch, response_rates
from lead_inbox.inbox.response.wait_rules import Counts
from lead_inbox.inbox.working_off import work_off
from lead_inbox.reseller.follow_up import consent_ends, detail_checks, terms
from lead_inbox.reseller.follow_up import reminders as reseller_reminders
from lead_inbox.reseller.vendor import answering, comparing
from lead_inbox.reseller.vendor import requests as vendor_requests
from lead_inbox.sequences.enrollment import engine

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


def after_response(action: Callable[[str], None], name: str) -> None:
	"""Call a function once the request has been answered, or at once where Frappe can't do so."""
	callbacks = getattr(frappe.request, "after_response", None)
	if callbacks is None:
		action(name)
	else:
		callbacks.add(lambda: action(name))


def note_click(message: str) -> None:
	_note_of_customer(tracking.clicked, message)


def note_opened_mail(communication: str) -> None:
	_note_of_customer(tracking.opened, communication)


def _note_of_customer(note: Callable[[str], None], name: str) -> None:
	"""Write down what a customer did. Commits: they did it by a GET, which Frappe undoes.

	What fails is for the Error Log; it must keep nobody from reading on.
	"""
	if frappe.flags.read_only:  # the site is in maintenance
		return
	user = frappe.session.user
	frappe.set_user("Administrator")  # what follows from it is the site's doing, not a guest's
	try:
		note(name)
		frappe.db.commit()
	except Exception:
		frappe.db.rollback()
		frappe.log_error(_("What a customer did with a mail could not be noted"))
		frappe.db.commit()
	finally:
		frappe.set_user(user)


def sweep_events() -> None:
	"""Process what no job has taken within half a minute, and what is to be tried again."""
	_process_due(JOB_SECONDS, waiting_for_seconds=SWEEP_AFTER_SECONDS)


def _process_due(seconds: float, waiting_for_seconds: int = 0) -> bool:
	"""Return True when nothing that is due was left, False when the time ran out first."""

	def due() -> list[str]:
		return events.due_events(BATCH, add_to_date(now_datetime(), seconds=-waiting_for_seconds))

	return work_off(due, process_event, seconds)


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


def advance_sequences() -> None:
	"""Do the steps of sequences that are due, then make room. Also the scheduler's sweep."""
	frappe.set_user("Administrator")  # the job runs as whoever moved a record last
	engine.WAKING.is_awake()
	if not engine.advance_due(JOB_SECONDS):
		engine.WAKING.wake()


def run_bulk_conversions() -> None:
	"""Go on with what is being converted in bulk, then make room. Also the scheduler's sweep: of runs whose
	worker died."""
	bulk_news.WAKING.is_awake()
	if not bulk_runs.advance_due(JOB_SECONDS):
		bulk_news.WAKING.wake()


def poll_partners() -> None:
	"""Read what is new at partners that do not send it. Waits for other people's servers."""
	frappe.set_user("Administrator")
	polling.poll_all()


def tell_partners() -> None:
	"""Tell partners what has changed here, then make room. Also the scheduler's sweep: for new attempts."""
	frappe.set_user("Administrator")  # the job runs as whoever changed a booking
	partner_sync.WAKING.is_awake()
	if not partner_sync.tell_due(JOB_SECONDS):
		partner_sync.WAKING.wake()


def send_booking_reminders() -> None:
	"""What a minute leaves over waits for the next one."""
	reminders.send_due(JOB_SECONDS)


def plan_booking_reminders() -> None:
	frappe.set_user("Administrator")  # the job runs as whoever changed the times
	replanning.plan_again()


def push_event(name: str, google_calendar: str | None = None) -> None:
	"""Tell Google Calendar of an Event. name: `event` is an argument of Frappe's enqueue."""
	calendar_entries.push(name, google_calendar)


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
			rate_watch.watch(channel, counts.get(channel.name, Counts()))
			frappe.db.commit()
		except Exception:
			frappe.db.rollback()
			frappe.log_error(
				_("A channel's response rate could not be judged"),
				reference_doctype="Lead Channel",
				reference_name=channel.name,
			)


def rescore_leads() -> None:
	"""Reckon the scores that are due, then make room. Also the scheduler's sweep: points fade."""
	frappe.set_user("Administrator")  # the job runs as whoever changed a rule
	rescoring.WAKING.is_awake()
	if not rescoring.rescore_due(JOB_SECONDS):
		rescoring.WAKING.wake()


def remind_to_qualify() -> None:
	qualifying.remind()


def forget_past_claims() -> None:
	claims.forget_past()


def follow_up_resellers() -> None:
	"""Ask for consents, terms of service and changed details. What an hour leaves over waits for the next one."""
	reseller_reminders.work_off_apart(consent_ends.due, consent_ends.follow_up, JOB_SECONDS)
	reseller_reminders.work_off_apart(terms.due, terms.follow_up, JOB_SECONDS)
	reseller_reminders.work_off_apart(detail_checks.due, detail_checks.follow_up, JOB_SECONDS)


def reconcile_with_erpnext() -> None:
	reconcile.reconcile()


def ask_vendors() -> None:
	"""Ask vendors what is due, then make room. Also the scheduler's sweep: for new attempts. Waits for other
	people's servers."""
	frappe.set_user("Administrator")  # the job runs as whoever asked
	vendor_requests.WAKING.is_awake()
	if not answering.answer_due(JOB_SECONDS):
		vendor_requests.WAKING.wake()


def compare_with_vendors() -> None:
	comparing.ask_due()
