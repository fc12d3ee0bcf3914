"""Mail, from the fields of Frappe's Communication."""

from __future__ import annotations

import re
from email.utils import getaddresses, parseaddr

from lead_inbox.channels import clean, mail_nature, markup
from lead_inbox.channels.event import ChannelContext, Direction, LeadEvent, MailNature, Person
from lead_inbox.channels.phone import fold_email
from lead_inbox.channels.reader import PayloadReader, as_object

_LONGEST_NAME = 30
_ID_LIKE = re.compile(r"\d{5}|[0-9a-f]{12}", re.IGNORECASE)
_NAMES_NOBODY = re.compile(
	r"(no|do|dont|donot)?[-_.]?(not)?[-_.]?reply|mailer-daemon|postmaster|info|office|sales|contact|hello|mail",
	re.IGNORECASE,
)
_SEPARATORS = re.compile(r"[._-]+")


def parse(payload: object, context: ChannelContext) -> LeadEvent:
	"""The mail as plain text, quoted history included. Raises MalformedEvent.

	`payload` has the Communication's field names; a `communication_date` without a zone is in
	`context.zone`. The person is the sender, or for a sent mail its first recipient. `thread_id` is
	empty: mail is threaded by what it replies to.
	"""
	fields = as_object(payload)
	reader = PayloadReader()
	direction: Direction = "Out" if fields.get("sent_or_received") == "Sent" else "In"
	message_id = reader.identifier("message_id", fields.get("message_id"))
	subject, text = reader.line("subject", fields.get("subject")), _text(reader, fields)
	person = _recipient(reader, fields) if direction == "Out" else _sender(reader, fields)
	event = LeadEvent(
		external_id=message_id or reader.identifier("name", fields.get("name")),
		kind="Email",
		person=person,
		direction=direction,
		occurred_on=reader.moment("communication_date", fields.get("communication_date"), context.zone),
		subject=subject,
		text=text,
		extra=reader.extra,
		mail=_nature(reader, fields, person, subject, text) if direction == "In" else MailNature(),
	)
	reader.raise_faults()
	return event


def _text(reader: PayloadReader, fields: dict[str, object]) -> str:
	text = reader.lines("text_content", fields.get("text_content"))
	if text:
		return text
	content = fields.get("content")
	return reader.lines("content", markup.to_text(content) if isinstance(content, str) else content)


def _nature(
	reader: PayloadReader, fields: dict[str, object], sender: Person, subject: str, text: str
) -> MailNature:
	ours = getaddresses([reader.lines("recipients", fields.get("recipients"))])
	return mail_nature.judge(
		next(iter(sender.emails), ""), subject, text, (address for _name, address in ours)
	)


def _sender(reader: PayloadReader, fields: dict[str, object]) -> Person:
	sender = reader.line("sender", fields.get("sender"))
	given_name = reader.line("sender_full_name", fields.get("sender_full_name"))
	written_name, address = parseaddr(sender)
	return _person(address if "@" in address else sender, given_name, written_name)


def _recipient(reader: PayloadReader, fields: dict[str, object]) -> Person:
	recipients = getaddresses([reader.lines("recipients", fields.get("recipients"))])
	written_name, address = next((found for found in recipients if found[1]), ("", ""))
	return _person(address, written_name)


def _person(address: str, *names: str) -> Person:
	"""The first name that is not just the address again, which Frappe fills in for want of a name."""
	address = clean.one_line(address)
	told = (name for name in names if name and fold_email(name) != fold_email(address))
	return Person(
		full_name=next(told, "") or name_from_address(address), emails=(address,) if address else ()
	)


def name_from_address(address: str) -> str:
	"""`ada.lovelace@…` is Ada Lovelace; empty where the address is a number, a code or an office's."""
	local_part = address.partition("@")[0].partition("+")[0]
	words = _SEPARATORS.sub(" ", local_part).split()
	name = " ".join(word[:1].upper() + word[1:] for word in words)
	if len(name) > _LONGEST_NAME or _ID_LIKE.search(name) or _NAMES_NOBODY.fullmatch(local_part):
		return ""
	return name if any(character.isalpha() for character in name) else ""
