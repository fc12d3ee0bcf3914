"""Telling a partner what we have changed about a booking of its own: BO-6, both directions.

The booking's row says that its partner is to be told, in the transaction of the change; a job tells it after
the commit, outside of any transaction. What is told is how the booking stands, not what was done to it: so
it can be said twice, and is, when a job dies between the partner's answer and our note of it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import frappe
from frappe import _
from frappe.utils import get_system_timezone, now_datetime

from lead_inbox.bookings.booking_rows import BOOKING
from lead_inbox.bookings.partners import accounts
from lead_inbox.bookings.partners.partner_rules import wait_seconds
from lead_inbox.bookings.partners.service_titan_client import PartnerError
from lead_inbox.bookings.rules import HOLDING, Change, Origin
from lead_inbox.inbox.waking import Waking
from lead_inbox.inbox.working_off import work_off

WAITING, TOLD, FAILED = "Waiting", "Told", "Failed"
TOLD_OF = (Change.MOVED, Change.CANCELLED, Change.DECLINED)
LEASE = timedelta(minutes=5)  # longer than any telling takes: whoever has not answered by then has died
LONG_AGO = datetime(1900, 1, 1)
BATCH = 20
WAKING = Waking("lead_inbox_partners_waiting", "lead_inbox.tasks.tell_partners")
ROW_FIELDS = (
	*("name", "title", "channel", "external_id", "status", "starts_on", "reason"),
	*("partner_state", "partner_due_on", "partner_attempts"),
)


def changed(booking: str, change: Change, origin: Origin) -> None:
	"""Note, in the caller's transaction, that a booking's partner is to be told of a change that is not its own."""
	if origin is Origin.PARTNER or change not in TOLD_OF:
		return
	row = frappe.db.get_value(BOOKING, booking, ["channel", "external_id"], as_dict=True)
	if not (row and row.external_id and _can_be_told(row.channel)):
		return
	_write(
		booking, partner_state=WAITING, partner_due_on=now_datetime(), partner_attempts=0, partner_error=None
	)
	frappe.db.after_commit.add(WAKING.wake)


def _can_be_told(channel: str | None) -> bool:
	provider = frappe.get_cached_value("Lead Channel", channel, "provider") if channel else None
	return provider == accounts.SERVICE_TITAN


def tell_due(seconds: float) -> bool:
	"""Tell partners what is due, the longest waiting first. Returns False when the time ran out before the work.

	Several workers may do so at once: a booking's row lock lets one of them have it. Commits.
	"""
	return work_off(_due, _tell_safely, seconds)


def _due() -> list[str]:
	return frappe.get_all(
		BOOKING,
		# between, not <=: Frappe wraps the column of a <= in coalesce, and the index could not be used
		filters={"partner_state": WAITING, "partner_due_on": ["between", [LONG_AGO, now_datetime()]]},
		pluck="name",
		order_by="partner_due_on asc, name asc",
		limit=BATCH,
	)


def _tell_safely(name: str) -> None:
	"""One booking's trouble must not keep the others waiting."""
	try:
		tell(name)
	except Exception:
		frappe.db.rollback()
		frappe.log_error(
			_("A partner could not be told of a booking"), reference_doctype=BOOKING, reference_name=name
		)
		frappe.db.commit()


def tell(name: str) -> None:
	"""Tell a booking's partner how it stands, if that is still due. Commits before and after."""
	frappe.db.commit()  # what others have committed since this transaction's snapshot must be seen
	row = _locked(name, skip_locked=True)
	if not row or row.partner_state != WAITING or row.partner_due_on > now_datetime():
		frappe.db.rollback()
		return
	attempts = row.partner_attempts + 1
	_write(name, partner_due_on=now_datetime() + LEASE, partner_attempts=attempts)
	channel = frappe.get_cached_doc("Lead Channel", row.channel)
	frappe.db.commit()
	try:
		_say(channel, row)
	except PartnerError as error:
		_settle(row, attempts, error)
	else:
		_settle(row, attempts, None)


def _say(channel: Any, row: frappe._dict) -> None:
	client = accounts.client_of(channel)
	if row.status in HOLDING:
		client.move(row.external_id, row.starts_on.replace(tzinfo=ZoneInfo(get_system_timezone())))
	else:
		client.dismiss(row.external_id, row.reason or _(row.status))


def _settle(said: frappe._dict, attempts: int, error: PartnerError | None) -> None:
	"""Write down what became of an attempt. What has changed since it was said is to be said again."""
	row = _locked(said.name)
	if not row:
		frappe.db.rollback()
		return
	if (row.status, row.starts_on) != (said.status, said.starts_on):
		_write(row.name, partner_state=WAITING, partner_due_on=now_datetime(), partner_attempts=0)
	elif not error:
		_write(row.name, partner_state=TOLD, partner_due_on=None, partner_error=None)
	else:
		_plan_again(row, attempts, error)
	frappe.db.commit()
	if error and row.partner_state == WAITING:
		_warn_if_given_up(row)


def _plan_again(row: frappe._dict, attempts: int, error: PartnerError) -> None:
	wait = None if error.is_final else wait_seconds(attempts, error.wait_seconds)
	if wait is None:
		_write(row.name, partner_state=FAILED, partner_due_on=None, partner_error=str(error))
	else:
		due_on = now_datetime() + timedelta(seconds=wait)
		_write(row.name, partner_state=WAITING, partner_due_on=due_on, partner_error=str(error))


def _warn_if_given_up(row: frappe._dict) -> None:
	state, words = frappe.db.get_value(BOOKING, row.name, ["partner_state", "partner_error"])
	if state == FAILED:
		accounts.warn(
			row.channel, _("{0} could not be told of {1}: {2}").format(row.channel, row.title, words)
		)


def _locked(name: str, skip_locked: bool = False) -> frappe._dict | None:
	table = frappe.qb.DocType(BOOKING)
	rows = (
		frappe.qb.from_(table)
		.select(*(table[field] for field in ROW_FIELDS))
		.where(table.name == name)
		.for_update(skip_locked=skip_locked)
	).run(as_dict=True)
	return rows[0] if rows else None


def _write(booking: str, **values: Any) -> None:
	"""Without `modified`: what a partner has been told is no change of the booking."""
	frappe.db.set_value(BOOKING, booking, values, update_modified=False)
