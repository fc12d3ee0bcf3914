"""Reminding customers and staff of bookings (BO-7), and sending what else is due about them.

What is due is a row of Booking Reminder. `plan` brings a booking's rows in step with it; `send_due` takes one
row after the other, under the locks of its lead and its booking and in a transaction of its own: with the row's
new status the message's key is committed, so whoever dies or hurries, a customer gets one message.
"""

from __future__ import annotations

from datetime import datetime

import frappe
from frappe import _
from frappe.utils import escape_html, get_url_to_form, now_datetime

from lead_inbox.bookings import alerting, booking_rows
from lead_inbox.bookings.booking_rows import BOOKING
from lead_inbox.bookings.reviewing import requests
from lead_inbox.bookings.rules import Origin, Status
from lead_inbox.bookings.telling import overtaken, reminder_rules, telling, times, words
from lead_inbox.bookings.telling.reminder_rules import (
	Audience,
	Key,
	Kind,
	Planned,
	Row,
	RowStatus,
	Skip,
	Time,
)
from lead_inbox.bookings.telling.telling import REMINDER
from lead_inbox.bookings.telling.words import Occasion
from lead_inbox.inbox import alerts, messages, notify
from lead_inbox.inbox.notify import Notice
from lead_inbox.inbox.replies import outbox
from lead_inbox.inbox.replies.delivery_rules import Delivery
from lead_inbox.inbox.working_off import work_off

BATCH = 50
LONG_AGO = datetime(1900, 1, 1)
PLANNED_KINDS = (Kind.REMINDER.value, Kind.OUTCOME.value)
ROW_FIELDS = (
	*("name", "booking", "lead", "kind", "audience", "medium", "minutes_before", "due_on", "status"),
	"message",
)


def plan(booking: str) -> None:
	"""Bring a booking's reminders in step with it: written, moved, or taken back.

	Call it under the booking's row lock, after each change.
	"""
	_plan_alone()
	row = frappe.db.get_value(BOOKING, booking, words.FIELDS, as_dict=True)
	wanted = reminder_rules.planned(
		_times(),
		Status(row.status),
		row.starts_on,
		row.ends_on,
		tell_customer=row.origin != Origin.PARTNER.value,  # the partner does
	)
	stored = {_key(reminder): reminder for reminder in _rows_of(booking)}
	steps = reminder_rules.steps(
		wanted, {key: _as_stored(reminder) for key, reminder in stored.items()}, now_datetime()
	)
	for key in steps.drop:
		_take_back(stored[key])
	for key, planned in steps.write.items():
		if key in stored:
			_delete(stored[key])
		_write(row, key, planned)


def _plan_alone() -> None:
	"""Let others who plan wait until this transaction ends.

	The rows of a booking are read as they are now, with a lock on the gap beside them, and of two who have
	locked one gap neither could write into it. Planning is the last thing in a change, so nobody waits long.
	"""
	frappe.db.get_value("DocType", REMINDER, "name", for_update=True)


def _times() -> list[Time]:
	return [
		Time(row.minutes_before, row.to_customer or "", bool(row.to_staff))
		for row in frappe.get_cached_doc(words.SETTINGS).booking_reminders
	]


def _rows_of(booking: str) -> list[frappe._dict]:
	"""A locking read: a row may have been sent since the transaction's snapshot.

	By this index and no other: a scan, which is chosen for a small table, would lock everybody's reminders.
	"""
	table = frappe.qb.DocType(REMINDER)
	return (
		frappe.qb.from_(table)
		.force_index("once")
		.select(*ROW_FIELDS)
		.where((table.booking == booking) & table.kind.isin(PLANNED_KINDS))
		.orderby(table.name)
		.for_update()
	).run(as_dict=True)


def _key(row: frappe._dict) -> Key:
	return Key(Kind(row.kind), Audience(row.audience), row.minutes_before)


def _as_stored(row: frappe._dict) -> Row:
	return Row(RowStatus(row.status), row.due_on, row.medium or "")


def _take_back(row: frappe._dict) -> None:
	"""Forget a reminder that nobody has got. What is over, and why, stays to be looked up."""
	withdrawn = bool(row.message) and outbox.withdraw(row.message, row.lead)
	if withdrawn or row.status == RowStatus.WAITING.value:
		frappe.db.delete(REMINDER, {"name": row.name})


def _delete(row: frappe._dict) -> None:
	"""Make room for the same reminder at another time."""
	if row.message:
		outbox.withdraw(row.message, row.lead)
	frappe.db.delete(REMINDER, {"name": row.name})


def _write(booking: frappe._dict, key: Key, planned: Planned) -> None:
	reminder = frappe.get_doc(
		doctype=REMINDER,
		booking=booking.name,
		lead=booking.lead,
		kind=key.kind.value,
		audience=key.audience.value,
		minutes_before=key.minutes_before,
		medium=planned.medium,
		due_on=planned.due_on,
		status=RowStatus.WAITING.value,
	)
	reminder.flags.ignore_links = True  # written of documents that were just read
	reminder.insert(ignore_permissions=True)  # nobody has a right to write reminders


def send_due(seconds: float) -> bool:
	"""Send what is due, the longest waiting first. Returns False when the time ran out before the work.

	Several workers may do so at once. Commits.
	"""
	overtaken.withdraw()
	return work_off(_due, _send_safely, seconds)


def _due() -> list[str]:
	return frappe.get_all(
		REMINDER,
		filters={
			"status": RowStatus.WAITING.value,
			# between, not <=: Frappe wraps the column of a <= in coalesce, and the index could not be used
			"due_on": ["between", [LONG_AGO, now_datetime()]],
		},
		pluck="name",
		order_by="due_on asc, name asc",
		limit=BATCH,
	)


def _send_safely(name: str) -> None:
	"""One reminder's trouble must not keep the others waiting. Whoever only stood in another's way tries again."""
	try:
		send(name)
		frappe.db.commit()
	except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
		frappe.db.rollback()
	except Exception:
		frappe.db.rollback()
		frappe.log_error(
			_("A reminder of a booking could not be sent"), reference_doctype=REMINDER, reference_name=name
		)
		telling.settle(name, RowStatus.FAILED, error=_("It could not be prepared. The Error Log says why."))
		frappe.db.commit()


def send(name: str) -> None:
	"""Send one reminder if it is still due. Commits before it begins; the caller commits after it."""
	frappe.db.commit()  # what others have committed since this transaction's snapshot must be seen
	booking = frappe.db.get_value(REMINDER, name, "booking")
	if not booking:
		return
	booking_rows.hold(booking)
	row = frappe.db.get_value(REMINDER, name, ROW_FIELDS, as_dict=True, for_update=True, skip_locked=True)
	if not row or row.status != RowStatus.WAITING.value or row.due_on > now_datetime():
		return
	if row.kind == Kind.REVIEW.value:
		requests.send(row)
	else:
		_remind(row, frappe.db.get_value(BOOKING, booking, words.FIELDS, as_dict=True))


def _remind(row: frappe._dict, booking: frappe._dict) -> None:
	key = _key(row)
	if why := reminder_rules.skip(key, row.due_on, booking.starts_on, now_datetime()):
		telling.settle(row.name, RowStatus.SKIPPED, error=_why_skipped(why))
	elif key.audience is Audience.STAFF:
		_tell_staff(row.name, key, booking)
	else:
		telling.tell_customer(row, booking, lambda: words.said(booking, Occasion.REMINDER))


def message_settled(message: str, delivery_status: str) -> None:
	"""A listener of the inbox: a reminder that did not get out says so too."""
	if delivery_status == Delivery.SENT.value:
		return
	row = frappe.db.get_value(REMINDER, {"message": message}, "name")
	if row:
		error = frappe.db.get_value("Lead Message", message, "delivery_error")
		values = {"status": RowStatus.FAILED.value, "sent_on": None, "error": messages.as_text(error)}
		frappe.db.set_value(REMINDER, row, values)


def _why_skipped(why: Skip) -> str:
	return {
		Skip.TOO_LATE: _("Its time had long passed when the scheduler came to it."),
		Skip.BEGUN: _("The booking had begun when the scheduler came to it."),
	}[why]


def _tell_staff(reminder: str, key: Key, booking: frappe._dict) -> None:
	"""By the desk, and by mail for those who have not turned that off."""
	users = list(alerting.concerned(booking))
	if not users:
		telling.settle(reminder, RowStatus.SKIPPED, error=_("Nobody has the booking or its lead."))
		return
	link = alerts.inbox_url(booking.lead) if booking.lead else get_url_to_form(BOOKING, booking.name)
	place = messages.as_stored(booking.place or "")
	notify.tell(users, Notice("booking", BOOKING, booking.name, link, _subject(key, booking), place))
	telling.settle(reminder, RowStatus.SENT)


def _subject(key: Key, booking: frappe._dict) -> str:
	"""Return the sentence as HTML."""
	who = frappe.bold(escape_html(booking.customer_name or booking.name))
	about = escape_html(words.what(booking))
	if key.kind is Kind.OUTCOME:
		return _("Did {0} come for {1}? Say whether it is completed or a no-show").format(who, about)
	return _("Reminder: {0} with {1}, {2}").format(about, who, times.short(booking.starts_on))
