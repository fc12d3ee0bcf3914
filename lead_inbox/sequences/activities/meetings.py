"""Meetings of activities: planning one as an Event of Frappe's, closing it, following the calendar (SQ-5).

A meeting has the customer's record as participant, so the record's form shows it, and ERPNext sets the
record's status to Open on its day, as for any Event. Where that is wrong, for a customer who does not want
to be contacted or is converted, inbox/reconcile.py sets the status back within the hour.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import frappe
from frappe import _
from frappe.utils import escape_html, now_datetime

from lead_inbox.inbox import calendar_entries
from lead_inbox.inbox.calendar_entries import EVENT
from lead_inbox.sequences import records
from lead_inbox.sequences.activities import (
	activities,
	activity_rows,
	activity_rules,
	timeline,
)
from lead_inbox.sequences.activities.activity_rows import ACTIVITY
from lead_inbox.sequences.activities.activity_rules import Deed, Status, TimeRefusal
from lead_inbox.sequences.rules import Kind

HELD = ("Completed", "Closed")  # ERPNext's own tick on the Lead's form closes an Event
LINK_FIELD = "google_meet_link"


def plan_meeting(
	activity: str,
	subject: str,
	starts_on: datetime,
	ends_on: datetime,
	location: str | None = None,
	video_link: str | None = None,
) -> None:
	"""Put the meeting of an activity into the calendar, or move the one that is there.

	The activity is due when it starts. video_link: of any service; without one, and with a Google Calendar of
	who does it, a job asks Google for one. Raises frappe.ValidationError with words, NotPossibleNow.
	"""
	row = activity_rows.hold_for(activity, Deed.START)
	if row.kind != Kind.MEETING.value:
		frappe.throw(_("{0} is no meeting, so none can be planned for it.").format(row.title))
	_check(subject, starts_on, ends_on, video_link)
	host = row.user or frappe.session.user
	values = {
		**{"subject": subject.strip(), "event_category": "Meeting", "location": location or None},
		**{"starts_on": starts_on, "ends_on": ends_on, "status": calendar_entries.OPEN},
		**_link_values(row, video_link),
	}
	event = _replace_event(row, host, values)
	activity_rows.update(
		row,
		event=event,
		user=host,
		due_on=starts_on,
		snoozed_until=None,
		reminder=_remind_again(row, starts_on),
	)
	if not video_link and (calendar := _google_calendar(host)):
		frappe.enqueue(calendar_entries.PUSH, name=event, google_calendar=calendar, enqueue_after_commit=True)


def close_meeting(event: str, note: str | None = None) -> str | None:
	"""Note that a meeting was held, and return the activity that it completes, if it is one's.

	The caller has checked, by `records_of`, that the user may write one of its records.
	"""
	activity = activity_of(event)
	if activity:
		activities.complete(activity, note=note)
		return activity
	row = frappe.db.get_value(EVENT, event, ["subject", "status"], as_dict=True, for_update=True)
	if row.status != calendar_entries.OPEN:
		frappe.throw(_("This meeting is {0} already.").format(_(row.status)))
	calendar_entries.change(event, status=calendar_entries.COMPLETED)
	for doctype, name in records_of(event):
		if frappe.has_permission(doctype, ptype="write", doc=name):
			timeline.meeting_closed(doctype, name, row.subject, (note or "").strip())
	return None


def activity_of(event: str) -> str | None:
	"""Return the live activity whose meeting or calendar entry an Event is."""
	live = {"event": event, "status": ["in", [status.value for status in activity_rules.LIVE]]}
	return frappe.db.get_value(ACTIVITY, live)


def records_of(event: str) -> list[tuple[str, str]]:
	"""Return the leads and opportunities that an Event is about."""
	participants = frappe.get_all(
		"Event Participants",
		filters={"parent": event, "reference_doctype": ["in", records.DOCTYPES]},
		fields=["reference_doctype", "reference_docname"],
		order_by="idx asc",
	)
	about = frappe.db.get_value(EVENT, event, ["reference_doctype", "reference_docname"])
	found = [(row.reference_doctype, row.reference_docname) for row in participants]
	return list(dict.fromkeys([*found, *([about] if about and about[0] in records.DOCTYPES else [])]))


def event_changed(event: Any) -> None:
	"""Let an activity follow the Event that a person, or Google Calendar, changed in the calendar.

	event: the document, just saved. Its row is held before the lead's here, unlike elsewhere: of a user who
	moves it and one who works on its activity at the same moment the database may refuse one.
	"""
	name = activity_of(event.name) if event.get_doc_before_save() else None
	if not name:
		return
	row = activity_rows.hold(name)
	if event.has_value_changed("status") and event.status != calendar_entries.OPEN:
		_follow_status(row, event.status)
	elif event.has_value_changed("starts_on"):
		starts_on = event.starts_on
		reminder = _remind_again(row, starts_on)
		activity_rows.update(row, due_on=starts_on, snoozed_until=None, reminder=reminder)


def event_deleted(event: str) -> None:
	"""Leave an activity without the Event that is being deleted: it is to be planned anew."""
	frappe.db.set_value(ACTIVITY, {"event": event}, {"event": None})


def _follow_status(row: frappe._dict, status: str) -> None:
	if status not in HELD:
		activity_rows.update(row, event=None)
	elif row.status == Status.OPEN.value:
		activities.meeting_held(row)


def _check(subject: str, starts_on: datetime, ends_on: datetime, video_link: str | None) -> None:
	if not subject.strip():
		frappe.throw(_("Say in a few words what the meeting is about."))
	refusal = activity_rules.meeting_refusal(starts_on, ends_on, now_datetime())
	if refusal is TimeRefusal.ENDS_BEFORE_START:
		frappe.throw(_("A meeting ends after it starts. Choose a later end."))
	if refusal:
		frappe.throw(_("Choose today or a day in the future."))
	if video_link and urlsplit(video_link.strip()).scheme not in ("http", "https"):
		frappe.throw(_("A video link begins with https://."))


def _link_values(row: frappe._dict, video_link: str | None) -> dict[str, Any]:
	"""The link is in the description, where the Event's form shows it for any service, and in the field for
	Google's, where it can be told from other links. That field was short in older versions of Frappe."""
	told = escape_html(row.instructions or "").replace("\n", "<br>")
	if not video_link:
		return {"description": told}
	link = escape_html(video_link.strip())
	joined = _("Join the meeting: {0}").format(f'<a href="{link}">{link}</a>')
	field = frappe.get_meta(EVENT).get_field(LINK_FIELD)
	fits = field and (field.fieldtype != "Data" or len(video_link) <= (field.length or 140))
	return {
		"description": f"<p>{joined}</p>{told}",
		**({LINK_FIELD: video_link.strip()} if fits else {}),
	}


def _replace_event(row: frappe._dict, host: str, values: dict[str, Any]) -> str:
	"""A next contact's calendar entry gives way to the meeting, which has its participants."""
	if row.event and _has_participants(row.event):
		calendar_entries.change(row.event, **_known_fields(values))
		return row.event
	entry, row.event = row.event, None
	event_deleted(entry) if entry else None
	calendar_entries.delete(entry)
	people = dict.fromkeys((host, frappe.session.user))
	participants = [(row.reference_doctype, row.reference_name), *(("User", user) for user in people)]
	return calendar_entries.add(host, values, participants)


def _has_participants(event: str) -> bool:
	return bool(frappe.db.exists("Event Participants", {"parent": event}))


def _known_fields(values: dict[str, Any]) -> dict[str, Any]:
	meta = frappe.get_meta(EVENT)
	return {field: value for field, value in values.items() if meta.has_field(field)}


def _remind_again(row: frappe._dict, on: datetime) -> str | None:
	"""Move the reminder of an activity that has one."""
	if not row.reminder:
		return None
	calendar_entries.forget(row.reminder)
	return calendar_entries.remind(row.user, on, row.title, row.reference_doctype, row.reference_name)


def _google_calendar(user: str) -> str | None:
	"""Return a user's own calendar at Google into which Frappe may write."""
	if not frappe.db.get_single_value("Google Settings", "enable", cache=True):
		return None
	return frappe.db.get_value("Google Calendar", {"user": user, "enable": 1, "push_to_google_calendar": 1})
