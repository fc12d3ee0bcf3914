"""By which way a customer is told about a booking, if they want to be told at all (RE-9).

A lead's customer is told through the outbox: once, and seen in the conversation. A Customer without a lead
has no conversation; they get a mail by Frappe's own queue.
"""

from __future__ import annotations

from dataclasses import dataclass

import frappe
from frappe import _

from lead_inbox.bookings.telling.invitation_rules import FILE_NAME
from lead_inbox.bookings.telling.words import Said
from lead_inbox.inbox import messages, notify
from lead_inbox.inbox.contact import consent
from lead_inbox.inbox.replies import mailing, outbox, reply, texting
from lead_inbox.inbox.replies.delivery_rules import content_type

EMAIL, SMS = "Email", "SMS"
EMAIL_OR_SMS = "Email or SMS"
WAYS = {EMAIL: (EMAIL,), SMS: (SMS,), EMAIL_OR_SMS: (EMAIL, SMS)}


@dataclass(frozen=True)
class Way:
	"""How to tell a customer. medium: empty when there is no way; then why says so in a sentence."""

	medium: str = ""
	address: str = ""
	channel: str | None = None
	why: str = ""


def find_way(booking: frappe._dict, wanted: str) -> Way:
	"""Return how to tell the customer of a booking. wanted: Email, SMS, or Email or SMS, the mail first.

	booking: a row with words.FIELDS.
	"""
	if not booking.lead:
		return _way_to_customer(booking, wanted)
	lead = frappe.db.get_value("Lead", booking.lead, reply.LEAD_FIELDS, as_dict=True)
	if not lead:
		return Way(why=_("The lead does not exist any more."))
	refusals = consent.refusals(consent.facts(booking.lead))
	whys = []
	for medium in WAYS[wanted]:
		why = _obstacle(lead, medium) or refusals[medium]
		if not why:
			return Way(medium, lead.email_id if medium == EMAIL else "", lead.inbox_channel)
		whys.append(why)
	return Way(why=" ".join(dict.fromkeys(whys)))


def _obstacle(lead: frappe._dict, medium: str) -> str | None:
	if medium == EMAIL:
		return None if lead.email_id else _("The lead has no e-mail address.")
	if not texting.is_set_up():
		return _("No SMS gateway is set up.")
	has_number = any(number["number"].startswith("+") for number in reply.numbers_of(lead))
	return None if has_number else _("The lead has no phone number that an SMS could go to.")


def _way_to_customer(booking: frappe._dict, wanted: str) -> Way:
	if EMAIL not in WAYS[wanted]:
		return Way(why=_("Text messages can be sent to leads only, and this booking has none."))
	if not booking.lead_email:
		return Way(why=_("The booking has no e-mail address."))
	if _has_unsubscribed(booking):
		return Way(why=_("The customer has unsubscribed from mails."))
	return Way(EMAIL, booking.lead_email)


def _has_unsubscribed(booking: frappe._dict) -> bool:
	rows = frappe.get_all(
		"Email Unsubscribe",
		{"email": booking.lead_email},
		["global_unsubscribe", "reference_doctype", "reference_name"],
		order_by="creation asc",
	)
	about = list(_reference(booking).values())
	return any(row.global_unsubscribe or [row.reference_doctype, row.reference_name] == about for row in rows)


def _reference(booking: frappe._dict) -> dict[str, str]:
	"""Return whose mails a customer without a lead can unsubscribe from."""
	doctype, name = ("Customer", booking.customer) if booking.customer else ("Booking", booking.name)
	return {"reference_doctype": doctype, "reference_name": name}


def send(booking: frappe._dict, way: Way, said: Said, *, key: str, invitation: bytes = b"") -> str | None:
	"""Tell the customer, in the caller's transaction, and return the Lead Message, if it is one.

	key: what there must be one message of only. invitation: an .ics file, for mail. Raises
	frappe.ValidationError with words when it can't be.
	"""
	if not booking.lead:
		_mail_customer(booking, way, said, invitation)
		return None
	if written := frappe.db.get_value("Lead Message", {"message_key": messages.key_of(None, key)}):
		return written
	text = said.text if way.medium == EMAIL else said.sms
	message = outbox.submit(booking.lead, way.medium, text, subject=said.subject, automated=True, key=key)
	if invitation and way.medium == EMAIL:
		mailing.attach_made(message, FILE_NAME, invitation)
	return message


def _mail_customer(booking: frappe._dict, way: Way, said: Said, invitation: bytes) -> None:
	"""Frappe's queue sends it after the commit."""
	account = mailing.account_for(way.channel)
	mailing.check(way.channel, way.address)
	files = []
	if invitation:
		kind = content_type(FILE_NAME, invitation)
		files = [{"fname": FILE_NAME, "fcontent": invitation, "content_type": kind}]
	frappe.sendmail(
		recipients=[way.address],
		sender=account.email_id,
		subject=said.subject,
		template="lead_message",
		args={"html": notify.as_html(messages.as_stored(said.text)), "text": said.text},
		attachments=files,
		expose_recipients="header",
		delayed=True,
		**_reference(booking),
	)
