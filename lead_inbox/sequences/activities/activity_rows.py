"""Rows of Sales Activity: holding one under its locks, and what may be done with it, in words.

Locks are taken in the order that holds everywhere: the lead, the opportunity, the enrollment, the activity.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import get_fullname, pretty_date

from lead_inbox.sequences import news, records
from lead_inbox.sequences.activities import activity_rules
from lead_inbox.sequences.activities.activity_rules import Activity, Actor, Deed, Refusal, Status

ACTIVITY = "Sales Activity"
FIELDS = (
	*("name", "title", "kind", "status", "due_on", "snoozed_until", "user", "user_group", "instructions"),
	*("reference_doctype", "reference_name", "lead", "enrollment", "sequence", "step", "error"),
	*("message", "event", "reminder", "outcome", "note", "completed_on", "completed_by"),
)


class NotPossibleNow(frappe.ValidationError):
	"""What a user asked for can't be done with the activity as it is by now."""


def read(name: str) -> frappe._dict:
	"""Return an activity's row. Raises DoesNotExistError with words for one that is gone."""
	row = frappe.db.get_value(ACTIVITY, name, FIELDS, as_dict=True)
	return row or _is_gone()


def hold(name: str) -> frappe._dict:
	"""Return an activity's row as it is now, locked until the transaction ends, after its record's."""
	known = read(name)
	records.lock_one(known.reference_doctype, known.reference_name, known.lead)
	if known.enrollment:
		frappe.db.get_value("Sequence Enrollment", known.enrollment, "name", for_update=True)
	row = frappe.db.get_value(ACTIVITY, name, FIELDS, as_dict=True, for_update=True)
	return row or _is_gone()


def hold_for(name: str, deed: Deed) -> frappe._dict:
	"""Return an activity's row, locked, for the session's user to do something with it.

	Raises PermissionError for who may not, NotPossibleNow with words when it is too late or too early.
	"""
	row = hold(name)
	if refusal := activity_rules.refusal(as_activity(row), _actor(row), deed):
		_refuse(row, refusal)
	return row


def as_activity(row: Any) -> Activity:
	return Activity(Status(row.status), not row.enrollment, row.user or None, row.user_group or None)


def update(row: frappe._dict, **changes: Any) -> None:
	"""Write a held activity's changes and tell open pages."""
	frappe.db.set_value(ACTIVITY, row.name, changes)
	row.update(changes)
	news.changed(row.reference_doctype, [row.reference_name])


def email_of(lead: str | None, doctype: str, name: str) -> str | None:
	"""Return the customer's address, by which requests for personal data find what people write of them."""
	if lead:
		return frappe.db.get_value("Lead", lead, "email_id")
	return frappe.db.get_value("Opportunity", name, "contact_email") if doctype == "Opportunity" else None


def members_of(user_group: str) -> list[str]:
	"""Return the enabled users of a User Group."""
	member, user = frappe.qb.DocType("User Group Member"), frappe.qb.DocType("User")
	return (
		frappe.qb.from_(member)
		.join(user)
		.on(user.name == member.user)
		.select(user.name)
		.where((member.parent == user_group) & (user.enabled == 1))
		.orderby(member.idx)
	).run(pluck=True)


def groups_of(user: str) -> frozenset[str]:
	"""Return the User Groups that a user is in."""
	filters = {"user": user, "parenttype": "User Group"}
	return frozenset(
		frappe.get_all("User Group Member", filters=filters, pluck="parent", order_by="parent asc")
	)


def _actor(row: frappe._dict) -> Actor:
	user = frappe.session.user
	may_write = frappe.has_permission(row.reference_doctype, ptype="write", doc=row.reference_name)
	return Actor(user, bool(may_write), groups_of(user) if row.user_group else frozenset())


def _refuse(row: frappe._dict, refusal: Refusal) -> None:
	if refusal is Refusal.NO_RIGHT:
		frappe.throw(_("You may not work on {0}.").format(row.reference_name), frappe.PermissionError)
	frappe.throw(_sentence(row, refusal), NotPossibleNow, title=_("Not Possible Now"))


def _sentence(row: frappe._dict, refusal: Refusal) -> str:
	if refusal is Refusal.OVER:
		return _over(row)
	return {
		Refusal.SCHEDULED: _(
			"Its message is scheduled. Change or cancel the message in the conversation to do something else."
		),
		Refusal.SENDING: _("Its message is being sent right now. Wait until it has left."),
		Refusal.PAUSED: _("Its sequence is paused. Resume the sequence first."),
		Refusal.BY_HAND: _("Only a step of a sequence can be snoozed. Skip this one and add another."),
		Refusal.TAKEN: _("{0} has claimed this already.").format(get_fullname(row.user)),
		Refusal.NO_GROUP: _("This was not given to a User Group, so there is nothing to claim."),
		Refusal.NOT_A_MEMBER: _("Only members of {0} can claim this.").format(row.user_group),
	}[refusal]


def _over(row: frappe._dict) -> str:
	if not row.completed_by:
		return _("This is {0} already.").format(_(row.status))
	return {
		Status.COMPLETED: _("{0} completed this {1}."),
		Status.SKIPPED: _("{0} skipped this {1}."),
		Status.CANCELLED: _("{0} cancelled this {1}."),
	}[Status(row.status)].format(get_fullname(row.completed_by), pretty_date(row.completed_on))


def _is_gone() -> None:
	frappe.throw(_("This activity does not exist any more."), frappe.DoesNotExistError)
