"""The automatic reply of a channel that is closed (IN-8). It is no response: a person still has to answer."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import now_datetime, strip_html

from lead_inbox.inbox import lifecycle, notes
from lead_inbox.inbox.contact import consent
from lead_inbox.inbox.replies import auto_reply_rules, outbox, reply, texting
from lead_inbox.inbox.response.channel_hours import calendar_of
from lead_inbox.inbox.response.working_time import closed_since

SAVEPOINT = "automatic_reply"


def answer(lead: str, message: str, channel: Any) -> str | None:
	"""Tell a customer who just spoke to us that the channel is closed; return the Lead Message, if any.

	message: what came in. channel: the Lead Channel that it came by. Part of the arrival's transaction, which
	goes on whatever is wrong with the reply: that is logged, and shown in the conversation.
	"""
	if not channel.auto_reply or not _wants_reply(lead, message, channel):
		return None
	frappe.db.savepoint(SAVEPOINT)
	try:
		return _reply(lead, message, channel)
	except frappe.QueryDeadlockError:
		raise  # the database has undone the arrival too; it is tried again as a whole
	except Exception as error:
		frappe.db.rollback(save_point=SAVEPOINT)
		frappe.clear_last_message()
		_tell_of_failure(lead, channel.name, error)
		return None


def _wants_reply(lead: str, message: str, channel: Any) -> bool:
	"""What a machine sent gets no answer from another one; nor does a call that was taken."""
	said = frappe.db.get_value(
		"Lead Message", message, ["direction", "automated", "call_status"], as_dict=True
	)
	if said.direction != "In" or said.automated or said.call_status == "Answered":
		return False
	replied_on = frappe.db.get_value("Lead", lead, "inbox_auto_replied_on")
	return auto_reply_rules.is_due(closed_since(now_datetime(), calendar_of(channel.name)), replied_on)


def _reply(lead: str, message: str, channel: Any) -> str | None:
	medium = _medium(lead, message)
	if not medium or consent.refusal(consent.facts(lead), medium):
		return None
	filled = reply.fill_template(lead, channel.auto_reply_template)
	sent = outbox.submit(lead, medium, filled["content"], subject=filled["subject"], automated=True)
	lifecycle.mark_auto_replied(lead, now_datetime())
	return sent


def _medium(lead: str, message: str) -> str | None:
	row = frappe.db.get_value("Lead", lead, reply.LEAD_FIELDS, as_dict=True)
	kind = frappe.db.get_value("Lead Message", message, "kind")
	can_text = texting.is_set_up() and any(
		number["number"].startswith("+") for number in reply.numbers_of(row)
	)
	return auto_reply_rules.medium_of(kind, bool(row.email_id), can_text)


def _tell_of_failure(lead: str, channel: str, error: Exception) -> None:
	frappe.log_error(
		_("The automatic reply of {0} failed").format(channel),
		reference_doctype="Lead",
		reference_name=lead,
	)
	reason = strip_html(str(error)) or type(error).__name__
	notes.remark(
		lead,
		_("No automatic reply was sent: {0} Look at the template in Lead Channel {1}.").format(
			reason.rstrip(".") + ".", channel
		),
	)
