"""What a customer who comes from elsewhere gives us: the consent to purchase and a transfer token (RS-4).

The callers have checked rights.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import frappe
from frappe import _
from frappe.utils import escape_html, formatdate, getdate, now_datetime

from lead_inbox.inbox.replies import outbox
from lead_inbox.reseller import consent_rules, customers
from lead_inbox.reseller.records import FAMILY, RESELLER_CUSTOMER
from lead_inbox.reseller.refusals import refuse

LONGEST_TOKEN = 512  # characters, as the field has it


def record(
	name: str,
	family: str,
	given_by: str,
	given_on: date,
	evidence: str,
	expires_on: date | None = None,
	attachment: str | None = None,
) -> None:
	"""Write down that a customer agreed to buy a product family from us.

	given_by: the person at the customer. evidence: what shows it. expires_on: the last day on which it is
	good, by default as the family has it. attachment: the URL of a file that is attached to the customer. Raises
	ResellerRefused.
	"""
	if not (given_by.strip() and evidence.strip()):
		refuse(_("Enter who gave the consent, and what shows it."))
	if given_on > getdate():
		refuse(
			_("{0} is yet to come. Enter the day on which the consent was given.").format(
				formatdate(given_on)
			)
		)
	last_day = expires_on or consent_rules.last_day(given_on, _good_for_days(family))
	if last_day and last_day < given_on:
		refuse(_("A consent can't expire before it is given. Enter a later day."))
	if attachment and not _is_attached(attachment, name):
		refuse(_("The file is not attached to this customer. Attach it again."))
	doc = customers.hold(name)
	doc.append(
		"consents",
		{
			"product_family": family,
			"given_by": given_by.strip(),
			"given_on": given_on,
			"expires_on": last_day,
			"evidence": evidence.strip(),
			"attachment": attachment,
			"recorded_by": frappe.session.user,
		},
	)
	customers.settle(doc)


def withdraw(name: str, row: str) -> None:
	"""Note that a customer takes a consent back. row: its name. The same again changes nothing."""
	doc = customers.hold(name)
	consent = next((consent for consent in doc.consents if consent.name == row), None)
	if not consent:
		refuse(_("This consent is not there any more. Load the page again."))
	if not consent.withdrawn_on:
		consent.withdrawn_on = getdate()
		customers.settle(doc)


def set_token(name: str, token: str, expires_on: datetime | None) -> None:
	"""Keep the transfer token that a customer got from its console, encrypted; "" forgets it.

	expires_on: when it ends, None where nobody knows.
	"""
	if len(token) > LONGEST_TOKEN:
		refuse(_("A transfer token has at most {0} characters. Check what you pasted.").format(LONGEST_TOKEN))
	if token and not consent_rules.is_token_good(expires_on, now_datetime()):
		refuse(_("This token has expired already. Ask the customer for a new one."))
	doc = customers.hold(name)
	doc.transfer_token = token.strip() or None
	doc.transfer_token_expires_on = expires_on if token else None
	customers.settle(doc)


def send_instructions(name: str) -> None:
	"""Mail the customer what the product family says has to be done, after the commit, and note it in the timeline.

	To a lead with an address it goes by the outbox, and stands in the conversation, for which the user needs the
	right to mail the lead. Raises frappe.ValidationError when it can't be sent.
	"""
	doc = frappe.get_doc(RESELLER_CUSTOMER, name)
	text = _instructions(doc.product_family)
	subject = _("What you have to do to buy {0} from us").format(doc.product_family)
	if doc.lead and frappe.db.get_value("Lead", doc.lead, "email_id"):
		frappe.has_permission("Lead", ptype="email", doc=doc.lead, throw=True)
		outbox.submit(doc.lead, "Email", text, subject=subject)
	else:
		_mail(doc, subject, text)
	doc.add_comment("Info", _("The instructions for the consent to purchase were sent to the customer."))


def _mail(doc: Any, subject: str, text: str) -> None:
	"""Put a mail into Frappe's queue. The alternate address first: mail of the domain may not arrive."""
	address = doc.alternate_email or doc.primary_email
	if not address:
		refuse(_("Enter the customer's e-mail address first."))
	frappe.sendmail(
		recipients=[address],
		subject=subject,
		message=escape_html(text).replace("\n", "<br>"),
		reference_doctype=RESELLER_CUSTOMER,
		reference_name=doc.name,
	)


def _is_attached(file_url: str, name: str) -> bool:
	"""Only what was uploaded here may become a link that a colleague opens."""
	attached = {"file_url": file_url, "attached_to_doctype": RESELLER_CUSTOMER, "attached_to_name": name}
	return bool(frappe.db.exists("File", attached))


def _good_for_days(family: str) -> int:
	days = frappe.db.get_value(FAMILY, family, "consent_good_for_days")
	if days is None:
		refuse(_("Choose the product family that the customer agreed to."))
	return days


def _instructions(family: str | None) -> str:
	text = frappe.db.get_value(FAMILY, family, "consent_instructions") if family else None
	if not text:
		refuse(_("Choose a product family, and enter in it the instructions for its customers first."))
	return text
