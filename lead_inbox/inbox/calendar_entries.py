"""What an activity or a booking puts into a person's calendar: an Event of Frappe's, and a Reminder.

Frappe speaks to Google in the middle of saving an Event that is synchronized. So Events are made without
that and changed past their controller, and a job tells Google after the commit (design rule 7).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import frappe
from frappe.utils import get_datetime, now_datetime

EVENT, REMINDER = "Event", "Reminder"
OPEN, COMPLETED, CANCELLED = "Open", "Completed", "Cancelled"
CATEGORIES = {"Phone Call": "Call", "Email": "Sent/Received Email", "Meeting": "Meeting"}
USUAL_LENGTH = timedelta(minutes=30)
PUSH = "lead_inbox.tasks.push_event"


def add(user: str, values: dict[str, Any], participants: Iterable[tuple[str, str]] = ()) -> str:
	"""Put an Event into a user's calendar and return it.

	values: of Event's fields, those that this version of Frappe has are taken. participants: DocType and name;
	ERPNext shows the Event on their forms and, on its day, sets their status to Open.
	"""
	event = frappe.new_doc(EVENT)
	event.update({"event_type": "Private", "status": OPEN})
	event.update({field: value for field, value in values.items() if event.meta.has_field(field)})
	for doctype, name in participants:
		event.add_participant(doctype, name)
		if doctype == "User":  # colleagues see an Event that names their address
			event.event_participants[-1].email = frappe.db.get_value("User", name, "email")
	event.insert(ignore_permissions=True)  # in a colleague's calendar, by who may give them work
	frappe.db.set_value(EVENT, event.name, "owner", user, update_modified=False)
	return event.name


def change(event: str | None, **values: Any) -> None:
	"""Change an Event that may be gone by now, and let Google Calendar know if it has it."""
	known = event and frappe.db.get_value(EVENT, event, ["sync_with_google_calendar"], as_dict=True)
	if not known:
		return
	frappe.db.set_value(EVENT, event, values)
	if known.sync_with_google_calendar:
		frappe.enqueue(PUSH, name=event, enqueue_after_commit=True)


def push(event: str, google_calendar: str | None = None) -> None:
	"""Tell Google Calendar of an Event, by Frappe's own hooks. For a job: speaks to Google.

	google_calendar: the one to begin to synchronize it with, which also gives it a video link.
	"""
	doc = frappe.get_doc(EVENT, event)
	if google_calendar:
		doc.update(
			{
				"sync_with_google_calendar": 1,
				"google_calendar": google_calendar,
				"add_video_conferencing": 1,
			}
		)
	doc.save(ignore_permissions=True)  # the job runs as who planned it, the Event is its owner's


def delete(event: str | None) -> None:
	if event and frappe.db.exists(EVENT, event):
		# whoever may do the activity keeps its calendar entry in step
		frappe.delete_doc(EVENT, event, ignore_permissions=True, force=True)


def remind(user: str, on: datetime, text: str, doctype: str, name: str) -> str | None:
	"""Let Frappe remind a user of a record and return the Reminder; None for a time that has passed.

	Frappe's Reminder is its maker's; this one becomes the user's.
	"""
	if get_datetime(on) <= now_datetime():
		return None
	reminder = frappe.new_doc(REMINDER)
	reminder.update({"remind_at": on, "description": text})
	reminder.update({"reminder_doctype": doctype, "reminder_docname": name})
	reminder.insert(ignore_permissions=True)
	frappe.db.set_value(REMINDER, reminder.name, {"user": user, "owner": user}, update_modified=False)
	return reminder.name


def forget(reminder: str | None) -> None:
	if reminder:
		frappe.db.delete(REMINDER, {"name": reminder})
