"""What a lead cost and whether its source gave the money back (IN-10).

A charge, its disputes and its credit stay with the lead that was charged, also when that lead becomes a
part of another: they would be counted twice otherwise.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from lead_inbox.inbox import lifecycle
from lead_inbox.inbox.charges import charge_rules

CHARGE_FIELDS = (
	"email_id",
	"inbox_channel",
	"inbox_price",
	"inbox_price_currency",
	"inbox_charged",
	"inbox_credit_state",
)


def hold(lead: str) -> frappe._dict:
	"""Return a lead's charge and lock the lead until the transaction ends."""
	row = frappe.db.get_value("Lead", lead, CHARGE_FIELDS, as_dict=True, for_update=True)
	if not row:
		frappe.throw(_("Lead {0} does not exist any more.").format(lead), frappe.DoesNotExistError)
	return row


def choices(lead: str) -> dict[str, Any]:
	"""Return what a user may say about a lead: reasons by satisfaction for feedback, those of a dispute,
	and why it can't be disputed now, None when it can."""
	return {
		"feedback": {
			satisfaction: list(charge_rules.reasons_for(charge_rules.FEEDBACK, satisfaction))
			for satisfaction in charge_rules.SATISFACTIONS
		},
		"dispute": list(charge_rules.reasons_for(charge_rules.DISPUTE)),
		"no_dispute": _no_dispute(lead),
	}


def _no_dispute(lead: str) -> str | None:
	charge = frappe.db.get_value("Lead", lead, CHARGE_FIELDS, as_dict=True)
	if not charge_rules.can_be_disputed(bool(charge.inbox_charged), charge.inbox_price):
		return _("This lead was not charged, so there is nothing to dispute.")
	return _("A dispute of this lead is open already.") if open_dispute(lead) else None


def file(lead: str, kind: str, reason: str, satisfaction: str | None, comment: str | None) -> str:
	"""File feedback or a dispute as the user of the session; return the Lead Dispute.

	Raises frappe.ValidationError with words for the user.
	"""
	dispute = frappe.get_doc(
		doctype="Lead Dispute",
		lead=lead,
		kind=kind,
		reason=reason,
		satisfaction=satisfaction,
		comment=comment,
	)
	return dispute.insert().name


def open_dispute(lead: str, other_than: str | None = None) -> str | None:
	"""Return the lead's dispute that waits for its result, as committed."""
	return frappe.db.get_value(
		"Lead Dispute",
		{
			"lead": lead,
			"kind": charge_rules.DISPUTE,
			"result": ["in", charge_rules.OPEN_RESULTS],
			"name": ["!=", other_than or ""],
		},
		for_update=True,
	)


def set_credit_state(lead: str, state: str | None) -> None:
	"""Note whether a lead's money comes back. An open form must not save the old answer back, so this
	change touches `modified`."""
	if (frappe.db.get_value("Lead", lead, "inbox_credit_state") or None) != state:
		frappe.db.set_value("Lead", lead, "inbox_credit_state", state)
		lifecycle.announce(lead)


def forget_dispute(dispute: Any) -> None:
	"""A lead whose open dispute is deleted waits for nothing any more."""
	waits = frappe.db.get_value("Lead", dispute.lead, "inbox_credit_state") == charge_rules.PENDING
	if waits and dispute.result in charge_rules.OPEN_RESULTS:
		set_credit_state(dispute.lead, None)


def take_from_source(lead: str, charged: bool | None, credit_state: str | None) -> None:
	"""Take over what a source says of its charge. It knows best: what is here is overwritten.

	None where it says nothing. A credit that it decides on also settles the open dispute.
	"""
	if charged is not None:
		frappe.db.set_value("Lead", lead, "inbox_charged", int(charged), update_modified=False)
	if credit_state is None:
		return
	dispute = open_dispute(lead)
	if dispute:
		_settle(dispute, credit_state)
	set_credit_state(lead, credit_state)


def _settle(name: str, result: str) -> None:
	dispute = frappe.get_doc("Lead Dispute", name)
	has_price = frappe.db.get_value("Lead", dispute.lead, "inbox_price")
	if charge_rules.may_follow(dispute.result, result) and (has_price or result != charge_rules.CREDITED):
		dispute.result = result
		dispute.save(ignore_permissions=True)  # the source's word
