from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from lead_inbox.inbox.source_fields import campaign_field, source_field

FIGURES = ("visitors", "sessions", "cost")


class LeadVisits(Document):
	"""Visitors, sessions and costs of a source or campaign, typed in where the site does not count them (CO-10)."""

	def validate(self) -> None:
		self.check_dates()
		self.check_figures()
		self.check_exists("source", source_field())
		self.check_exists("campaign", campaign_field())

	def check_dates(self) -> None:
		if getdate(self.from_date) > getdate(self.to_date):
			frappe.throw(_("Choose a first day that is not after the last one."))

	def check_figures(self) -> None:
		if not any(self.get(name) for name in FIGURES):
			frappe.throw(_("Type in visitors, sessions or a cost."))

	def check_exists(self, name: str, field: Any | None) -> None:
		"""The field is not a link: it names records of another DocType in ERPNext 16."""
		value = self.get(name)
		if not value:
			return
		stored = field and frappe.db.exists(field.options, value)
		if not stored:
			shown = frappe.utils.escape_html(value)
			frappe.throw(
				_("There is no {0} named {1}. Choose one from the list.").format(_(name.title()), shown)
			)
		self.set(name, stored)


def on_doctype_update() -> None:
	frappe.db.add_index("Lead Visits", ["from_date", "to_date"], index_name="visits_period")
