"""Noting what the customer does not want (RE-9), so that Frappe's and ERPNext's own sends heed it too.

Of calls and SMS stock code has no record. Mail it has in three places: an Email Unsubscribe row of the lead,
which keeps back what is sent with reference to the lead (notifications, mails from its form); the lead's
Unsubscribed, which Email Groups take over; and the status of Email Campaigns, whose mails refer to no lead.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from lead_inbox.channels.phone import fold_email
from lead_inbox.inbox import lifecycle, notes
from lead_inbox.inbox.contact import consent
from lead_inbox.inbox.contact.contact_rules import Refusal

ROW = "Email Unsubscribe"
RUNNING_CAMPAIGN_STATUSES = ("Scheduled", "In Progress")


def refuse(lead: str, medium: str, refused: bool) -> None:
	"""Note what a user was told: that the customer does not want a medium, or does so again.

	medium: Call, Email or SMS. The caller has checked the right to write the lead.
	"""
	changed = lifecycle.refuse_contact(lead, medium, refused)
	if medium == "Email":
		_keep_in_step(lead, refused)
	if changed:
		notes.remark(lead, _said(medium, refused), user=frappe.session.user)


def follow_form(doc: Any) -> None:
	"""Take over a tick that the Lead's form, an import or REST has just saved."""
	if not doc.get_doc_before_save() and not doc.inbox_no_mail:
		return
	if doc.has_value_changed("inbox_no_mail") or (doc.inbox_no_mail and doc.has_value_changed("email_id")):
		_keep_in_step(doc.name, bool(doc.inbox_no_mail))
		doc.unsubscribed = doc.inbox_no_mail  # the form shows the document as it is after the save


def unsubscribed(row: Any) -> None:
	"""Note that a customer used the link in one of our mails, or that a user made the row by hand.

	row: the Email Unsubscribe. One of another address, somebody's in copy, says nothing of the customer.
	"""
	if _is_of_customer(row) and lifecycle.refuse_contact(row.reference_name, "Email", True):
		_keep_in_step(row.reference_name, True)
		notes.remark(row.reference_name, _("The customer has refused mails by the link."))


def subscribed_again(row: Any) -> None:
	"""Note that a user has deleted the Email Unsubscribe."""
	if _is_of_customer(row) and lifecycle.refuse_contact(row.reference_name, "Email", False):
		_keep_in_step(row.reference_name, False, deleted=row.name)
		notes.remark(row.reference_name, _said("Email", False))


def _is_of_customer(row: Any) -> bool:
	if row.reference_doctype != "Lead" or row.global_unsubscribe:
		return False
	email = frappe.db.get_value("Lead", row.reference_name, "email_id")
	return bool(email) and fold_email(email) == fold_email(row.email)


def _keep_in_step(lead: str, refused: bool, deleted: str = "") -> None:
	"""deleted: an Email Unsubscribe that is being deleted already."""
	frappe.db.set_value("Lead", lead, "unsubscribed", int(refused), update_modified=False)
	if refused:
		_insert_row(lead)
		_stop_campaigns(lead)
	else:
		_delete_rows(lead, deleted)
		_resume_campaigns(lead)


def _insert_row(lead: str) -> None:
	email = frappe.db.get_value("Lead", lead, "email_id")
	values = {"email": email, "reference_doctype": "Lead", "reference_name": lead}
	if email and not frappe.db.exists(ROW, values):
		# whoever may write the lead may note the customer's wish
		frappe.get_doc({"doctype": ROW, **values}).insert(ignore_permissions=True)


def _delete_rows(lead: str, deleted: str) -> None:
	"""Of every address that the lead has had."""
	filters = {"reference_doctype": "Lead", "reference_name": lead, "name": ["!=", deleted]}
	for name in frappe.get_all(ROW, filters=filters, pluck="name", order_by="creation asc"):
		frappe.delete_doc(ROW, name, ignore_permissions=True)  # as above


def _stop_campaigns(lead: str) -> None:
	running = {**_of_lead(lead), "status": ["in", RUNNING_CAMPAIGN_STATUSES]}
	frappe.db.set_value("Email Campaign", running, "status", "Unsubscribed")


def _resume_campaigns(lead: str) -> None:
	"""Those which the customer left by themselves, ERPNext keeps a row of that, stay as they are."""
	stopped = frappe.get_all(
		"Email Campaign",
		filters={**_of_lead(lead), "status": "Unsubscribed"},
		pluck="name",
		order_by="creation asc",
	)
	left = frappe.get_all(
		ROW,
		filters={"reference_doctype": "Email Campaign", "reference_name": ["in", stopped]},
		pluck="reference_name",
		order_by="creation asc",
	)
	for name in set(stopped) - set(left):
		frappe.get_doc("Email Campaign", name).update_status()


def _of_lead(lead: str) -> dict[str, Any]:
	return {"email_campaign_for": "Lead", "recipient": lead}


def _said(medium: str, refused: bool) -> str:
	if refused:
		return consent.sentence(Refusal.OWN_WISH, medium)
	return {
		"Call": _("The customer may be called again."),
		"Email": _("The customer may be mailed again."),
		"SMS": _("The customer may be texted again."),
	}[medium]
