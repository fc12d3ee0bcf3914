"""Activities that people add by hand (SQ-6): the next contact with a customer, when and by whom.

Each has an Event in the calendar of who does it and, if wanted, a Reminder, which follow it: done,
cancelled, given to somebody else, moved. The Event names the record as its reference and not as a
participant: ERPNext's daily job would set the record's status to Open, of a customer too who does not want
to be contacted, and the timeline of its form would tell of the activity twice.
"""

from __future__ import annotations

from datetime import datetime

import frappe
from frappe import _
from frappe.utils import escape_html, now_datetime

from lead_inbox.inbox import alerts, calendar_entries
from lead_inbox.sequences import news, records
from lead_inbox.sequences.activities import activity_rows, activity_rules
from lead_inbox.sequences.activities.activity_rows import ACTIVITY
from lead_inbox.sequences.activities.activity_rules import OVER, Status
from lead_inbox.sequences.rules import Kind

TITLE_LENGTH = 140


def add_by_hand(
	doctype: str,
	name: str,
	kind: str,
	title: str,
	due_on: datetime,
	user: str | None = None,
	instructions: str | None = None,
	remind: bool = True,
) -> str:
	"""Plan the next contact on a Lead or Opportunity and return the Sales Activity.

	user: who does it, by default the session's; somebody else hears of it. The caller has checked the right
	to write the record. Raises frappe.ValidationError with words.
	"""
	user = user or frappe.session.user
	_check(doctype, name, kind, title, due_on, user)
	lead = records.lead_of(doctype, name)
	records.lock_one(doctype, name, lead)
	activity = frappe.get_doc(
		doctype=ACTIVITY,
		title=title.strip()[:TITLE_LENGTH],
		kind=kind,
		status=Status.OPEN.value,
		due_on=due_on,
		user=user,
		reference_doctype=doctype,
		reference_name=name,
		lead=lead,
		instructions=(instructions or "").strip(),
		lead_email=activity_rows.email_of(lead, doctype, name),
	)
	activity.insert(ignore_permissions=True)  # nobody writes the table; who may write the record may plan
	row = activity_rows.read(activity.name)
	_add_entries(row, remind)
	news.changed(doctype, [name])
	alerts.activity_given(activity.name)
	return activity.name


def follow(row: frappe._dict) -> None:
	"""Keep the calendar in step with an activity that was finished or given to somebody.

	row: as it is now. A meeting that was planned for a step of a sequence is agreed with the customer, so a
	step that is skipped leaves it in the calendar.
	"""
	if Status(row.status) in OVER:
		_end(row)
	elif not row.enrollment:
		_hand_over(row)


def _check(doctype: str, name: str, kind: str, title: str, due_on: datetime, user: str) -> None:
	if doctype not in records.DOCTYPES:
		frappe.throw(_("Choose a Lead or an Opportunity."))
	if kind not in [known.value for known in Kind]:
		frappe.throw(_("Choose one of {0}.").format(", ".join(known.value for known in Kind)))
	if not title.strip():
		frappe.throw(_("Say in a few words what is to be done."))
	if activity_rules.due_refusal(due_on, now_datetime()):
		frappe.throw(_("Choose today or a day in the future."))
	check_assignee(user, doctype, name)


def check_assignee(user: str, doctype: str, name: str) -> None:
	"""Raise frappe.ValidationError for a user who could not do what is to be done on a record."""
	if not frappe.db.get_value("User", user, "enabled"):
		frappe.throw(_("{0} is not an active user. Choose somebody else.").format(user))
	if not frappe.has_permission(doctype, ptype="read", doc=name, user=user):
		frappe.throw(
			_("{0} may not see {1}. Give them access to it, or choose somebody else.").format(
				frappe.utils.get_fullname(user), name
			)
		)


def _add_entries(row: frappe._dict, remind: bool) -> None:
	entry = {
		"subject": row.title,
		"event_category": calendar_entries.CATEGORIES.get(row.kind, "Other"),
		"starts_on": row.due_on,
		"ends_on": row.due_on + calendar_entries.USUAL_LENGTH,
		"description": escape_html(row.instructions or "").replace("\n", "<br>"),
		"reference_doctype": row.reference_doctype,
		"reference_docname": row.reference_name,
	}
	record = (row.reference_doctype, row.reference_name)
	activity_rows.update(
		row,
		event=calendar_entries.add(row.user, entry),
		reminder=calendar_entries.remind(row.user, row.due_on, row.title, *record) if remind else None,
	)


def _end(row: frappe._dict) -> None:
	done = row.status == Status.COMPLETED.value
	if done or not row.enrollment:
		status = calendar_entries.COMPLETED if done else calendar_entries.CANCELLED
		calendar_entries.change(row.event, status=status)
	calendar_entries.forget(row.reminder)


def _hand_over(row: frappe._dict) -> None:
	"""A group has no calendar: what is given to one leaves the calendar until a member claims it."""
	if not row.user:
		_remove_entries(row)
	elif not row.event:
		_add_entries(row, remind=True)
	else:
		calendar_entries.change(row.event, owner=row.user)
		if row.reminder:
			frappe.db.set_value(
				calendar_entries.REMINDER, row.reminder, {"user": row.user, "owner": row.user}
			)


def _remove_entries(row: frappe._dict) -> None:
	event, reminder = row.event, row.reminder
	activity_rows.update(row, event=None, reminder=None)
	calendar_entries.delete(event)
	calendar_entries.forget(reminder)
