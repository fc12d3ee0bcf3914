"""ERPNext's Email Campaign, which mails leads by itself, day by day."""

from __future__ import annotations

from typing import Any

import frappe

from lead_inbox.inbox.contact import consent


def before_send(doc: Any, _method: str | None = None) -> None:
	"""Keep back a campaign's mail to a lead that must not be mailed, by whichever name it goes on.

	doc: the Communication that ERPNext inserts just before it sends. An error ends this one mail, and is in
	the Error Log; the campaign goes on and asks again.
	"""
	if doc.reference_doctype != "Email Campaign" or doc.sent_or_received != "Sent":
		return
	campaign = frappe.db.get_value(
		"Email Campaign", doc.reference_name, ["email_campaign_for", "recipient"], as_dict=True
	)
	lead = _lead_of(campaign) if campaign else None
	if lead and (refused := consent.refusal(consent.facts(lead), "Email")):
		frappe.throw(refused)


def _lead_of(campaign: frappe._dict) -> str | None:
	"""Return the lead that is mailed: a campaign goes on with the Contact of one that was converted."""
	if campaign.email_campaign_for == "Contact":
		return frappe.db.get_value("Contact", campaign.recipient, "inbox_lead")
	return campaign.recipient if campaign.email_campaign_for == "Lead" else None
