"""What a reply to a lead says and where it goes, before anything is sent; and mails that Frappe sent itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import frappe
from frappe import _
from frappe.utils import pretty_date, strip_html_tags

from lead_inbox.channels.markup import to_text
from lead_inbox.channels.phone import fold_email, to_e164
from lead_inbox.inbox import lifecycle, messages
from lead_inbox.inbox.contact import consent, masking, partner_leads
from lead_inbox.inbox.identity import region_of
from lead_inbox.inbox.replies import mailing, placeholders, sms_rules, texting
from lead_inbox.inbox.replies.delivery_rules import SUBJECT_LENGTH, Delivery, choose_medium, one_line
from lead_inbox.inbox.rules import Happening

# What must be known of a lead to write to it.
LEAD_FIELDS = (
	*("name", "title", "email_id", "phone", "mobile_no", "whatsapp_no", "country"),
	*partner_leads.FIELDS,
)
# Where a Lead's numbers are, and whether a number there is a business or a personal one (RE-5).
NUMBER_FIELDS = (("phone", "business"), ("mobile_no", "personal"), ("whatsapp_no", "personal"))


def choices(lead: Mapping[str, Any]) -> dict[str, Any]:
	"""Return how the user of the session may reply to a lead, for the page: medium, email and sms.

	lead: a row of the Lead with LEAD_FIELDS. Addresses and
	numbers are masked for who may not see them; `submit` takes the masked forms back.
	"""
	email, sms = _mail_choice(lead), _sms_choice(lead)
	medium = choose_medium(_last_heard_by(lead.get("name")), email["possible"], sms["possible"])
	return {"medium": medium, "email": email, "sms": sms}


def _mail_choice(lead: Mapping[str, Any]) -> dict[str, Any]:
	why = partner_leads.call_instead(lead) or _no_mail_because(lead)
	return {"address": masking.address(lead.get("email_id")), "possible": not why, "why": why}


def _no_mail_because(lead: Mapping[str, Any]) -> str:
	if not lead.get("email_id"):
		return _("The lead has no e-mail address.")
	if not frappe.has_permission("Lead", ptype="email", doc=lead.get("name")):
		return _("You have no right to send mail from leads.")
	return ""


def _sms_choice(lead: Mapping[str, Any]) -> dict[str, Any]:
	numbers = numbers_of(lead)
	why = partner_leads.call_instead(lead) or _no_sms_because(lead, bool(numbers))
	return {
		"possible": not why,
		"why": why,
		"numbers": [{**number, "number": masking.number(number["number"])} for number in numbers],
		"senders": texting.senders(lead.get("inbox_channel")),
	}


def _no_sms_because(lead: Mapping[str, Any], has_number: bool) -> str:
	if not texting.is_set_up():
		return _("No SMS gateway is set up.")
	if not has_number:
		return _("The lead has no phone number.")
	if not frappe.has_permission("Lead", ptype="write", doc=lead.get("name")):
		return _("You have no right to write to leads.")
	return ""


def _last_heard_by(lead: str | None) -> str | None:
	kinds = frappe.get_all(
		"Lead Message",
		filters={"lead": lead, "direction": "In"},
		pluck="kind",
		order_by="sent_on desc",
		limit=1,
	)
	return kinds[0] if kinds else None


def numbers_of(lead: Mapping[str, Any]) -> list[dict[str, str]]:
	"""Return a Lead's numbers, business first: number, label of its field, and kind, business or personal.

	A number is in E.164 where it can be read as one, else as it was typed. lead: see `choices`.
	"""
	region = region_of(lead.get("country"))
	meta = frappe.get_meta("Lead")
	return sms_rules.business_first(
		{
			"number": to_e164(written, region) or written,
			"label": _(meta.get_label(field)),
			"kind": kind,
		}
		for field, kind in NUMBER_FIELDS
		if (written := (lead.get(field) or "").strip())
	)


def address_for(lead: Mapping[str, Any], wanted: str | None) -> str:
	"""Return the address that a mail to the lead goes to. Raises frappe.ValidationError without one.

	wanted: what the page sent, masked or not; only the lead's own address will do.
	"""
	address = lead.get("email_id")
	if not address:
		frappe.throw(
			_("{0} has no e-mail address. Add one to the lead, then send again.").format(
				masking.name(lead.get("title"))
			)
		)
	if wanted and fold_email(wanted) != fold_email(address) and wanted != masking.address(address):
		frappe.throw(_("Mail goes to the lead's own address only. Change it on the lead, then send again."))
	return address


def number_for(lead: Mapping[str, Any], wanted: str | None) -> str:
	"""Return the number that an SMS to the lead goes to: the one wanted, else a business one first (RE-5).

	wanted: one of the lead's numbers, masked or not, or another one with its country code. Raises
	frappe.ValidationError when there is none or it is no number.
	"""
	known = [row["number"] for row in numbers_of(lead)]
	if not wanted:
		usable = [number for number in known if number.startswith("+")]
		if not usable:
			frappe.throw(
				_(
					"{0} has no phone number that an SMS could go to. Add one to the lead, then send again."
				).format(masking.name(lead.get("title")))
			)
		return usable[0]
	number = next((number for number in known if masking.number(number) == wanted), None)
	number = number or to_e164(wanted, region_of(lead.get("country")))
	if not number or not number.startswith("+"):
		frappe.throw(_("{0} is no phone number. Write it like +14155550123.").format(wanted))
	return number


def subject_for(lead: str, wanted: str | None) -> str:
	"""Return a mail's subject on one line: the one wanted, else that of the conversation."""
	return one_line(wanted or "", SUBJECT_LENGTH) or reply_subject(lead)


def reply_subject(lead: str) -> str:
	"""Return "Re:" the subject that was written last, else a neutral one."""
	subjects = frappe.get_all(
		"Lead Message",
		filters={
			"lead": lead,
			"kind": "Email",
			"subject": ["is", "set"],
			"delivery_status": ["!=", Delivery.CANCELLED.value],
		},
		pluck="subject",
		order_by="sent_on desc",
		limit=1,
	)
	if not subjects:
		return _("Your request")
	subject = messages.as_text(subjects[0])
	return one_line(subject if subject.lower().startswith("re:") else f"Re: {subject}", SUBJECT_LENGTH)


def objection(lead: str, medium: str, seen: str | None) -> str | None:
	"""Return what the user should know before a message goes: the page asks whether to send it all the same.

	seen: the newest message that the page shows. Locks the lead's row: of two people who send at once, the
	second one is told of the first.
	"""
	lifecycle.stored_state(lead)
	sentences = [consent.refusal(consent.facts(lead), medium), _answered_since(lead, seen)]
	return " ".join(filter(None, sentences)) or None


def _answered_since(lead: str, seen: str | None) -> str | None:
	"""A locking read: the transaction's snapshot may be older than the lock on the lead.

	Rows that others have locked are theirs to tell of: an arrival holds its message while it waits for the lead.
	"""
	seen_on = seen and frappe.db.get_value("Lead Message", {"name": seen, "lead": lead}, "creation")
	if not seen_on:
		return None
	table = frappe.qb.DocType("Lead Message")
	newer = (
		frappe.qb.from_(table)
		.select(table.user, table.content, table.creation)
		.where((table.lead == lead) & (table.direction == "Out") & (table.automated == 0))
		.where((table.creation > seen_on) & (table.user != frappe.session.user))
		.where(table.delivery_status.isnull() | (table.delivery_status != Delivery.CANCELLED.value))
		.orderby(table.creation, order=frappe.qb.desc)
		.limit(1)
		.for_update(skip_locked=True)
	).run(as_dict=True)
	if not newer:
		return None
	return _("{0} has answered {1}: “{2}”").format(
		frappe.utils.get_fullname(newer[0].user),
		pretty_date(newer[0].creation),
		messages.preview(newer[0].content),
	)


def mail_sent(communication: Any) -> None:
	"""Put a mail that was sent from elsewhere on a lead, the Lead's form for instance, into the conversation.

	Mails of the outbox are in it already. A person's mail is a response. What a job sends by itself, a
	campaign for instance, is not, though Frappe gives it the same type.
	"""
	if communication.flags.get(mailing.MADE_HERE):
		return
	lead = communication.reference_name
	automated = bool(getattr(frappe.local, "job", None))
	message = messages.record(
		lead,
		lead_email=frappe.db.get_value("Lead", lead, "email_id"),
		kind="Email",
		direction="Out",
		external_id=communication.name,
		sent_on=communication.communication_date or communication.creation,
		sender_name=communication.sender_full_name or "",
		subject=strip_html_tags(communication.subject or ""),
		text=to_text(communication.content or ""),
		user=frappe.session.user,
		communication=communication.name,
		automated=int(automated),
	)
	if automated:
		lifecycle.announce(lead)
	else:
		lifecycle.apply(lead, Happening.REPLIED, message=message)


def fill_template(lead: str, template: str) -> dict[str, str]:
	"""Return subject and text of an Email Template for a lead. The text is plain, as replies are."""
	values = {**frappe.get_doc("Lead", lead).as_dict(), **placeholders.of_lead(lead)}
	filled = frappe.get_doc("Email Template", template).get_formatted_email(values)
	return {"subject": filled["subject"], "content": to_text(filled["message"]).strip()}
