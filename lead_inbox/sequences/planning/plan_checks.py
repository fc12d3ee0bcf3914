"""What is asked of a draft whenever it is saved, and again when it becomes active (SQ-1).

Each check takes a Sequence and raises frappe.ValidationError that names the step and says how to mend it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import frappe
from frappe import _
from frappe.model import no_value_fields, table_fields
from frappe.utils import cint, comma_and, escape_html

from lead_inbox.sequences.activities.activity_rows import members_of
from lead_inbox.sequences.planning import plan_rules, trials
from lead_inbox.sequences.planning.plan_rules import END, BranchProblem
from lead_inbox.sequences.rules import Kind


def check_plan(sequence: Any) -> None:
	"""Make all checks, those first on whose result others rely."""
	check_choices(sequence)
	tidy_steps(sequence)
	check_titles(sequence)
	check_targets(sequence)
	check_ways(sequence)
	check_waits(sequence)
	check_contents(sequence)
	check_who(sequence)
	check_branches(sequence)
	check_templates(sequence)
	check_condition(sequence)


def check_choices(sequence: Any) -> None:
	"""Frappe refuses what is not among the options only after a document's own validation."""
	for row in sequence.steps:
		row._validate_selects()


def tidy_steps(sequence: Any) -> None:
	for number, row in enumerate(sequence.steps, start=1):
		row.idx = number  # the order of the plan, whatever a request says
		row.tidy()


def check_titles(sequence: Any) -> None:
	for row in sequence.steps:
		if not row.title:
			frappe.throw(_("Step {0}: enter a title.").format(row.idx))
		if plan_rules.is_reserved(row.title):
			_refuse(row, _("{0} stands for the end of the plan. Choose another title.").format(END))
	if titles := plan_rules.repeated(row.title for row in sequence.steps):
		frappe.throw(
			_("Each step needs a title of its own. Used more than once: {0}.").format(_listed(titles))
		)


def check_targets(sequence: Any) -> None:
	rows = {row.title: row for row in sequence.steps}
	for title, target in plan_rules.unknown_targets(_outlines(sequence)):
		_refuse(
			rows[title],
			_("there is no step {0} to go to. Choose one of the plan's titles, or {1}.").format(
				frappe.bold(escape_html(target)), END
			),
		)


def check_ways(sequence: Any) -> None:
	if titles := plan_rules.loop(_outlines(sequence)):
		frappe.throw(
			_("The plan would never end: {0}. Let one of these steps go elsewhere.").format(
				" → ".join(map(escape_html, titles))
			)
		)
	if titles := plan_rules.unreached(_outlines(sequence)):
		frappe.throw(
			_("No record would ever come to {0}. Let a step before go there, or remove it.").format(
				_listed(titles)
			)
		)


def check_waits(sequence: Any) -> None:
	for row in sequence.steps:
		if plan_rules.is_too_long(row.wait, row.wait_unit):
			_refuse(row, _("its wait is 30 days at most."))
		if plan_rules.is_too_long(row.branch_within, row.branch_within_unit):
			_refuse(row, _("the time for an answer is 30 days at most."))


def check_contents(sequence: Any) -> None:
	for row in sequence.steps:
		if row.automatic and row.kind == Kind.EMAIL.value and not row.email_template:
			_refuse(row, _("choose the Email Template that is to be sent."))
		if row.automatic and row.kind == Kind.SMS.value and not row.message:
			_refuse(row, _("enter the message that is to be sent."))


def check_who(sequence: Any) -> None:
	for row in sequence.steps:
		if row.done_by == "User" and not row.user:
			_refuse(row, _("choose the user who does it."))
		if not is_enabled(row.user):
			_refuse(row, _("{0} is disabled or gone. Choose somebody else.").format(row.user))
		if row.done_by == "User Group" and not row.user_group:
			_refuse(row, _("choose the User Group that does it."))
		if row.user_group and not members_of(row.user_group):
			frappe.msgprint(
				_("Step {0}: nobody in the User Group {1} can log in. Add somebody to it.").format(
					row.idx, frappe.bold(escape_html(row.user_group))
				),
				indicator="orange",
			)


def check_branches(sequence: Any) -> None:
	tracks_mails = bool(cint(frappe.db.get_single_value("Lead Inbox Settings", "track_mails")))
	for row in sequence.steps:
		if not row.branch_on:
			continue
		if problem := plan_rules.branch_problem(
			row.kind,
			row.question,
			tracks_mails=tracks_mails,
			leaves_on_reply=bool(cint(sequence.exit_on_reply)),
		):
			_refuse(row, _branch_words(problem))
		if row.branch_field and row.branch_field not in branch_fields(sequence.document_type):
			_refuse(
				row,
				_("{0} has no field {1} to ask about. Choose another one.").format(
					_(sequence.document_type), frappe.bold(escape_html(row.branch_field))
				),
			)


def check_templates(sequence: Any) -> None:
	texts = list(_texts_to_send(sequence))
	values = trials.values_for_templates(sequence.document_type) if texts else {}
	for row, label, text in texts:
		if problem := trials.template_problem(text, values):
			_refuse(row, _("{0} can't be filled in: {1}").format(escape_html(label), escape_html(problem)))


def check_condition(sequence: Any) -> None:
	if not cint(sequence.enroll_automatically):
		return
	condition = (sequence.enroll_condition or "").strip()
	if not condition:
		frappe.throw(_("Enter the condition on which records are enrolled automatically."))
	if problem := trials.condition_problem(condition, trials.values_for_conditions(sequence.document_type)):
		frappe.throw(
			_(
				"The condition can't be asked of a record: {0}. Write it with the names of fields of {1}."
			).format(escape_html(problem), _(sequence.document_type))
		)


def is_enabled(user: str | None) -> bool:
	"""Whether a user may log in; True for no user at all."""
	return not user or bool(frappe.db.get_value("User", user, "enabled"))


def branch_fields(doctype: str) -> set[str]:
	"""Return the fields of a record that a branch may ask about: those that hold one value."""
	valueless = (*no_value_fields, *table_fields, "Password")
	return {field.fieldname for field in frappe.get_meta(doctype).fields if field.fieldtype not in valueless}


def _outlines(sequence: Any) -> list[plan_rules.Outline]:
	return [row.outline for row in sequence.steps]


def _texts_to_send(sequence: Any) -> Iterator[tuple[Any, str, str | None]]:
	"""Yield each template of the plan: its step, what a user knows it by, and the text."""
	for row in sequence.steps:
		if row.email_template:
			template = frappe.get_cached_doc("Email Template", row.email_template)
			yield row, _("the subject of {0}").format(template.name), template.subject
			yield row, template.name, template.response_
		if row.message:
			yield row, _("the message"), row.message


def _branch_words(problem: BranchProblem) -> str:
	return {
		BranchProblem.NOT_A_MAIL: _(
			"only a mail can be opened or have its link clicked. Branch on something else."
		),
		BranchProblem.NOT_A_CALL: _("only a Phone Call can be answered. Branch on something else."),
		BranchProblem.NOT_TRACKED: _(
			"this site does not track mails, so nobody learns that one was opened. Switch Track Opens and Clicks of Mails on in Lead Inbox Settings, or branch on something else."
		),
		BranchProblem.LEAVES_ON_REPLY: _(
			"a record whose customer replies leaves this sequence, so nothing can come after. Switch off On a Reply, below Who Leaves, or branch on something else."
		),
		BranchProblem.NO_LIMIT: _("say within which time it has to happen. After that the answer is no."),
		BranchProblem.NO_FIELD: _("choose the field that the branch asks about."),
		BranchProblem.NO_VALUE: _("enter the value that the field is compared with."),
	}[problem]


def _listed(titles: list[str]) -> str:
	return comma_and([frappe.bold(escape_html(title)) for title in dict.fromkeys(titles)], add_quotes=False)


def _refuse(row: Any, words: str) -> None:
	frappe.throw(_("Step {0}, {1}: {2}").format(row.idx, frappe.bold(escape_html(row.title)), words))
