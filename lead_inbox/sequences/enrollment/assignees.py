"""Who does a step of a sequence (SQ-4): the record's owner, a user or a group, or who stands in for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import frappe
from frappe.utils import nowdate

from lead_inbox.sequences import records
from lead_inbox.sequences.activities.activity_rows import members_of
from lead_inbox.sequences.enrollment import assignee_rules
from lead_inbox.sequences.records import LEAD

OWNER, USER, USER_GROUP = "Owner", "User", "User Group"
OWNER_FIELDS = {"Lead": "lead_owner", "Opportunity": "opportunity_owner"}
ASSIGNEE_FIELD = "inbox_assignee"  # of a Lead; an Opportunity's is asked of its ToDos


@dataclass(frozen=True)
class Assignee:
	"""Who has an activity: a user, or a group of which the first one claims it, or nobody yet."""

	user: str | None = None
	user_group: str | None = None


@dataclass
class Staff:
	"""Who may do what on a number of records. The database is asked once a user, not once a record.

	rows: by name, with who has them: records.FIELDS.
	"""

	doctype: str
	rows: Mapping[str, frappe._dict]
	_owners: dict[str, str | None] | None = None
	_working: dict[str, bool] = field(default_factory=dict)
	_readable: dict[str, frozenset[str]] = field(default_factory=dict)
	_members: dict[str, list[str]] = field(default_factory=dict)

	def owner_of(self, name: str) -> str | None:
		if self._owners is None:
			self._owners = _owners_of(self.doctype, self.rows)
		return self._owners.get(name)

	def choose(self, row: Any, name: str, enrolled_by: str | None, stand_in: str | None) -> Assignee:
		"""Return who does a step on a record. row: of Sequence Step; None for a step that is gone."""
		done_by = row.done_by if row else OWNER
		if done_by == USER_GROUP and self._has_member(row.user_group, name):
			return Assignee(user_group=row.user_group)
		wanted = {OWNER: self.owner_of(name), USER: row.user if row else None}.get(done_by)
		chain = (wanted, stand_in, enrolled_by)
		return Assignee(assignee_rules.first_available(chain, lambda user: self._can(user, name)))

	def _has_member(self, user_group: str | None, name: str) -> bool:
		if not user_group:
			return False
		if user_group not in self._members:
			self._members[user_group] = members_of(user_group)
		return any(self._can(user, name) for user in self._members[user_group])

	def _can(self, user: str, name: str) -> bool:
		"""Whether a user is there, works today and may read the record."""
		if user not in self._working:
			self._working[user] = user in _enabled([user]) and user not in _on_leave([user])
		if not self._working[user]:
			return False
		if user not in self._readable:
			self._readable[user] = _readable(self.doctype, list(self.rows), user)
		return name in self._readable[user]


def owner_of(doctype: str, name: str) -> str | None:
	"""Return who has a Lead or Opportunity: its first open assignment's user, else its owner field's.

	Never a disabled user.
	"""
	return _staff_of(doctype, name).owner_of(name)


def choose(row: Any, doctype: str, name: str, enrolled_by: str | None, stand_in: str | None) -> Assignee:
	"""Return who does a step on one record. row: of Sequence Step."""
	return _staff_of(doctype, name).choose(row, name, enrolled_by, stand_in)


def _staff_of(doctype: str, name: str) -> Staff:
	row = frappe.db.get_value(doctype, name, records.FIELDS[doctype], as_dict=True)
	return Staff(doctype, {name: row} if row else {})


def _owners_of(doctype: str, rows: Mapping[str, frappe._dict]) -> dict[str, str | None]:
	assigned = (
		{name: row[ASSIGNEE_FIELD] for name, row in rows.items()}
		if doctype == LEAD
		else _first_assignees(doctype, list(rows))
	)
	owners = {name: (assigned.get(name), row[OWNER_FIELDS[doctype]]) for name, row in rows.items()}
	enabled = _enabled({user for pair in owners.values() for user in pair if user})
	return {name: next((user for user in pair if user in enabled), None) for name, pair in owners.items()}


def _first_assignees(doctype: str, names: list[str]) -> dict[str, str]:
	todos = frappe.get_all(
		"ToDo",
		filters={"reference_type": doctype, "reference_name": ["in", names], "status": "Open"},
		fields=["reference_name", "allocated_to"],
		order_by="creation desc",
	)
	return {row.reference_name: row.allocated_to for row in todos}  # the oldest comes last


def _enabled(users: Iterable[str]) -> set[str]:
	users = list(users)
	if not users:
		return set()
	filters = {"name": ["in", users], "enabled": 1}
	return set(frappe.get_all("User", filters=filters, pluck="name", order_by="name asc"))


def _on_leave(users: Iterable[str]) -> set[str]:
	"""Return who of the users has an approved leave today. Leave is kept by Frappe HR, which a site may lack."""
	if not frappe.db.exists("DocType", "Leave Application", cache=True):
		return set()
	leave, employee = frappe.qb.DocType("Leave Application"), frappe.qb.DocType("Employee")
	today = nowdate()
	return set(
		(
			frappe.qb.from_(leave)
			.join(employee)
			.on(employee.name == leave.employee)
			.select(employee.user_id)
			.where(employee.user_id.isin(list(users)))
			.where((leave.status == "Approved") & (leave.docstatus == 1))
			.where((leave.from_date <= today) & (leave.to_date >= today))
		).run(pluck=True)
	)


def _readable(doctype: str, names: list[str], user: str) -> frozenset[str]:
	if not frappe.has_permission(doctype, ptype="read", user=user):
		return frozenset()
	return frozenset(
		frappe.get_list(
			doctype,
			filters={"name": ["in", names]},
			pluck="name",
			order_by="name asc",
			limit=len(names),
			user=user,
		)
	)
