"""ERPNext's Leads as the desk exports them: from the list or a report by labels, by Data Export, or by fieldnames.

What a lead's status says of its past is what it says when the app is installed: lead_inbox/inbox/adoption_rules.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from lead_inbox.audit.formats.base import Context, Need, missing, moment_of, optional_moment
from lead_inbox.audit.formats.fields import Fields, entries_of, names_of, object_of
from lead_inbox.audit.told import Source, Told, Unreadable
from lead_inbox.channels import clean
from lead_inbox.channels.event import LeadEvent, Person
from lead_inbox.channels.reader import PayloadReader
from lead_inbox.inbox.adoption_rules import adopted
from lead_inbox.inbox.rules import CLOSING, Happening, Status

# Label and fieldname of each, folded.
_ID = ("id", "name")
_STATUS = ("status",)
_CREATED = ("createdon", "creation")
_MODIFIED = ("lastupdatedon", "modified")
_OWNER = ("leadowner",)
_FULL_NAME = ("fullname", "leadname")
_COMPANY = ("organizationname", "companyname")
_EMAIL = ("email", "emailid")
_PHONES = (("phone",), ("mobileno",), ("whatsapp", "whatsappno"))
_STATE = ("stateprovince", "state")
_CAMPAIGN = ("campaignname",)
# No other export calls its columns so.
_OWN = frozenset(
	(
		*("leadowner", "leadname", "organizationname", "mobileno", "emailid", "whatsappno", "namingseries"),
		*(
			"salutation",
			"qualificationstatus",
			"qualifiedby",
			"requesttype",
			"marketsegment",
			"noofemployees",
		),
		*("lastupdatedon", "modifiedby", "lastupdatedby", "owner", "createdby", "docstatus", "industry"),
	)
)
_MARKS_END = ":"


class ErpNextLeads:
	"""One Lead a row."""

	source = Source.ERPNEXT
	name = "ERPNext leads"
	needs = (
		Need("Status", frozenset(_STATUS)),
		Need("Created On", frozenset(_CREATED)),
		Need("Lead Owner, Organization Name or another field that only ERPNext has", _OWN),
	)

	def recognizes(self, columns: Sequence[str], first: object) -> bool:
		return not missing(self.needs, names_of(columns, first))

	def moments(self, values: Mapping[str, object]) -> Iterator[object]:
		row = Fields(values)
		if _is_data(row, values):
			yield from (row.get(*names)[1] for names in (_CREATED, _MODIFIED) if row.get(*names)[0])

	def read(self, values: Mapping[str, object], context: Context) -> list[Told]:
		row = Fields(object_of(values))
		return [_lead(row, context)] if _is_data(row, values) else []


def _is_data(row: Fields, values: object) -> bool:
	"""Whether a row is a Lead: not one of those by which Data Export describes its columns, nor one of a child table.

	The first cell of the former names what they describe, as in `Mandatory:`, and is blank in all others.
	"""
	first_column, first_cell = next(entries_of(values), ("", ""))
	if first_column.strip().endswith(_MARKS_END) and first_cell:
		return False
	return any(row.get(*names)[0] for names in (_ID, _STATUS, _CREATED, _FULL_NAME))


def _lead(row: Fields, context: Context) -> Told:
	reader = PayloadReader()
	# Data Export puts ids in quotes, so that a spreadsheet keeps them.
	name = row.identifier(reader, *_ID).strip('"')
	status = row.line(reader, *_STATUS)
	event = LeadEvent(
		external_id=name,
		thread_id=name,
		kind="Message",
		person=_person(row, reader),
		occurred_on=moment_of(row, context, "when the lead was created", *_CREATED),
		campaign=row.line(reader, *_CAMPAIGN),
		source_status=status,
	)
	owner = row.line(reader, *_OWNER)
	reader.raise_faults()
	if not status:
		raise Unreadable("The lead has no status.")
	return Told(
		Source.ERPNEXT,
		event,
		afterwards=_happenings(status),
		touched_on=optional_moment(row, context, *_MODIFIED),
		owner=owner,
	)


def _person(row: Fields, reader: PayloadReader) -> Person:
	first_name, last_name = row.line(reader, "firstname"), row.line(reader, "lastname")
	phones = (row.line(reader, *names) for names in _PHONES)
	email = row.line(reader, *_EMAIL)
	return Person(
		full_name=row.line(reader, *_FULL_NAME) or clean.full_name(first_name, last_name),
		first_name=first_name,
		last_name=last_name,
		company_name=row.line(reader, *_COMPANY),
		job_title=row.line(reader, "jobtitle"),
		phones=tuple(dict.fromkeys(filter(None, phones))),
		emails=(email,) if email else (),
		city=row.line(reader, "city"),
		state=row.line(reader, *_STATE),
		country=row.line(reader, "country"),
	)


def _happenings(erp_status: str) -> tuple[Happening, ...]:
	"""What has brought a lead to the state that its status speaks for."""
	status, reason = adopted(erp_status, is_untouched=False)
	if status is Status.CLOSED:
		return tuple(happening for happening, closed_for in CLOSING.items() if closed_for == reason)
	return (Happening.REPLIED,) if status is Status.ACTIVE else ()
