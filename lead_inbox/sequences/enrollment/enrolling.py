"""Letting records enter sequences, one or many (SQ-2). The callers have checked the right to write them.

The record's row is locked first, so of two who enroll a record at once the second one sees the first one's
enrollment; the database's unique key stands behind that. Only a rule that fires while a user saves a record
reads by a snapshot that may be older than the lock: it may not see that a sequence which the record has just
entered excludes its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import frappe
from frappe import _
from frappe.utils import now_datetime, strip_html

from lead_inbox.sequences import records, rules
from lead_inbox.sequences.enrollment import engine, enrollment_rules, moves, positions
from lead_inbox.sequences.enrollment.enrollment_rules import EnrollRefusal, Entry, Pass, ReEnrollment
from lead_inbox.sequences.enrollment.positions import ENROLLMENT
from lead_inbox.sequences.planning import plans
from lead_inbox.sequences.records import DOCTYPES, Rows
from lead_inbox.sequences.rules import ExitReason

BATCH = 200
ACTIVE = "Active"
BY_RULE, BY_USER = "Rule", "User"
SAVEPOINT = "enrollment"
# The lead whose customer is contacted, by record.
Leads = Mapping[str, str | None]


class EnrollmentRefused(frappe.ValidationError):
	"""The record may not enter the sequence; the sentence says why."""


@dataclass
class Outcome:
	"""What became of a number of records: those that entered, and why the others did not, by name."""

	done: list[str]
	failed: dict[str, str]


def enroll(sequence: str, doctype: str, name: str, *, via: str = BY_USER) -> str:
	"""Let one record enter a sequence, in the caller's transaction, and return the enrollment.

	via: User, Rule or API. Raises EnrollmentRefused with words for the user.
	"""
	return _enroll_one(sequence, doctype, name, via, records.leads_of(doctype, [name]))


def enroll_apart(sequence: str, doctype: str, name: str, *, via: str) -> str:
	"""Like `enroll`, in a transaction that begins here: of two at once the second one sees what the first did.

	Commits what went before, so it is for a request that has written nothing.
	"""
	leads = records.leads_of(doctype, [name])
	frappe.db.commit()
	return _enroll_one(sequence, doctype, name, via, leads)


def enroll_many(
	sequence: str, doctype: str, names: Sequence[str], *, progress: bool = False
) -> dict[str, Any]:
	"""Let those of many records enter a sequence that the user of the session may write.

	Returns what became of each: {"done": [...], "failed": {name: words}}. Commits after each batch, so what was
	done stays done. progress: tell the user's pages how far it is.
	"""
	names = list(dict.fromkeys(names))
	outcome = Outcome([], {})
	for start in range(0, len(names), BATCH):
		batch = names[start : start + BATCH]
		refused = {name: words for name in batch if (words := _no_right(doctype, name))}
		outcome.failed |= refused
		_enroll_batch(sequence, doctype, [name for name in batch if name not in refused], outcome)
		frappe.db.commit()
		if progress:
			_publish_progress(sequence, len(outcome.done) + len(outcome.failed), len(names))
	return {"done": outcome.done, "failed": outcome.failed}


def enroll_in_background(sequence: str, doctype: str, names: list[str], user: str) -> None:
	"""Let many records enter for a user, show that user how far it is, and say how it ended. A job."""
	frappe.set_user(user)
	result = enroll_many(sequence, doctype, names, progress=True)
	message = {"message": summary(result), "title": _("Add to Sequence")}
	if not result["failed"]:  # as an alert: a dialog would cover what the user has gone on to
		message |= {"indicator": "green", "alert": True}
	frappe.publish_realtime("msgprint", message, user=user, after_commit=True)
	frappe.db.commit()


def summary(result: dict[str, Any]) -> str:
	"""Return in a few sentences what became of many records; the first reasons stand for the rest."""
	done, failed = len(result["done"]), result["failed"]
	sentences = [_("{0} records were added to the sequence.").format(done)]
	if failed:
		sentences.append(_("{0} were not:").format(len(failed)))
		reasons: dict[str, int] = {}
		for words in failed.values():
			reasons[words] = reasons.get(words, 0) + 1
		by_count = sorted(reasons.items(), key=lambda item: -item[1])[:5]
		sentences += [f"{count} × {words}" for words, count in by_count]
	return "<br>".join(frappe.utils.escape_html(sentence) for sentence in sentences)


def _enroll_one(sequence: str, doctype: str, name: str, via: str, leads: Leads) -> str:
	done, failed = _enroll(sequence, doctype, [name], via, leads)
	if name in failed:
		frappe.throw(failed[name], EnrollmentRefused)
	return done[name]


def _no_right(doctype: str, name: str) -> str | None:
	try:
		may_write = frappe.has_permission(doctype, ptype="write", doc=name)
	except frappe.DoesNotExistError:
		frappe.clear_last_message()
		may_write = False
	return None if may_write else _("You have no right to change it, or it does not exist any more.")


def _enroll_batch(sequence: str, doctype: str, names: list[str], outcome: Outcome) -> None:
	if not names:
		return
	leads = records.leads_of(doctype, names)
	# a transaction whose first act is the lock also sees what was committed while it waited for it
	frappe.db.commit()
	frappe.db.savepoint(SAVEPOINT)
	try:
		done, failed = _enroll(sequence, doctype, names, BY_USER, leads)
	except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
		frappe.db.rollback()  # others wanted the same rows: what was undone is simply done once more
		done, failed = _enroll(sequence, doctype, names, BY_USER, leads)
	except frappe.UniqueValidationError:
		frappe.db.rollback(save_point=SAVEPOINT)
		done, failed = _one_by_one(sequence, doctype, names, leads)
	outcome.done += done
	outcome.failed |= failed


def _one_by_one(
	sequence: str, doctype: str, names: list[str], leads: Leads
) -> tuple[dict[str, str], dict[str, str]]:
	"""When one of a batch has entered meanwhile, by a way that the locks can't see."""
	done, failed = {}, {}
	for name in names:
		frappe.db.savepoint(SAVEPOINT)
		try:
			entered, refused = _enroll(sequence, doctype, [name], BY_USER, leads)
			done |= entered
			failed |= refused
		except frappe.UniqueValidationError as error:
			frappe.db.rollback(save_point=SAVEPOINT)
			failed[name] = strip_html(str(error))
	return done, failed


def _enroll(
	sequence: str, doctype: str, names: list[str], via: str, leads: Leads
) -> tuple[dict[str, str], dict[str, str]]:
	"""Enroll those records that may enter; return their enrollments, and the sentences for the others.

	leads: the customers' leads by record. Raises UniqueValidationError when one of them has entered meanwhile.
	"""
	own = [leads[name] for name in names]
	rows = records.lock(own, names if doctype == records.OPPORTUNITY else ())
	doc = plans.sequence_doc(sequence)
	if doctype not in DOCTYPES or doc.document_type != doctype:
		return {}, dict.fromkeys(names, _sentence(EnrollRefusal.OTHER_TYPE, doc))
	if _status_of(sequence) != ACTIVE:
		return {}, dict.fromkeys(names, _sentence(EnrollRefusal.NOT_ACTIVE, doc))
	known = _known(doctype, names)
	entry = Entry(
		doc.sequence_name, ReEnrollment(doc.re_enrollment), bool(doc.exclusive), by_rule=via == BY_RULE
	)
	failed, rotations = {}, {}
	for name in names:
		passes = [_pass_of(row) for row in known.get(name, ())]
		why = _refused(doc, entry, rows, doctype, name, leads[name], passes)
		if why:
			failed[name] = why
		else:
			rotations[name] = enrollment_rules.next_rotation(entry.sequence_name, passes)
	_end_earlier_passes(doc, [row for name in rotations for row in known.get(name, ())])
	return _begin(doc, doctype, rotations, via), failed


def _begin(doc: Any, doctype: str, rotations: dict[str, int], via: str) -> dict[str, str]:
	if not rotations:
		return {}
	try:
		user = None if via == BY_RULE else frappe.session.user
		return engine.begin_all(doc.name, doctype, rotations, via=via, user=user)
	except Exception as error:
		if not frappe.db.is_unique_key_violation(error):
			raise
		words = _sentence(EnrollRefusal.ALREADY_IN, doc)
		raise frappe.UniqueValidationError(words) from error


def _refused(
	doc: Any, entry: Entry, rows: Rows, doctype: str, name: str, lead: str | None, passes: list[Pass]
) -> str | None:
	if not rows.get(doctype, name):
		return _sentence(EnrollRefusal.GONE, doc)
	ended = rows.ended(doctype, name, lead)
	reason = enrollment_rules.reason_to_leave(ended, records.exits_of(doc.name))
	if reason:
		return _sentence_of_state(reason)
	refusal = enrollment_rules.enroll_refused(entry, passes)
	if refusal is EnrollRefusal.EXCLUDED:
		other = enrollment_rules.excluding(entry, passes)
		return _("It is in the sequence {0}, and the two exclude each other.").format(other.sequence_name)
	return _sentence(refusal, doc) if refusal else None


def _status_of(sequence: str) -> str | None:
	"""Read as it is now, and kept so until the transaction ends: nobody enters one that is being archived."""
	found = frappe.db.sql("select status from `tabSequence` where name = %s lock in share mode", sequence)
	return found[0][0] if found else None


def _known(doctype: str, names: Iterable[str]) -> dict[str, list[frappe._dict]]:
	"""Return the enrollments of records, by record, as the transaction sees them.

	To read them as they are now would lock the gaps in which more could be, and of two who enroll neighbors
	at once the database would send one back.
	"""
	table = frappe.qb.DocType(ENROLLMENT)
	query = (
		frappe.qb.from_(table)
		.select(table.name, table.reference_name, table.sequence, table.sequence_name)
		.select(table.rotation, table.status)
		.where(table.reference_name.isin(list(names)) & (table.reference_doctype == doctype))
	)
	known: dict[str, list[frappe._dict]] = {}
	for row in query.run(as_dict=True):
		known.setdefault(row.reference_name, []).append(row)
	return known


def _pass_of(row: frappe._dict) -> Pass:
	exclusive = frappe.get_cached_value("Sequence", row.sequence, "exclusive")
	return Pass(row.sequence_name, row.rotation, _is_running(row), bool(exclusive))


def _is_running(row: frappe._dict) -> bool:
	return row.status in [status.value for status in rules.RUNNING]


def _end_earlier_passes(doc: Any, known: Iterable[frappe._dict]) -> None:
	"""Who enters a sequence again that they are in starts from the beginning: there is one active step."""
	earlier = [row.name for row in known if row.sequence_name == doc.sequence_name and _is_running(row)]
	if earlier:
		moves.leave_all(positions.hold_all(earlier), ExitReason.STOPPED, now_datetime())


def _sentence(refusal: EnrollRefusal, doc: Any) -> str:
	return {
		EnrollRefusal.NOT_ACTIVE: _("{0} is not active: choose another sequence, or activate it first."),
		EnrollRefusal.OTHER_TYPE: _("{0} is for records of the type {1}."),
		EnrollRefusal.GONE: _("This record does not exist any more."),
		EnrollRefusal.ALREADY_IN: _("It is in the sequence {0} already."),
		EnrollRefusal.BEEN_IN: _("It has been in the sequence {0} already, which takes a record once."),
	}[refusal].format(doc.sequence_name, _(doc.document_type))


def _sentence_of_state(reason: ExitReason) -> str:
	return {
		ExitReason.MERGED: _("It was merged into another lead: add that one."),
		ExitReason.DO_NOT_CONTACT: _("The customer does not want to be contacted."),
		ExitReason.CONVERTED: _("It is converted, and the sequence ends with that."),
		ExitReason.BOOKED: _("It is booked, and the sequence ends with that."),
		ExitReason.DECLINED: _("It is declined or closed, and the sequence ends with that."),
	}[reason]


def _publish_progress(sequence: str, count: int, total: int) -> None:
	frappe.publish_progress(
		percent=100 * count / total,
		title=_("Add to Sequence"),
		description=_("{0} of {1} records").format(count, total),
	)
