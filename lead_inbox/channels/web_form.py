"""Leads from ERPNext's own Web Forms, which have made the Lead by the time we hear of it."""

from __future__ import annotations

from lead_inbox.channels import clean, values
from lead_inbox.channels.event import ChannelContext, LeadEvent, Person
from lead_inbox.channels.reader import PayloadReader, as_object

_PERSON_FIELDS = {
	"full_name": "lead_name",
	"first_name": "first_name",
	"last_name": "last_name",
	"company_name": "company_name",
	"job_title": "job_title",
	"city": "city",
	"state": "state",
	"country": "country",
}
_PHONE_FIELDS = ("phone", "mobile_no", "whatsapp_no")


def parse(payload: object, context: ChannelContext) -> LeadEvent:
	"""The form as it was filled in, a labelled line for each field. Raises MalformedEvent.

	`payload` is {"name": the Lead's name, "title": the form's title, "submitted_on": a time, without a
	zone in `context.zone`, "values": {fieldname: value} of the form's own fields in their order, "labels":
	{fieldname: label}}.
	"""
	form = as_object(payload)
	reader = PayloadReader()
	filled = _mapping(reader, "values", form.get("values"))
	labels = _mapping(reader, "labels", form.get("labels"))
	event = LeadEvent(
		external_id=reader.identifier("name", form.get("name")) or clean.identifier(context.event_id),
		kind="Form",
		person=_person(reader, filled),
		occurred_on=reader.moment("submitted_on", form.get("submitted_on"), context.zone),
		subject=reader.line("title", form.get("title")),
		text=clean.many_lines("\n".join(_lines(reader, filled, labels))),
		extra=reader.extra,
	)
	reader.raise_faults()
	return event


def _mapping(reader: PayloadReader, name: str, value: object) -> dict[str, object]:
	if value is None:
		return {}
	if isinstance(value, dict):
		return value
	reader.fault(name, values.NOT_AN_OBJECT)
	return {}


def _person(reader: PayloadReader, filled: dict[str, object]) -> Person:
	told = {field: reader.line(source, filled.get(source)) for field, source in _PERSON_FIELDS.items()}
	told["full_name"] = told["full_name"] or clean.full_name(told["first_name"], told["last_name"])
	phones = (reader.line(source, filled.get(source)) for source in _PHONE_FIELDS)
	email = reader.line("email_id", filled.get("email_id"))
	return Person(phones=tuple(dict.fromkeys(filter(None, phones))), emails=(email,) if email else (), **told)


def _lines(reader: PayloadReader, filled: dict[str, object], labels: dict[str, object]) -> list[str]:
	"""Tables and lists have no line of their own: the Lead shows them."""
	lines = []
	for field, value in filled.items():
		if isinstance(value, (dict, list)):
			continue
		text = ("Yes" if value else "") if isinstance(value, bool) else reader.lines(field, value)
		if text:
			lines.append(f"{reader.line(f'labels.{field}', labels.get(field)) or field}: {text}")
	return lines
