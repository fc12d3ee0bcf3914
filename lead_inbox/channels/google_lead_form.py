"""Lead forms of Google Ads, in the JSON that Google's servers post.

Google does not try again after a 4xx: what can be understood at all is accepted here, and what only
looks odd is kept as text.
"""

from __future__ import annotations

import hmac
from datetime import datetime
from zoneinfo import ZoneInfo

from lead_inbox.channels import clean, values
from lead_inbox.channels.event import ChannelContext, LeadEvent, Person
from lead_inbox.channels.reader import PayloadReader, as_object

_PERSON_COLUMNS = {
	"FULL_NAME": "full_name",
	"FIRST_NAME": "first_name",
	"LAST_NAME": "last_name",
	"COMPANY_NAME": "company_name",
	"JOB_TITLE": "job_title",
	"POSTAL_CODE": "postal_code",
	"STREET_ADDRESS": "street",
	"CITY": "city",
	"REGION": "state",
	"COUNTRY": "country",
}
_PHONE_COLUMNS = ("PHONE_NUMBER", "WORK_PHONE")
_EMAIL_COLUMNS = ("EMAIL", "WORK_EMAIL")
# Read on their own, or (the key) a secret that must not end up in a field that users see.
_READ_KEYS = ("lead_id", "user_column_data", "google_key", "is_test", "lead_submit_time")


def presented_key(payload: object) -> str:
	"""The secret by which Google shows that it is Google; empty when there is none."""
	key = payload.get("google_key") if isinstance(payload, dict) else None
	return key if isinstance(key, str) else ""


def key_matches(presented: str, expected: str) -> bool:
	"""Compares in constant time. A channel without a key matches nothing."""
	return bool(expected) and hmac.compare_digest(_encoded(presented), _encoded(expected))


def _encoded(key: str) -> bytes:
	return key.encode("utf-8", "surrogatepass")


def parse(payload: object, context: ChannelContext) -> LeadEvent:
	"""The submitted form; its questions and answers are the text. Raises MalformedEvent.

	A test may come without lead_id and without columns; a lead without lead_id could not be told from
	its own repetition.
	"""
	body = as_object(payload)
	reader = PayloadReader()
	is_test = reader.flag("is_test", body.get("is_test"))
	lead_id = reader.identifier("lead_id", body.get("lead_id"))
	if not (lead_id or is_test):
		reader.fault("lead_id", values.MISSING)
	columns = _Columns(reader)
	columns.read(body.get("user_column_data"))
	person = columns.person()
	text = clean.many_lines("\n".join(f"{label}: {answer}" for label, answer in columns.answers))
	occurred_on = _submitted_on(reader, body.get("lead_submit_time"), context.zone)
	reader.keep_all({key: value for key, value in body.items() if key not in _READ_KEYS}, known=set())
	reader.raise_faults()
	return LeadEvent(
		external_id=lead_id,
		kind="Form",
		person=person,
		occurred_on=occurred_on,
		text=text,
		extra=reader.extra,
		is_test=is_test,
	)


def _submitted_on(reader: PayloadReader, value: object, zone: ZoneInfo) -> datetime | None:
	"""Google does not document the form of this time, so one that we cannot read is only kept."""
	try:
		return values.to_moment(value, zone)
	except values.WrongValue:
		reader.keep_all({"lead_submit_time": value}, known=set())
		return None


class _Columns:
	"""Sorts what the customer filled in: into the person, or among the answers to the form's questions."""

	def __init__(self, reader: PayloadReader) -> None:
		self.answers: list[tuple[str, str]] = []
		self._reader = reader
		self._person: dict[str, str] = {}
		self._contacts: dict[str, list[str]] = {}

	def read(self, columns: object) -> None:
		if columns is None:
			return
		if not isinstance(columns, list):
			self._reader.fault("user_column_data", values.NOT_A_LIST)
			return
		for place, column in enumerate(columns):
			self._read_column(f"user_column_data.{place}", column)

	def person(self) -> Person:
		"""A number of one's own comes before one at work."""
		filled = dict(self._person)
		joined = clean.full_name(filled.get("first_name", ""), filled.get("last_name", ""))
		filled.setdefault("full_name", joined)
		return Person(
			phones=self._contacts_of(_PHONE_COLUMNS), emails=self._contacts_of(_EMAIL_COLUMNS), **filled
		)

	def _read_column(self, path: str, column: object) -> None:
		if not isinstance(column, dict):
			self._reader.fault(path, values.NOT_AN_OBJECT)
			return
		column_id = self._reader.line(f"{path}.column_id", column.get("column_id"))
		label = self._reader.line(f"{path}.column_name", column.get("column_name")) or column_id
		value = self._reader.lines(f"{path}.string_value", column.get("string_value"))
		if value:
			self._sort(column_id, label, value)

	def _sort(self, column_id: str, label: str, value: str) -> None:
		person_field = _PERSON_COLUMNS.get(column_id)
		if column_id in _PHONE_COLUMNS or column_id in _EMAIL_COLUMNS:
			self._contacts.setdefault(column_id, []).append(self._reader.line(label, value))
		elif person_field and person_field not in self._person:
			self._person[person_field] = self._reader.line(label, value)
		else:
			self.answers.append((label, value))
			self._reader.keep(label, value)

	def _contacts_of(self, column_ids: tuple[str, ...]) -> tuple[str, ...]:
		found = (contact for column_id in column_ids for contact in self._contacts.get(column_id, ()))
		return tuple(dict.fromkeys(found))
