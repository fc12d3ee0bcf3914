"""The one writer of a lead's inbox fields. Everything else says what happened and asks here.

Each function works on one lead inside the caller's transaction and locks its row first, so two
workers that bring news of one lead take turns. Times are naive and in the site's zone. The callers
have checked permission: these functions write fields that no person may write directly.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import frappe
from frappe import _
from frappe.automation.doctype.assignment_rule.assignment_rule import apply as apply_assignment_rules
from frappe.cache_manager import get_doctype_map
from frappe.utils import now_datetime

from lead_inbox.custom_fields import STAGES, STATE_FIELDS
from lead_inbox.inbox import listeners, rules
from lead_inbox.inbox.clock_rules import clock_changes
from lead_inbox.inbox.identity import phone_keys
from lead_inbox.inbox.response import response_times
from lead_inbox.inbox.rules import Decision, Happening, Situation, Status

REALTIME_EVENT = "lead_inbox_update"
REFUSAL_FIELDS = {"Call": "inbox_no_calls", "Email": "inbox_no_mail", "SMS": "inbox_no_sms"}
WAKE_BATCH = 1000
RELAY_TOKEN_LENGTH = 16


class TransitionRefused(frappe.ValidationError):
	"""What the user asked for is not possible in the lead's present state."""


def first_state(doc: Mapping[str, Any], channel: str | None) -> dict[str, Any]:
	"""Return the state fields of a lead that is being inserted, whoever makes it.

	doc: the new Lead. A lead imported as Converted or Do Not Contact starts Closed.
	channel: the one it arrives on, None for a lead made by hand.
	"""
	now = now_datetime()
	closing = rules.happening_of_erp_status(doc.get("status") or "", None, "")
	decision = rules.decide(Situation(None), closing or Happening.ARRIVED)
	return {
		**dict.fromkeys(STATE_FIELDS),
		**phone_keys(doc),
		"inbox_channel": channel,
		"inbox_stage": STAGES[0],
		"inbox_status": decision.status.value,
		"inbox_reason": decision.reason,
		"inbox_arrived_on": now,
		"inbox_last_interaction_on": now,
		"inbox_aging_from": now,
	}


def stored_state(lead: str) -> dict[str, Any]:
	"""Return the state fields as committed, and lock the row until the transaction ends."""
	return frappe.db.get_value("Lead", lead, STATE_FIELDS, as_dict=True, for_update=True)


def apply(
	lead: str,
	happening: Happening,
	*,
	on: datetime | None = None,
	message: str | None = None,
	reason: str = "",
	is_response: bool = False,
	user: str | None = None,
	further: Mapping[str, Any] | None = None,
) -> Decision:
	"""Record that something happened to a lead and move its state accordingly.

	on: when it reached us, not when the other side says it was: a clock that is wrong or a late
	delivery must not age a lead that nobody has seen. Default: now.
	message: the Lead Message that came of it.
	reason: the user's own, for a decline.
	is_response: the customer was answered with it although it is no reply: a decline with a message.
	user: who answered, where a job or an integration tells of it. Default: the session's.
	further: fields of the inbox to write with it.

	Returns the decision; a refused one has changed nothing.
	"""
	on = on or now_datetime()
	row = _locked(lead)
	decision = rules.decide(_situation(lead, row, happening), happening)
	if decision.refused:
		return decision
	decision = replace(decision, reason=reason or decision.reason)
	changes = clock_changes(row, happening, on)
	if is_response or happening in rules.HUMAN_RESPONSES:
		changes |= response_times.first_response(row, on, user or frappe.session.user)
		response_times.answer_messages(lead, row.inbox_channel, on)
	if message:
		changes["inbox_last_message"] = message
	changes |= further or {}
	changes |= _state_changes(lead, row, decision, on)
	erp_status = rules.erp_status_after(happening, row.status)
	if erp_status != row.status and erp_status in _erp_statuses():
		changes["status"] = erp_status
	_write(lead, row, changes)
	listeners.happened(lead, happening, on)
	return decision


def require(lead: str, happening: Happening, **details: Any) -> Decision:
	"""Like `apply`, for a user's action: raises TransitionRefused with words for that user."""
	decision = apply(lead, happening, **details)
	if decision.refused:
		status = decision.status.value if decision.status else ""
		frappe.throw(
			_("This lead is {0}, so it can't be {1}.").format(_(status), _(happening.value)),
			TransitionRefused,
			title=_("Not Possible Now"),
		)
	return decision


def begin(doc: Any) -> None:
	"""Note the arrival of a Lead that was just inserted with its first state."""
	_insert_transition(doc.name, "", doc.inbox_status, doc.inbox_reason, doc.inbox_arrived_on)
	publish(doc.name, doc.inbox_status, "")


def follow_erp_status(doc: Mapping[str, Any]) -> None:
	"""Take over what ERPNext's own status says about a lead that was just written (IN-5)."""
	status = Status(doc.get("inbox_status")) if doc.get("inbox_status") else None
	happening = rules.happening_of_erp_status(doc.get("status") or "", status, doc.get("inbox_reason") or "")
	if happening:
		apply(doc.get("name"), happening)


def refresh_phone_keys(doc: Mapping[str, Any]) -> None:
	"""Follow a phone number that ERPNext rewrote behind the form (saving a Contact does)."""
	keys = phone_keys(doc)
	if any(keys[field] != (doc.get(field) or None) for field in keys):
		frappe.db.set_value("Lead", doc.get("name"), keys, update_modified=False)


def set_assignee(lead: str, user: str | None) -> None:
	"""Show `user` as the one who has the lead; the open ToDos remain the truth."""
	fields = ["inbox_assignee", "inbox_status", "inbox_assigned_on"]
	current = frappe.db.get_value("Lead", lead, fields, as_dict=True)
	if not current or (current.inbox_assignee or None) == user:
		return
	assigned_on = current.inbox_assigned_on or (now_datetime() if user else None)
	_write(lead, current, {"inbox_assignee": user, "inbox_assigned_on": assigned_on})


def adopt_channel(lead: str, channel: str) -> None:
	"""Let a lead that came by no channel, a web form's for instance, belong to the one it is heard on."""
	current = frappe.db.get_value("Lead", lead, ["inbox_channel", "inbox_status"], as_dict=True)
	if current and not current.inbox_channel:
		_write(lead, current, {"inbox_channel": channel})


def snooze(lead: str, until: datetime) -> None:
	"""Hide a lead until a time or until the customer speaks; it does not age meanwhile.

	Raises frappe.ValidationError for a time that has passed.
	"""
	now = now_datetime()
	if until <= now:
		frappe.throw(_("Choose a time in the future to snooze a lead until."))
	_set_snooze(lead, until, now)


def wake(lead: str) -> None:
	"""Show a snoozed lead again; its aging clock has stood still since."""
	_set_snooze(lead, None, now_datetime())


def _set_snooze(lead: str, until: datetime | None, now: datetime) -> None:
	row = _locked(lead)
	aging_from = rules.snoozed_clock(row.inbox_aging_from or now, row.inbox_snoozed_until, until, now)
	_write(lead, row, {"inbox_snoozed_until": until, "inbox_aging_from": aging_from})


def refuse_contact(lead: str, medium: str, refused: bool) -> bool:
	"""Note that the customer does not want to be called, mailed or texted, or does so again.

	medium: Call, Email or SMS. An open form that still shows the old answer must not save it back, so
	this one change touches `modified`. Returns whether anything changed.
	"""
	field = REFUSAL_FIELDS[medium]
	row = frappe.db.get_value("Lead", lead, [field, "inbox_status"], as_dict=True, for_update=True)
	if not row or bool(row[field]) == refused:
		return False
	frappe.db.set_value("Lead", lead, field, int(refused))
	publish(lead, row.inbox_status, row.inbox_status)
	if refused:
		listeners.refused_contact(lead, medium)
	return True


def mark_bounced(lead: str, address: str | None) -> None:
	"""Note the address that mail came back from; None when it works again."""
	_write(lead, _locked(lead), {"inbox_bounced_email": address})
	if address:
		listeners.bounced(lead)


def mark_auto_replied(lead: str, on: datetime) -> None:
	frappe.db.set_value("Lead", lead, "inbox_auto_replied_on", on, update_modified=False)


def end_call_back(lead: str) -> None:
	"""Nobody needs to call back any more, a user says."""
	_write(lead, _locked(lead), {"inbox_call_back_on": None})


def relay_token(lead: str) -> str:
	"""Return the lead's part of its relay address, made when it is first asked for."""
	token = frappe.db.get_value("Lead", lead, "inbox_relay_token", for_update=True)
	if not token:
		token = frappe.generate_hash(length=RELAY_TOKEN_LENGTH)
		frappe.db.set_value("Lead", lead, "inbox_relay_token", token, update_modified=False)
	return token


def merge_away(loser: str, winner: str) -> None:
	"""Close a lead whose person goes on as another lead."""
	apply(loser, Happening.MERGED)
	frappe.db.set_value("Lead", loser, "inbox_merged_into", winner, update_modified=False)


def absorb(lead: str, values: Mapping[str, Any]) -> None:
	"""Give a lead the times and the state that it has as one with another, or those it had before.

	values: state fields and ERPNext's status, decided by inbox/merging/merge_rules.py. A state that moves is
	recorded as a transition. Its score is reckoned anew within the hour: it may have got or lost messages.
	"""
	row, values = _locked(lead), dict(values)
	if values.get("status") not in _erp_statuses():
		values.pop("status", None)
	status = values.get("inbox_status", row.inbox_status)
	if status != row.inbox_status:
		_insert_transition(lead, row.inbox_status or "", status, values.get("inbox_reason"), now_datetime())
	_write(lead, row, {**values, "inbox_scored_on": None})
	listeners.identity_changed(lead)


def come_apart(loser: str) -> None:
	"""Give a lead that was merged away the state it had. Raises TransitionRefused for another."""
	require(loser, Happening.CLOSING_UNDONE)
	frappe.db.set_value("Lead", loser, "inbox_merged_into", None, update_modified=False)


def note_conversion(lead: str, values: Mapping[str, Any]) -> None:
	"""Close a lead whose customer has become ours, and note what it became.

	values: fields of CONVERSION_FIELDS. Undoing gives the lead its former state by `absorb`.
	"""
	apply(lead, Happening.CONVERTED, further={**values, "inbox_converted": 1, "inbox_stage": STAGES[-1]})
	listeners.identity_changed(lead)


def set_stage(lead: str, values: Mapping[str, Any]) -> None:
	"""Write how far a lead has come towards a sale: fields of its Stage section."""
	_write(lead, _locked(lead), dict(values))
	if "inbox_stage" in values:
		_apply_assignment_rules(lead)


def note_scores(scores: Mapping[str, int], on: datetime) -> None:
	"""Write the scores of leads whose rows the caller holds, and when they were reckoned.

	Nobody is told: points fade on all leads every day.
	"""
	rows = {lead: {"inbox_score": score, "inbox_scored_on": on} for lead, score in scores.items()}
	frappe.db.bulk_update("Lead", rows, update_modified=False)


def mark_reminded_to_qualify(leads: Collection[str], on: datetime) -> None:
	"""Remember that somebody was reminded of these leads, so that it happens once."""
	filters = {"name": ["in", list(leads)]}
	frappe.db.set_value("Lead", filters, "inbox_qualify_reminded_on", on, update_modified=False)


def rest_batch(
	happening: Happening,
	cutoff: datetime,
	now: datetime,
	condition: str,
	values: Mapping[str, Any],
	limit: int,
) -> int:
	"""Bring up to `limit` leads to rest whose clock started by `cutoff`; return how many.

	condition: SQL over the Lead's own columns with its `values`, made by inbox/aging.py. Both
	statements read the same rows in the same order: the first one locks them until the commit.
	"""
	ages_from, reason = rules.AGING[happening]
	chosen = f"""
		where inbox_status = %(ages_from)s and inbox_aging_from <= %(cutoff)s and {condition}
		order by inbox_aging_from, name limit {int(limit)}
	"""
	values = {
		**values,
		"ages_from": ages_from.value,
		"rests_as": Status.INACTIVE.value,
		"reason": reason.value,
		"cutoff": cutoff,
		"now": now,
		"user": frappe.session.user,
	}
	frappe.db.sql(
		f"""
		insert into `tabLead Transition`
			(name, creation, modified, owner, modified_by, lead, from_status, to_status, reason, user, transition_on)
		select uuid_short(), %(now)s, %(now)s, %(user)s, %(user)s, name, inbox_status, %(rests_as)s, %(reason)s,
			%(user)s, %(now)s
		from `tabLead` {chosen} for update
		""",
		values,
	)
	frappe.db.sql(
		f"update `tabLead` set inbox_status = %(rests_as)s, inbox_reason = %(reason)s {chosen}", values
	)
	return frappe.db._cursor.rowcount


def wake_due(now: datetime) -> None:
	"""End the snoozes whose time has come, and tell the open inboxes."""
	names = frappe.get_all(
		"Lead",
		# between, not <=: Frappe wraps the column of a <= in coalesce, and the index could not be used
		filters={"inbox_snoozed_until": ["between", [datetime(1900, 1, 1), now]]},
		fields=["name", "inbox_status"],
		order_by="inbox_snoozed_until asc",
		limit=WAKE_BATCH,
	)
	for row in names:
		frappe.db.set_value("Lead", row.name, "inbox_snoozed_until", None, update_modified=False)
		publish(row.name, row.inbox_status, row.inbox_status)


def mark_nudged(lead: str, on: datetime) -> None:
	"""Remember that the assignee was reminded, so that it happens once."""
	frappe.db.set_value("Lead", lead, "inbox_nudged_on", on, update_modified=False)


def announce(lead: str) -> None:
	"""Tell every open inbox of something on a lead that leaves its state as it is."""
	status = frappe.db.get_value("Lead", lead, "inbox_status")
	publish(lead, status, status)


def publish(lead: str, status: str | None, previous_status: str | None) -> None:
	"""Tell every open inbox, after the commit, that a lead changed. Carries no personal data."""
	frappe.publish_realtime(
		REALTIME_EVENT,
		{"lead": lead, "status": status, "previous_status": previous_status},
		room=lead_room(),
		after_commit=True,
	)


def lead_room() -> str:
	"""The room that users with read permission on Lead may join."""
	from frappe.realtime import get_doctype_room

	return get_doctype_room("Lead")


def _locked(lead: str) -> frappe._dict:
	row = frappe.db.get_value("Lead", lead, ["status", *STATE_FIELDS], as_dict=True, for_update=True)
	if not row:
		frappe.throw(_("Lead {0} does not exist any more.").format(lead), frappe.DoesNotExistError)
	return row


def _erp_statuses() -> list[str]:
	"""The options of ERPNext's status on this site: people take some away."""
	return (frappe.get_meta("Lead").get_field("status").options or "").split("\n")


def _situation(lead: str, row: frappe._dict, happening: Happening) -> Situation:
	before, before_reason = (None, "")
	if happening in rules.UNDOING:
		before, before_reason = _state_before(lead, row.inbox_status)
	return Situation(
		status=Status(row.inbox_status) if row.inbox_status else None,
		before=before,
		before_reason=before_reason,
		answered=bool(row.inbox_first_response_on),
	)


def _state_before(lead: str, status: str) -> tuple[Status | None, str]:
	"""The state that the lead left for its present one, with its reason.

	The reason counts: a customer who came back after converting stays in work only as Returned.
	"""
	transitions = frappe.get_all(
		"Lead Transition",
		filters={"lead": lead},
		fields=["from_status", "to_status", "reason"],
		order_by="transition_on desc, creation desc",
		limit=50,
	)
	entered = next((index for index, row in enumerate(transitions) if row.to_status == status), None)
	if entered is None or not transitions[entered].from_status:
		return None, ""
	before = transitions[entered].from_status
	reasons = (row.reason for row in transitions[entered + 1 :] if row.to_status == before)
	return Status(before), next(reasons, "") or ""


def _state_changes(lead: str, row: frappe._dict, decision: Decision, on: datetime) -> dict[str, Any]:
	if not rules.is_move(decision, row.inbox_status, row.inbox_reason):
		return {}
	status = decision.status.value
	_insert_transition(lead, row.inbox_status or "", status, decision.reason, on)
	return {"inbox_status": status, "inbox_reason": decision.reason}


def _insert_transition(lead: str, before: str, after: str, reason: str | None, on: datetime) -> None:
	transition = frappe.get_doc(
		doctype="Lead Transition",
		lead=lead,
		from_status=before,
		to_status=after,
		reason=reason,
		user=frappe.session.user,
		transition_on=on,
	)
	transition.flags.ignore_links = True  # the lead's row is locked, the user is in session
	transition.insert(ignore_permissions=True)  # a log of the system's; nobody may write it by hand


def _write(lead: str, row: frappe._dict, changes: dict[str, Any]) -> None:
	"""Store changed fields without touching `modified`: an open form must stay savable."""
	if not changes:
		return
	frappe.db.set_value("Lead", lead, changes, update_modified=False)
	moved = "inbox_status" in changes and changes["inbox_status"] != row.inbox_status
	if moved:
		_apply_assignment_rules(lead)
	publish(lead, changes.get("inbox_status", row.inbox_status), row.inbox_status)


def _apply_assignment_rules(lead: str) -> None:
	"""Let rules on inbox fields see the new state: Frappe does not run them after a set_value."""
	if get_doctype_map("Assignment Rule", "Lead", filters={"document_type": "Lead", "disabled": 0}):
		apply_assignment_rules(doctype="Lead", name=lead)
