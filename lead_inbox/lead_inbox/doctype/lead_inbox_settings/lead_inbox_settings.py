from __future__ import annotations

from frappe.model.document import Document

from lead_inbox.bookings.telling import replanning
from lead_inbox.conversion.mapping import grid
from lead_inbox.conversion.stages import checks
from lead_inbox.reseller.vendor import google_settings


class LeadInboxSettings(Document):
	"""Defaults of the site."""

	def validate(self) -> None:
		grid.check(self)
		checks.check_settings(self)
		google_settings.check(self)

	def on_update(self) -> None:
		replanning.settings_changed(self)
