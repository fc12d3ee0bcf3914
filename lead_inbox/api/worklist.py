"""What My Work and Up next read. Thin: check the right, call inward, answer.

For users of the desk who may read Sales Activity; what they see is what is about leads and opportunities
that they may read. Times are site-time strings.

An item: {key: "source/name", source: "activity", "event" or "call_back" (whose name is the lead's), name,
kind, title, instructions, error, status, due_on, snoozed_until, user, user_full_name, user_image, user_group,
reference_doctype, reference_name, reference_title, lead, enrollment, sequence, sequence_name, step_no,
step_count, by_hand, bucket: "old", "overdue", "today", "upcoming" or "completed", because: a sentence or "",
outcome, note, completed_on, completed_by, event: null or {name, subject, starts_on, ends_on, video_link,
location, people: [names]}, can: {start, complete, skip, snooze, note, assign, claim}}.
"""

from typing import Any

import frappe
from frappe import _

from lead_inbox.api import arguments, desk
from lead_inbox.sequences.activities import activity_rows
from lead_inbox.sequences.records import DOCTYPES
from lead_inbox.sequences.rules import Kind
from lead_inbox.sequences.worklist import up_next, worklist
from lead_inbox.sequences.worklist.worklist_sources import ACTIVITY, CALL_BACK, EVENT, SCOPES, Span, Wanted

MAX_PAGE_LENGTH = 100
TABS = (Span.DUE, Span.UPCOMING, Span.COMPLETED, Span.OLD)
SOURCES = (ACTIVITY, CALL_BACK, EVENT)


@frappe.whitelist(methods=["GET"])
def get_context() -> dict[str, Any]:
	"""Return what filters and dialogs offer: users, User Groups, the active sequences."""
	frappe.has_permission(activity_rows.ACTIVITY, ptype="read", throw=True)
	return {
		"user": frappe.session.user,
		"users": desk.assignable_users(),
		"user_groups": frappe.get_list("User Group", pluck="name", order_by="name asc"),
		"sequences": frappe.get_list(
			"Sequence",
			filters={"status": "Active"},
			fields=["name", "sequence_name", "version", "document_type", "description"],
			order_by="sequence_name asc, version asc",
		),
		"can_add": any(frappe.has_permission(doctype, ptype="write") for doctype in DOCTYPES),
	}


@frappe.whitelist(methods=["GET"])
def get_counts(scope: str = "mine", filters: str | dict | None = None) -> dict[str, int]:
	"""Return the number of items that are due, overdue, of today, upcoming, completed and old; capped_at + 1
	means more than that."""
	frappe.has_permission(activity_rows.ACTIVITY, ptype="read", throw=True)
	return {**worklist.count(_wanted(scope, filters)), "capped_at": worklist.COUNT_LIMIT}


@frappe.whitelist(methods=["GET"])
def get_items(
	tab: str,
	scope: str = "mine",
	filters: str | dict | None = None,
	cursor: str | None = None,
	page_length: int = 20,
) -> dict[str, Any]:
	"""Return a page of a tab and the cursor of the next one.

	tab: due, upcoming, completed or old. scope: mine (also what my groups have not claimed), team (all that I
	may see) or unassigned. filters: kind, sequence, reference_doctype, user.
	"""
	frappe.has_permission(activity_rows.ACTIVITY, ptype="read", throw=True)
	length = max(1, min(page_length, MAX_PAGE_LENGTH))
	items, next_cursor = worklist.page(_one_of(TABS, tab), _wanted(scope, filters), cursor, length)
	return {"items": items, "next_cursor": next_cursor}


@frappe.whitelist(methods=["GET"])
def get_item(source: str, name: str) -> dict[str, Any] | None:
	"""Return one item, None when it is gone or not the user's to see."""
	frappe.has_permission(activity_rows.ACTIVITY, ptype="read", throw=True)
	return worklist.item(name, _one_of(SOURCES, source))


@frappe.whitelist(methods=["GET"])
def get_up_next(doctype: str, name: str) -> dict[str, Any]:
	"""Return what comes next for a Lead or Opportunity.

	items: what can be worked on now. later: {title, kind, automatic, sequence_name, wait, in_words} of the steps
	after the present ones, to be seen only. enrollments: {name, sequence, sequence_name, version, status, phase,
	step_title, step_no, step_count, due_on, waits_for: what a branch asks about while it is Watching, in_words:
	the same as a sentence for any phase, error, previous_owner, owner_full_name}. past: {sequence_name, status,
	exit_reason, ended_on}. sequences: those that the record may enter. can: {enroll, add, write}.
	"""
	frappe.has_permission(_one_of(DOCTYPES, doctype), ptype="read", doc=name, throw=True)
	return up_next.read(doctype, name)


def _wanted(scope: str, filters: str | dict | None) -> Wanted:
	asked = arguments.mapping(filters)
	kinds = [kind.value for kind in Kind]
	return Wanted(
		scope=_one_of(SCOPES, scope),
		user=frappe.session.user,
		groups=tuple(sorted(activity_rows.groups_of(frappe.session.user))),
		kind=_one_of(kinds, asked["kind"]) if asked.get("kind") else None,
		sequence=_text(asked.get("sequence")),
		reference_doctype=_one_of(DOCTYPES, asked["reference_doctype"])
		if asked.get("reference_doctype")
		else None,
		assignee=_text(asked.get("user")),
	)


def _text(value: Any) -> str | None:
	if value is not None and not isinstance(value, str):
		frappe.throw(_("A filter's value must be a text."))
	return value or None


def _one_of(known: tuple[str, ...] | list[str], value: str) -> str:
	if value not in known:
		frappe.throw(_("Choose one of {0}.").format(", ".join(known)))
	return value
