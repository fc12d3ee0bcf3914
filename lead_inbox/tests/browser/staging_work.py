"""What the tests of My Work need beside staging.py, and what they look up afterwards. Called as that is."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils import add_to_date, now_datetime

from lead_inbox.sequences.activities import activities, next_contact
from lead_inbox.sequences.enrollment import enrolling
from lead_inbox.tests.browser.staging import JUN, SARA, as_user, assign, full_conversation, lead
from lead_inbox.tests.integration.sequence_builders import (
	advance,
	enrollment_of,
	make_opportunity,
	make_sequence,
	step,
)

SEQUENCE = "New web lead"
GROUP = "Service Desk"
TEMPLATE = "Offer a visit"


def sequence(*steps: Any, **fields: Any) -> str:
	"""An active sequence; by default a call, a mail and two tasks without waits between them."""
	return make_sequence(
		steps
		or (
			step("Ring the customer", "Phone Call", instructions="Ask whether the drip has become worse."),
			step("Mail the offer", "Email", email_template=TEMPLATE),
			"Look up the warranty",
			"Order the spare part",
		),
		sequence_name=SEQUENCE,
		exit_on_reply=0,
		**fields,
	)


def enroll(name: str, plan: str, user: str = JUN) -> str:
	"""Let a lead of a user enter a sequence and come to its first step. The enrollment."""
	assign(name, user)
	enrollment = as_user(user, enrolling.enroll, plan, "Lead", name)
	advance()
	return enrollment


def go_on() -> None:
	"""The engine does what is due, as it does each minute."""
	advance()


def add(
	name: str, title: str = "Call again", kind: str = "Phone Call", user: str = JUN, **distance: float
) -> str:
	"""An activity by hand for a lead, due in so much time: add(name, "Call", days=-1). The activity."""
	due_on = add_to_date(now_datetime(), **(distance or {"minutes": -5}))
	activity = as_user(
		user, next_contact.add_by_hand, "Lead", name, kind, title, add_to_date(now_datetime(), days=1)
	)
	frappe.db.set_value("Sales Activity", activity, "due_on", due_on)
	ends_on = add_to_date(due_on, minutes=30)
	frappe.db.set_value("Event", _event_of(activity), {"starts_on": due_on, "ends_on": ends_on})
	return activity


def _event_of(activity: str) -> str:
	"""The calendar entry of an activity by hand."""
	return frappe.db.get_value("Sales Activity", activity, "event")


def many(name: str, count: int) -> None:
	"""Activities by hand, due one minute after the other, the last one just now."""
	for number in range(count):
		add(name, f"Task {number:03d}", "Task", seconds=number - count)


def set_activity(activity: str, values: dict[str, Any]) -> None:
	frappe.db.set_value("Sales Activity", activity, values)


def complete(activity: str, user: str = SARA, note: str | None = None) -> None:
	"""As a colleague does it somewhere else."""
	as_user(user, lambda: activities.complete(activity, note=note))


def delete(activity: str) -> None:
	frappe.db.delete("Sales Activity", {"name": activity})


def group_activity(name: str) -> str:
	"""One that was given to a User Group of which Jun is a member."""
	if not frappe.db.exists("User Group", GROUP):
		members = [{"user": JUN}, {"user": SARA}]
		frappe.get_doc(doctype="User Group", __newname=GROUP, user_group_members=members).insert()
	activity = add(name, "Ask for the model", "Task")
	set_activity(activity, {"user": None, "user_group": GROUP})
	return activity


def of_enrollment(enrollment: str) -> list[tuple[str, str, str | None]]:
	"""Title, status and outcome of the activities that an enrollment came to, in order."""
	rows = frappe.get_all(
		"Sales Activity",
		filters={"enrollment": enrollment},
		fields=["title", "status", "outcome"],
		order_by="creation asc",
	)
	return [(row.title, row.status, row.outcome or None) for row in rows]


def status_of(activity: str) -> str:
	return frappe.db.get_value("Sales Activity", activity, "status")


def is_snoozed(title: str) -> bool:
	until = frappe.db.get_value("Sales Activity", {"title": title}, "snoozed_until")
	return bool(until and until > now_datetime())


def notes_of(name: str) -> list[str]:
	"""What is noted in a lead's conversation, the first one first."""
	return frappe.get_all(
		"Lead Message", {"lead": name, "kind": "Note"}, pluck="content", order_by="sent_on asc, creation asc"
	)


def state_of_enrollment(enrollment: str) -> str:
	return enrollment_of(enrollment).status


def of_record(name: str) -> list[tuple[str, str, str]]:
	"""Kind, title and user of the open activities of a lead."""
	rows = frappe.get_all(
		"Sales Activity",
		filters={"reference_name": name, "status": "Open"},
		fields=["kind", "title", "user"],
		order_by="due_on asc",
	)
	return [(row.kind, row.title, row.user) for row in rows]


def showcase(user: str) -> str:
	"""The work of the screenshots, of one user. The key of an item with all that the pane can show."""
	name = full_conversation()
	first = enrollment_of(enroll(name, sequence(), user)).activity
	set_activity(first, {"user": user})  # the lead is Jun's
	quiet = lead("How much is the service contract?", name="Trần Văn An", email="an@customer.example")
	mail = add(quiet, "Mail with price list", "Email", user, days=-1)
	set_activity(mail, {"error": "The template Price list could not be filled. Write the mail yourself."})
	greek = lead("Do you install heat pumps in Chania?", name="Γιώργος Παπαδάκης")
	add(greek, "Visit at the customer's house", "Meeting", user, minutes=30)
	group_activity(greek)
	long = lead("40 seats", name="Delta Mills of the long and winding name in the county of nowhere")
	add(long, "Look up the warranty of the compressor and what it covers", "Task", user, minutes=45)
	add(long, "Ask again", "SMS", user, days=3)
	add(long, "Forgotten long ago", "Task", user, days=-40)
	deal = make_opportunity(quiet).name
	tomorrow = add_to_date(now_datetime(), days=1)
	as_user(user, next_contact.add_by_hand, "Opportunity", deal, "Phone Call", "Talk about terms", tomorrow)
	complete(add(greek, "Send the brochure", "Task", user), user, "Sent it by post.")
	return f"activity/{first}"
