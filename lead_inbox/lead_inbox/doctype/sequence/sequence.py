from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder.functions import Max
from frappe.utils import cstr, escape_html, get_fullname, get_link_to_form

from lead_inbox.sequences.enrollment import enrolling_by_rule
from lead_inbox.sequences.planning import plan_checks, versions

# What may change while records go by a version: none of it says where they go.
CHANGEABLE = ("status", "description", "hours_channel", "stand_in")


class Sequence(Document):
	"""One version of a plan of activities for leads or opportunities (SQ-1)."""

	def autoname(self) -> None:
		self.sequence_name = (self.sequence_name or "").strip()
		table = frappe.qb.DocType("Sequence")
		newest = (
			frappe.qb.from_(table).select(Max(table.version)).where(table.sequence_name == self.sequence_name)
		)
		self.version = (newest.run()[0][0] or 0) + 1
		self.name = f"{self.sequence_name} v{self.version}"

	def onload(self) -> None:
		self.set_onload("running", versions.count_running(self.name))
		people = {row.user for row in self.steps if row.user}
		self.set_onload("full_names", {user: get_fullname(user) for user in people})

	def validate(self) -> None:
		self.validate_only_one_draft()
		self.validate_document_type()
		self.validate_status()
		self.validate_stand_in()
		if self.is_in_use:
			self.validate_unchanged()
		elif not self.flags.is_copy:
			plan_checks.check_plan(self)

	def on_trash(self) -> None:
		if self.status != versions.DRAFT:
			frappe.throw(
				_("{0} is not a draft. It is kept, because the history of records refers to it.").format(
					frappe.bold(escape_html(self.name))
				)
			)

	def clear_cache(self) -> None:
		super().clear_cache()
		enrolling_by_rule.forget_sequences(self.document_type)

	@property
	def is_in_use(self) -> bool:
		"""Whether it has been activated before, so that records may go by it."""
		before = self.get_doc_before_save()
		return bool(before) and before.status != versions.DRAFT

	def validate_only_one_draft(self) -> None:
		if self.is_new() and (draft := versions.open_draft(self.sequence_name)):
			frappe.throw(
				_("There is a draft of it already: {0}. Change that one, or delete it first.").format(
					get_link_to_form("Sequence", draft)
				)
			)

	def validate_document_type(self) -> None:
		"""All versions of a name are one sequence: a record that was in one of them has been in it."""
		others = {"sequence_name": self.sequence_name, "document_type": ["!=", self.document_type]}
		if self.is_new() and (other := frappe.db.get_value("Sequence", others, "document_type")):
			frappe.throw(
				_("There is a sequence {0} for another kind of record, {1}. Choose another name.").format(
					frappe.bold(escape_html(self.sequence_name)), _(other)
				)
			)

	def validate_status(self) -> None:
		"""sequences/planning/versions.py alone moves it."""
		before = self.get_doc_before_save()
		if not self.flags.moves and self.status != (before.status if before else versions.DRAFT):
			frappe.throw(_("The status of a sequence is changed by the buttons Activate and Archive."))

	def validate_stand_in(self) -> None:
		if self.has_value_changed("stand_in") and not plan_checks.is_enabled(self.stand_in):
			frappe.throw(
				_("The stand-in {0} is disabled or gone. Choose somebody else.").format(
					frappe.bold(self.stand_in)
				)
			)

	def validate_unchanged(self) -> None:
		if frozen_values(self) != frozen_values(self.get_doc_before_save()):
			frappe.throw(
				_(
					"{0} is {1}, so its plan stays as it is: records go by it. Make a new version, change that one and activate it."
				).format(frappe.bold(escape_html(self.name)), _(self.status))
			)


def frozen_values(sequence: Any) -> tuple[Any, ...]:
	"""Return what records rely on, comparable whether it came by a request or from the database.

	A step's name is part of it: by that a record knows where it is.
	"""
	return _values(sequence), *((row.name, row.idx, _values(row)) for row in sequence.steps)


def _values(doc: Any) -> dict[str, str]:
	values = doc.get_valid_dict()
	fields = [field.fieldname for field in doc.meta.fields if field.fieldname not in CHANGEABLE]
	return {field: cstr(values.get(field)) for field in fields}


def on_doctype_update() -> None:
	frappe.db.add_unique("Sequence", ["sequence_name", "version"], constraint_name="sequence_version")
