"""What people do with activities, from My Work, Up next and the inbox. Thin: check the right, call inward,
answer with the item as it is now, None when it is not the user's to see any more.

For users who may write the activity's Lead or Opportunity; `prepare` for who may read it. Times are site-time
strings. What somebody else was faster with is refused with words, by activity_rows.NotPossibleNow.
"""

from typing import Any

import frappe
from frappe import _
from frappe.utils import get_datetime

from lead_inbox.sequences import records
from lead_inbox.sequences.activities import activities, activity_rows, meetings, next_contact, steps
from lead_inbox.sequences.worklist import worklist


@frappe.whitelist(methods=["GET"])
def prepare(activity: str) -> dict[str, Any]:
	"""Return what starting the activity takes: item, texts, numbers, refusals. See steps.prepare."""
	row = _allowed(activity, "read")
	item = _item(activity)["item"]
	return {"activity": item, **steps.prepare(row), "event": item and item["event"]}


@frappe.whitelist(methods=["POST"])
def complete(activity: str, note: str | None = None, outcome: str | None = None) -> dict[str, Any]:
	"""Mark the activity as done. outcome: Answered or Not Answered, of a Phone Call."""
	_allowed(activity)
	activities.complete(activity, note=note, outcome=outcome)
	return _item(activity)


@frappe.whitelist(methods=["POST"])
def skip(activity: str, note: str | None = None) -> dict[str, Any]:
	"""Leave the activity undone; one that was added by hand is cancelled."""
	_allowed(activity)
	activities.skip(activity, note)
	return _item(activity)


@frappe.whitelist(methods=["POST"])
def snooze(activity: str, until: str) -> dict[str, Any]:
	"""Let a step of a sequence rest until a time, 30 days at most."""
	_allowed(activity)
	activities.snooze(activity, get_datetime(until))
	return _item(activity)


@frappe.whitelist(methods=["POST"])
def add_note(activity: str, content: str) -> dict[str, Any]:
	"""Keep a note in the timeline of the activity's record."""
	_allowed(activity)
	activities.add_note(activity, content)
	return _item(activity)


@frappe.whitelist(methods=["POST"])
def assign(activity: str, user: str | None = None, user_group: str | None = None) -> dict[str, Any]:
	"""Give the activity to a user or to a User Group."""
	_allowed(activity)
	activities.assign(activity, user, user_group)
	return _item(activity)


@frappe.whitelist(methods=["POST"])
def claim(activity: str) -> dict[str, Any]:
	"""Take what was given to one of the user's groups."""
	_allowed(activity)
	activities.claim(activity)
	return _item(activity)


@frappe.whitelist(methods=["POST"])
def add(
	doctype: str,
	name: str,
	kind: str,
	title: str,
	due_on: str,
	user: str | None = None,
	instructions: str | None = None,
	remind: int = 1,
) -> dict[str, Any]:
	"""Plan the next contact on a Lead or Opportunity, by default one's own. remind: with a Reminder."""
	_check_right(doctype, name, "write")
	activity = next_contact.add_by_hand(
		doctype, name, kind, title, get_datetime(due_on), user, instructions, bool(remind)
	)
	return _item(activity)


@frappe.whitelist(methods=["POST"])
def plan_meeting(
	activity: str,
	subject: str,
	starts_on: str,
	ends_on: str,
	location: str | None = None,
	video_link: str | None = None,
) -> dict[str, Any]:
	"""Put the meeting of an activity into the calendar, or move it."""
	_allowed(activity)
	meetings.plan_meeting(
		activity, subject, get_datetime(starts_on), get_datetime(ends_on), location, video_link
	)
	return _item(activity)


@frappe.whitelist(methods=["POST"])
def close_meeting(event: str, note: str | None = None) -> dict[str, Any]:
	"""Note that a meeting was held. For who may write a lead or opportunity that it is about."""
	rights = [
		frappe.has_permission(doctype, ptype="write", doc=name)
		for doctype, name in meetings.records_of(event)
	]
	if not any(rights):
		raise frappe.PermissionError(_("You may not write any lead or opportunity of this meeting."))
	activity = meetings.close_meeting(event, note)
	return _item(activity) if activity else {"item": None}


def _allowed(activity: str, ptype: str = "write") -> frappe._dict:
	row = activity_rows.read(activity)
	_check_right(row.reference_doctype, row.reference_name, ptype)
	return row


def _check_right(doctype: str, name: str, ptype: str) -> None:
	if doctype not in records.DOCTYPES:
		frappe.throw(_("Choose a Lead or an Opportunity."), frappe.PermissionError)
	frappe.has_permission(doctype, ptype=ptype, doc=name, throw=True)


def _item(activity: str) -> dict[str, Any]:
	return {"item": worklist.item(activity)}
