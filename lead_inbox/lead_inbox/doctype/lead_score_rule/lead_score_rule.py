from __future__ import annotations

from frappe.model.document import Document

from lead_inbox.conversion.stages import checks, rescoring


class LeadScoreRule(Document):
	"""Points for what a lead is or does (CO-1)."""

	def onload(self) -> None:
		self.set_onload("problem", checks.problem_words(self))

	def validate(self) -> None:
		checks.check_rule(self)

	def on_update(self) -> None:
		rescoring.rules_changed()

	def after_rename(self, _old: str, _new: str, _merge: bool = False) -> None:
		rescoring.rules_changed()

	def after_delete(self) -> None:
		rescoring.rules_changed()
