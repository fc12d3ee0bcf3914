"""Trying a plan's templates and its condition on a record before customers and records meet them.

Frappe leaves a name that a template does not know standing in the text, so a customer would read
{{ frist_name }}. Here it is refused.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils.jinja import get_jenv, guess_is_path
from jinja2 import StrictUndefined, TemplateSyntaxError

from lead_inbox.inbox.replies import placeholders
from lead_inbox.sequences import records
from lead_inbox.sequences.enrollment import sending
from lead_inbox.sequences.records import LEAD


def values_for_conditions(doctype: str) -> dict[str, Any]:
	"""Return what a condition may name, from a record to try it on."""
	return _sample(doctype).as_dict()


def values_for_templates(doctype: str) -> dict[str, Any]:
	"""Return what a template may name, from a record to try it on; as sending.context_of.

	For an Opportunity that has no lead, the names of a lead's fields are known all the same.
	"""
	record = _sample(doctype)
	empty_lead = {**frappe.new_doc(LEAD).as_dict(), **dict.fromkeys(placeholders.names(), "")}
	if record.is_new():
		return {**empty_lead, **record.as_dict(), "doc": record.as_dict()}
	lead = records.lead_of(doctype, record.name)
	if lead and not frappe.has_permission(LEAD, ptype="read", doc=lead):
		lead = None
	return {**empty_lead, **sending.context_of(doctype, record.name, lead)}


def _sample(doctype: str) -> Document:
	"""Return the newest record that the user of the session may read, else an empty one."""
	newest = frappe.get_list(doctype, pluck="name", order_by="creation desc", limit=1)
	return frappe.get_doc(doctype, newest[0]) if newest else frappe.new_doc(doctype)


def template_problem(template: str | None, values: dict[str, Any]) -> str | None:
	"""Return in words why a text can't be filled in with a record's values; None when it can.

	Whatever a template does wrong is an answer here and no error of ours.
	"""
	if not template:
		return None
	if guess_is_path(template):
		return _("It ends like the name of a file. Add a word or a full stop after it.")
	if ".__" in template:
		return _("It may not contain {0}.").format(".__")
	try:
		get_jenv().overlay(undefined=StrictUndefined).from_string(template).render(values)
	except TemplateSyntaxError as error:
		return _("line {0}: {1}").format(error.lineno, error.message)
	except Exception as error:
		return _in_words(error)
	return None


def condition_problem(condition: str, values: dict[str, Any]) -> str | None:
	"""Return in words why a condition can't be asked of a record with these values; None when it can."""
	try:
		frappe.safe_eval(condition, None, values)
	except SyntaxError as error:
		return _("{0} at character {1}").format(error.msg, error.offset) if error.offset else str(error.msg)
	except Exception as error:
		return _in_words(error)
	return None


def _in_words(error: Exception) -> str:
	return f"{type(error).__name__}: {error}"
