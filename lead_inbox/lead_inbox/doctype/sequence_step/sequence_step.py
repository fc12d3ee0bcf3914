from __future__ import annotations

from frappe.utils import cint

from lead_inbox.inbox.rows import RowOfDocument
from lead_inbox.sequences.planning.plan_rules import COMPARING, Outline, Question
from lead_inbox.sequences.rules import SENDABLE, Kind, Signal

SENDABLE_KINDS = [kind.value for kind in SENDABLE]
DEFAULTS = {
	"wait_unit": "Days",
	"wait_in": "Working Time",
	"done_by": "Owner",
	"branch_operator": "Equal To",
	"branch_within_unit": "Days",
}


class SequenceStep(RowOfDocument):
	"""One step of a Sequence. Its name is the key by which enrollments know where they are."""

	def tidy(self) -> None:
		"""Forget what the form hides, so that a kind which was changed leaves nothing behind."""
		for field in ("title", "yes_step", "next_step", "message", "branch_value"):
			self.set(field, (self.get(field) or "").strip())
		for field in ("wait", "branch_within", "automatic"):
			self.set(field, cint(self.get(field)))
		for field, value in DEFAULTS.items():
			self.set(field, self.get(field) or value)
		for field, is_shown in self._shown_fields().items():
			if not is_shown:
				self.set(field, 0 if field in ("automatic", "branch_within") else None)

	def _shown_fields(self) -> dict[str, bool]:
		"""As in the depends_on of each field."""
		asks_field = self.branch_on == Signal.FIELD.value
		return {
			"automatic": self.kind in SENDABLE_KINDS,
			"email_template": self.kind == Kind.EMAIL.value,
			"message": self.kind == Kind.SMS.value,
			"user": self.done_by == "User",
			"user_group": self.done_by == "User Group",
			"branch_field": asks_field,
			"branch_value": asks_field and self.branch_operator in COMPARING,
			"branch_within": bool(self.branch_on) and self.branch_on != Signal.ANSWERED.value,
			"yes_step": bool(self.branch_on),
		}

	@property
	def outline(self) -> Outline:
		return Outline(self.title, bool(self.branch_on), self.yes_step or "", self.next_step or "")

	@property
	def question(self) -> Question:
		"""What the step's branch asks. Only of a step with one."""
		return Question(
			self.branch_on,
			self.branch_within,
			self.branch_field or "",
			self.branch_operator or "",
			self.branch_value or "",
		)
