"""The columns in which Frappe repeats, on a record itself, its assignments, tags and comments.

Frappe keeps them while it saves a ToDo, a tag or a comment. Rows that moved without being saved are
summed up again here, in Frappe's own forms.
"""

from __future__ import annotations

import json
from collections.abc import Collection

import frappe

from lead_inbox.inbox import lifecycle

COMMENTS_LIMIT = 100  # as many as Frappe keeps


def refresh(lead: str) -> None:
	"""Sum up a lead's open assignments and its tags, and show the first assignee in the inbox."""
	refresh_assignments("Lead", lead)
	tags = frappe.get_all(
		"Tag Link",
		filters={"document_type": "Lead", "document_name": lead},
		pluck="tag",
		order_by="creation asc",
	)
	summary = "," + ",".join(tags) if tags else None
	frappe.db.set_value("Lead", lead, "_user_tags", summary, update_modified=False)


def refresh_assignments(doctype: str, name: str) -> None:
	"""Sum up a record's open assignments; of a lead, also show the first assignee in the inbox."""
	users = frappe.get_all(
		"ToDo",
		filters={"reference_type": doctype, "reference_name": name, "status": "Open"},
		pluck="allocated_to",
		order_by="creation asc",
	)
	summary = json.dumps(users) if users else None
	frappe.db.set_value(doctype, name, "_assign", summary, update_modified=False)
	if doctype == "Lead":
		lifecycle.set_assignee(name, users[0] if users else None)


def move_comments(source: str, target: str, names: Collection[str]) -> None:
	"""Move the summaries of the comments and mails of these names from one lead to another."""
	wanted = set(names)
	found = _comments(source)
	moving = [comment for comment in found if comment["name"] in wanted]
	if moving:
		_keep_comments(source, [comment for comment in found if comment["name"] not in wanted])
		_keep_comments(target, [*_comments(target), *moving])


def _comments(lead: str) -> list[dict[str, str]]:
	return json.loads(frappe.db.get_value("Lead", lead, "_comments") or "[]")


def _keep_comments(lead: str, comments: list[dict[str, str]]) -> None:
	kept = json.dumps(comments[-COMMENTS_LIMIT:]) if comments else None
	frappe.db.set_value("Lead", lead, "_comments", kept, update_modified=False)
