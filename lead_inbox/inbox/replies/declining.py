"""Turning a lead down with a reason, and taking it up again (RE-6). The callers have checked permission."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import strip_html

from lead_inbox.inbox import lifecycle, notes
from lead_inbox.inbox.contact import consent
from lead_inbox.inbox.replies import outbox, reply
from lead_inbox.inbox.replies.delivery_rules import Delivery
from lead_inbox.inbox.rules import Happening

SAVEPOINT = "telling_the_customer"


def decline(lead: str, reason: str, message: str | None = None) -> str | None:
	"""Decline a lead and tell its customer, by the medium that they used last.

	reason: a Lead Decline Reason that is in use. message: the user's own text, which counts as an answer;
	without one the customer gets the reason's, else that of Lead Inbox Settings. A silent reason alone tells
	nothing. A customer who does not want to be contacted, or can't be, is not told: a note says so.

	Returns the sentence why the customer was not told, None when they are or need not be. Raises
	frappe.ValidationError for a reason that is not in use, TransitionRefused for a lead in another state.
	"""
	own = (message or "").strip()
	text = own or _standard_message(_reason(reason))
	sent, why = _tell(lead, text, automated=not own, responds=False) if text else (None, None)
	_cancel_scheduled(lead)
	lifecycle.require(lead, Happening.DECLINED, reason=reason, message=sent, is_response=bool(own and sent))
	return why


def restore(lead: str, message: str | None = None) -> str | None:
	"""Give a declined lead the state it had. Its customer hears of it only by a message of the user's, which
	answers them as any reply does.

	Returns the sentence why the customer could not be told. Raises TransitionRefused for a lead in another
	state.
	"""
	lifecycle.require(lead, Happening.RESTORED)
	text = (message or "").strip()
	return _tell(lead, text, automated=False, responds=True)[1] if text else None


def _reason(name: str) -> frappe._dict:
	fields = ["enabled", "silent", "message"]
	row = frappe.db.get_value("Lead Decline Reason", name, fields, as_dict=True)
	if not row or not row.enabled:
		frappe.throw(_("Choose one of the reasons in the list to decline a lead."))
	return row


def _standard_message(reason: frappe._dict) -> str:
	"""Return what a customer is told without a text of the user's; empty for a silent reason."""
	if reason.silent:
		return ""
	settings = frappe.get_cached_doc("Lead Inbox Settings")
	# a site that had settings before this one has no value for it
	default = settings.meta.get_field("decline_message").default
	return (reason.message or "").strip() or (settings.decline_message or "").strip() or default


def _tell(lead: str, text: str, *, automated: bool, responds: bool) -> tuple[str | None, str | None]:
	"""Return the message that goes to the customer, or None and the sentence why there is none."""
	medium, why = _way_to(lead)
	if medium:
		frappe.db.savepoint(SAVEPOINT)
		try:
			return outbox.submit(lead, medium, text, automated=automated, responds=responds), None
		except frappe.ValidationError as error:
			frappe.db.rollback(save_point=SAVEPOINT)
			frappe.clear_last_message()
			why = strip_html(str(error))
	notes.remark(lead, _("The customer was not told: {0}").format(why), user=frappe.session.user)
	return None, why


def _way_to(lead: str) -> tuple[str | None, str]:
	"""Return the medium by which to tell the customer, the one used last first; or None and why not."""
	choices = reply.choices(frappe.db.get_value("Lead", lead, reply.LEAD_FIELDS, as_dict=True))
	refusals = consent.refusals(consent.facts(lead))
	possible = {"Email": choices["email"]["possible"], "SMS": choices["sms"]["possible"]}
	in_order = sorted(possible, key=lambda medium: medium != choices["medium"])
	for medium in in_order:
		if possible[medium] and not refusals[medium]:
			return medium, ""
	refused = [refusals[medium] for medium in in_order if possible[medium]]
	impossible = [choices["email"]["why"], choices["sms"]["why"]]
	return None, " ".join(refused or impossible)


def _cancel_scheduled(lead: str) -> None:
	scheduled = frappe.get_all(
		"Lead Message",
		filters={"lead": lead, "delivery_status": Delivery.SCHEDULED.value},
		pluck="name",
		order_by="sent_on asc",
	)
	for name in scheduled:
		outbox.cancel(name)
	if scheduled:
		text = _("Scheduled messages were cancelled, as the lead is declined.")
		notes.remark(lead, text, user=frappe.session.user)
