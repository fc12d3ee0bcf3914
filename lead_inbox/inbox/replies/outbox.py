"""The one way out for what we say to customers: RE-1, RE-5, RE-7.

`submit` writes a Lead Message into the caller's transaction; a job sends it after the commit (design rule 7).
A message is taken up under its row lock, becomes Sending, and that is committed before anything leaves the
machine. Whoever finds it as Sending later knows that it may have arrived, and never sends it again by itself.

Locks are taken in one order, the lead's row before the message's. The callers have checked permission.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import frappe
from frappe import _
from frappe.utils import get_fullname, now_datetime, strip_html

from lead_inbox.inbox import alerts, lifecycle, listeners, messages
from lead_inbox.inbox.contact import consent
from lead_inbox.inbox.replies import delivery_rules, mailing, reply, texting
from lead_inbox.inbox.replies.delivery_rules import Delivery, Outcome, Result
from lead_inbox.inbox.rules import Happening
from lead_inbox.inbox.waking import Waking
from lead_inbox.inbox.working_off import work_off

MEDIA = ("Email", "SMS")
BATCH = 50
ROW_FIELDS = (
	*("name", "lead", "kind", "creation", "user", "automated", "subject", "content"),
	*(
		"delivery_status",
		"next_attempt_on",
		"attempts",
		"recipient",
		"sender",
		"communication",
		"email_queue",
	),
)
LONG_AGO = datetime(1900, 1, 1)
WAKING = Waking("lead_inbox_messages_waiting", "lead_inbox.tasks.deliver_messages")


class ContactRefused(frappe.ValidationError):
	"""The customer does not want what would go out by itself."""


def submit(
	lead: str,
	medium: str,
	content: str,
	*,
	subject: str = "",
	recipient: str | None = None,
	sender: str | None = None,
	send_on: datetime | None = None,
	attachments: Sequence[str] = (),
	automated: bool = False,
	responds: bool = True,
	user: str | None = None,
	key: str | None = None,
) -> str:
	"""Take a message to a lead's customer, to be sent after the commit, and return its name.

	medium: Email or SMS. content: plain text. recipient, sender: by default what the lead and its channel
	have; see reply.address_for, reply.number_for and texting.sender_for. send_on: when to send it, site
	time; None for now. attachments: names of File documents, for mail. automated: no person wrote it, so
	it goes only to a customer who does not mind. responds: whether a person's message counts as reply; a
	decline is recorded by whoever declines. user: the author, by default the user of the session. key: what
	there must be one message of only; a second one with it is not written, and the first one's name returned.

	Raises frappe.ValidationError with words for the user; ContactRefused for an automatic message.
	"""
	state = lifecycle.stored_state(lead)
	if key and (written := frappe.db.get_value("Lead Message", {"message_key": messages.key_of(None, key)})):
		return written
	doc = frappe.db.get_value("Lead", lead, reply.LEAD_FIELDS, as_dict=True)
	if automated and (refused := consent.refusal(consent.facts(lead), medium)):
		frappe.throw(refused, ContactRefused)
	if send_on and send_on <= now_datetime():
		frappe.throw(_("Choose a time in the future to send a message at."))
	author = user or frappe.session.user
	name = messages.record(
		lead,
		lead_email=doc.email_id,
		kind=medium,
		direction="Out",
		external_id=key or frappe.generate_hash(length=20),
		sent_on=send_on,
		sender_name="" if automated else get_fullname(author),
		text=content,
		user=None if automated else author,
		automated=int(automated),
		delivery_status=Delivery.SCHEDULED.value if send_on else Delivery.QUEUED.value,
		next_attempt_on=send_on or now_datetime(),
		**_addressed(doc, state.inbox_channel, medium, content, subject, recipient, sender),
	)
	if attachments:
		_attach(name, medium, attachments)
	_leave(lead, name, counts=responds and not automated and not send_on)
	return name


def _addressed(
	doc: Any,
	channel: str | None,
	medium: str,
	content: str,
	subject: str,
	recipient: str | None,
	sender: str | None,
) -> dict[str, str]:
	"""Return where a message goes, from where and under which subject. Raises frappe.ValidationError."""
	_check_text(medium, content)
	if medium == "SMS":
		return {
			"recipient": reply.number_for(doc, recipient),
			"sender": texting.sender_for(channel, sender),
		}
	address = reply.address_for(doc, recipient)
	mailing.check(channel, address)
	return {"recipient": address, "subject": reply.subject_for(doc.name, subject)}


def _check_text(medium: str, content: str) -> None:
	if medium not in MEDIA:
		frappe.throw(_("Choose one of {0}.").format(", ".join(MEDIA)))
	if not content.strip():
		frappe.throw(_("Write a message first."))
	if medium == "SMS":
		texting.check(content)


def _attach(name: str, medium: str, attachments: Sequence[str]) -> None:
	if medium != "Email":
		frappe.throw(_("Files can be sent by mail only."))
	mailing.attach(name, attachments)


def _leave(lead: str, message: str, *, counts: bool) -> None:
	"""Note that a message is on its way, and wake a worker after the commit.

	counts: a person answers the customer with it now.
	"""
	if counts:
		lifecycle.apply(lead, Happening.REPLIED, message=message)
	else:
		lifecycle.announce(lead)
	frappe.db.after_commit.add(WAKING.wake)


def change(name: str, content: str, *, subject: str | None = None, send_on: datetime | None = None) -> None:
	"""Change a scheduled message; None leaves its subject or time. Raises frappe.ValidationError once it goes."""
	row = _scheduled(name)
	_check_text(row.kind, content)
	if send_on and send_on <= now_datetime():
		frappe.throw(_("Choose a time in the future to send a message at."))
	kept = messages.as_text(row.subject)
	wanted = kept if subject is None or row.kind == "SMS" else reply.subject_for(row.lead, subject)
	messages.rewrite(name, subject=wanted, text=content)
	if send_on:
		_update(row, sent_on=send_on, next_attempt_on=send_on)
	lifecycle.announce(row.lead)


def cancel(name: str) -> None:
	"""Take a scheduled message back. Raises frappe.ValidationError once it goes."""
	_cancel(_scheduled(name))


def withdraw(name: str, lead: str | None = None) -> bool:
	"""Take a message back that has not begun to leave, scheduled or not; return whether it was in time.

	Another attempt at one that failed to leave is taken back too. lead: the message's, where it is known;
	then also a message is found that is younger than the transaction's snapshot.
	"""
	row = _locked(name, lead=lead)
	if not row or row.delivery_status not in [status.value for status in delivery_rules.WAITING]:
		return False
	mailing.give_up(row)
	_cancel(row)
	return True


def _cancel(row: frappe._dict) -> None:
	_update(row, delivery_status=Delivery.CANCELLED.value, next_attempt_on=None)
	lifecycle.announce(row.lead)
	listeners.message_settled(row.name, Delivery.CANCELLED.value)


def send_now(name: str) -> None:
	"""Send a scheduled message at once. Whoever says so answers the customer."""
	row = _scheduled(name)
	_begin(row)
	frappe.db.after_commit.add(WAKING.wake)


def retry(name: str) -> None:
	"""Send a message again that failed, by a person's decision. Raises frappe.ValidationError for another."""
	row = _locked(name)
	if row.delivery_status != Delivery.FAILED.value:
		frappe.throw(_("Only a message that failed can be sent again."))
	_update(
		row,
		delivery_status=Delivery.QUEUED.value,
		delivery_error="",
		attempts=0,
		sent_on=now_datetime(),
		next_attempt_on=now_datetime(),
		**(_mailed_again(row) if row.kind == "Email" else {}),
	)
	_leave(row.lead, name, counts=not row.automated)


def _mailed_again(row: frappe._dict) -> dict[str, Any]:
	"""Return what another attempt at a mail needs. It goes to the address that the lead has by now.

	The same mail goes once more; a new one is made if that has come back, or was for another address.
	"""
	lead = frappe.db.get_value("Lead", row.lead, reply.LEAD_FIELDS, as_dict=True)
	address = reply.address_for(lead, None)
	is_same = row.email_queue and address == row.recipient and not mailing.has_gone(row)
	return {"recipient": address} | ({} if is_same and mailing.renew(row) else {"email_queue": None})


def deliver_due(seconds: float) -> bool:
	"""Send what is due, the longest waiting first. Returns False when the time ran out before the work.

	Several workers may do so at once: a message's row lock lets one of them have it. Commits.
	"""
	settle_lost()
	return work_off(_due, _deliver_safely, seconds)


def _deliver_safely(name: str) -> None:
	"""One message's trouble must not keep the others waiting."""
	try:
		deliver(name)
	except Exception:
		frappe.db.rollback()
		frappe.log_error(
			_("A message could not be sent"), reference_doctype="Lead Message", reference_name=name
		)
		frappe.db.commit()


def _due() -> list[str]:
	return frappe.get_all(
		"Lead Message",
		filters={
			"delivery_status": ["in", [status.value for status in delivery_rules.WAITING]],
			# between, not <=: Frappe wraps the column of a <= in coalesce, and the index could not be used
			"next_attempt_on": ["between", [LONG_AGO, now_datetime()]],
		},
		pluck="name",
		order_by="next_attempt_on asc, name asc",
		limit=BATCH,
	)


def deliver(name: str) -> None:
	"""Send one message if it is still due. Commits before and after it leaves."""
	frappe.db.commit()  # what others have committed since this transaction's snapshot must be seen
	row = _locked(name, skip_locked=True)
	if not row or not delivery_rules.is_due(row.delivery_status, row.next_attempt_on, now_datetime()):
		frappe.db.rollback()
		return
	try:
		held = _take_up(row)
	except Exception as error:
		frappe.db.rollback()
		_settle(name, row.attempts + 1, _trouble(name, error))
		return
	frappe.db.commit()
	if held:
		_settle(name, row.attempts, held)
	else:
		outcome = mailing.send(row) if row.kind == "Email" else texting.send(row)
		_settle(name, row.attempts, outcome)


def _take_up(row: frappe._dict) -> Outcome | None:
	"""Make everything ready and mark a message as Sending; what comes of it when it is not to be sent."""
	with _acting_as(row.user):
		if stopped := _stopped(row):
			return stopped
		if row.delivery_status == Delivery.SCHEDULED.value:
			_begin(row)
		if row.kind == "Email" and not row.email_queue:
			channel = frappe.db.get_value("Lead", row.lead, "inbox_channel")
			_update(row, **mailing.prepare(row, channel))
	if row.kind == "Email" and (why := mailing.held_because()):
		return Outcome(Result.HELD, why)
	_update(
		row,
		delivery_status=Delivery.SENDING.value,
		attempts=row.attempts + 1,
		next_attempt_on=delivery_rules.lost_after(now_datetime()),
	)
	return None


def _stopped(row: frappe._dict) -> Outcome | None:
	"""Return why a message that waited is not to be sent any more.

	The gate is asked for a person's message only if it was scheduled: who sends at once was warned.
	"""
	scheduled = row.delivery_status == Delivery.SCHEDULED.value
	refused = consent.refusal(consent.facts(row.lead), row.kind) if scheduled or row.automated else None
	if row.automated:
		return Outcome(Result.FORBIDDEN, refused) if refused else None
	state = lifecycle.stored_state(row.lead)
	resting = delivery_rules.stopped_because(scheduled, state.inbox_status, _moved_on(row.lead), row.creation)
	if resting:
		return Outcome(Result.REFUSED, _("Not sent: the lead has become {0} since.").format(_(resting)))
	return Outcome(Result.REFUSED, _("Not sent: {0}").format(refused)) if refused else None


def _moved_on(lead: str) -> datetime | None:
	moves = frappe.get_all(
		"Lead Transition",
		filters={"lead": lead},
		pluck="transition_on",
		order_by="transition_on desc",
		limit=1,
	)
	return moves[0] if moves else None


def _begin(row: frappe._dict) -> None:
	"""Let a scheduled message's time have come; a person's is an answer from now on."""
	now = now_datetime()
	_update(row, delivery_status=Delivery.QUEUED.value, sent_on=now, next_attempt_on=now)
	if row.automated:
		lifecycle.announce(row.lead)
	else:
		lifecycle.apply(row.lead, Happening.REPLIED, message=row.name)


def _trouble(name: str, error: Exception) -> Outcome:
	"""Return what an error before anything left means: a refusal with its words, or another attempt."""
	if isinstance(error, frappe.ValidationError | frappe.OutgoingEmailError):
		frappe.clear_last_message()
		return Outcome(Result.REFUSED, strip_html(str(error)))
	frappe.log_error(
		_("A message could not be prepared"), reference_doctype="Lead Message", reference_name=name
	)
	return Outcome(Result.NOT_SENT, _("The message could not be prepared. The Error Log says why."))


def _settle(name: str, attempts: int, outcome: Outcome) -> None:
	"""Write down what became of an attempt, and commit.

	A message that was given up as lost meanwhile stays so, unless it is now known to have gone.
	"""
	row = _locked(name)
	open_ = (Delivery.SENDING.value, *(status.value for status in delivery_rules.WAITING))
	if not row or (row.delivery_status not in open_ and outcome.result is not Result.SENT):
		frappe.db.rollback()
		return
	step = delivery_rules.next_step(outcome, attempts, now_datetime())
	waits = step.status is Delivery.QUEUED and row.delivery_status == Delivery.SCHEDULED.value
	status = row.delivery_status if waits else step.status.value  # what did not begin yet begins next time
	_update(
		row,
		delivery_status=status,
		delivery_error=messages.as_stored(step.error),
		attempts=attempts,
		next_attempt_on=step.next_attempt_on,
	)
	if step.next_attempt_on is None and step.status is not Delivery.SENT:
		mailing.give_up(row)
	if step.status is Delivery.FAILED:
		alerts.failed_send(name)
	lifecycle.announce(row.lead)
	if step.next_attempt_on is None:
		listeners.message_settled(name, status)
	frappe.db.commit()


def settle_lost() -> None:
	"""Find out what became of messages whose job died while it sent them. None is sent again. Commits."""
	lost = frappe.get_all(
		"Lead Message",
		filters={
			"delivery_status": Delivery.SENDING.value,
			"next_attempt_on": ["between", [LONG_AGO, now_datetime()]],
		},
		fields=list(ROW_FIELDS),
		order_by="next_attempt_on asc, name asc",
		limit=BATCH,
	)
	for row in lost:
		outcome = mailing.outcome_of_lost(row) if row.kind == "Email" else texting.uncertain()
		_settle(row.name, row.attempts, outcome)


@contextmanager
def _acting_as(user: str | None) -> Iterator[None]:
	"""What follows from a person's message is that person's doing, though a job sends it."""
	before = frappe.session.user
	if not user or user == before:
		yield
		return
	frappe.set_user(user)
	try:
		yield
	finally:
		frappe.set_user(before)


def _scheduled(name: str) -> frappe._dict:
	row = _locked(name)
	if row.delivery_status != Delivery.SCHEDULED.value:
		frappe.throw(
			_("This message is not waiting for its time any more: it is {0}.").format(_(row.delivery_status))
		)
	return row


def _locked(name: str, skip_locked: bool = False, lead: str | None = None) -> frappe._dict | None:
	"""Return a message's row, locked after its lead's; None when it is gone or another worker has it."""
	lead = lead or frappe.db.get_value("Lead Message", name, "lead")
	if not lead:
		return None
	lifecycle.stored_state(lead)
	return frappe.db.get_value(
		"Lead Message", name, ROW_FIELDS, as_dict=True, for_update=True, skip_locked=skip_locked
	)


def _update(row: frappe._dict, **changes: Any) -> None:
	frappe.db.set_value("Lead Message", row.name, changes)
	row.update(changes)
