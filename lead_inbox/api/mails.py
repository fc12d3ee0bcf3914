"""Mails that wait at a lead's relay address. For users who may write the lead."""

import frappe

from lead_inbox.inbox.replies import held_mail


@frappe.whitelist(methods=["POST"])
def accept(event: str, remember: int = 1) -> None:
	"""Let the mail into the lead's conversation; with `remember` also those that its sender writes next."""
	_may_write_lead_of(event)
	held_mail.accept(event, bool(remember))


@frappe.whitelist(methods=["POST"])
def refuse(event: str) -> None:
	"""Keep the mail out of the conversation for good."""
	_may_write_lead_of(event)
	held_mail.refuse(event)


def _may_write_lead_of(event: str) -> None:
	frappe.has_permission("Lead", ptype="write", doc=held_mail.lead_of(event), throw=True)
