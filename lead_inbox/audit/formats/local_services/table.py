"""The download of the Leads page, and reports of leads by tools that use its words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from lead_inbox.audit.formats.base import Context, Need, missing, moment_of, optional_moment
from lead_inbox.audit.formats.durations import seconds_of
from lead_inbox.audit.formats.fields import Fields, names_of, object_of
from lead_inbox.audit.formats.local_services.lead import Lead, kind_of, person_of, told_of
from lead_inbox.audit.told import Source, Told
from lead_inbox.channels.event import CallDetails, Person
from lead_inbox.channels.reader import PayloadReader

# Google documents no names, and has changed them: these are what pages, reports and the API call the same.
_ID = ("leadid", "googleadsleadid", "id")
_KIND = ("leadtype", "type", "contacttype")
_STATUS = ("leadstatus", "status", "leadstate")
_ARRIVED = (
	*("leadreceived", "received", "receivedon", "datereceived", "receiveddate", "leadreceivedon"),
	*("leadcreated", "leadcreatedon", "leadcreationtime", "leadcreationtimestamp", "creationdatetime"),
	*("creationtime", "createdon", "created", "leaddate", "leadtime", "date", "datetime", "timestamp"),
)
_TOUCHED = ("lastactivity", "lastactivitydate", "lastactivityon", "lastupdated", "lastinteraction")
_NAME = ("customer", "customername", "consumername", "name", "contactname", "leadname", "fullname")
_PHONE = (
	*("phone", "phonenumber", "customerphone", "customerphonenumber"),
	*("consumerphonenumber", "consumerphone"),
)
_EMAIL = ("email", "customeremail", "consumeremail", "emailaddress")
_POSTAL_CODE = ("postalcode", "zipcode", "zip")
_LOCATION = ("location", "customerlocation", "servicelocation", "city")
_SERVICE = (
	*("jobtype", "service", "serviceid", "servicetype", "jobcategory", "category", "leadcategory"),
	"categoryid",
)
_TEXT = ("message", "messagetext", "customermessage", "requestdetails", "details")
_NOTE = ("note", "notes", "notedescription", "comments", "comment")
_SECONDS = (
	*("callduration", "calldurationseconds", "duration", "durationseconds", "calllength", "calltime"),
	*("chargedconnectedcalldurationseconds", "calldurations", "durations"),
)
_RESULT = ("callstatus", "callresult", "callanswered", "answered")
_TALKED = ("answered", "connected", "completed", "received", "yes", "true", "1")
_CHARGED = ("chargestatus", "charged", "leadcharged", "leadprice")


class LeadTable:
	"""One lead a row."""

	source = Source.LOCAL_SERVICES
	name = "Google Local Services leads (download of the Leads page)"
	needs = (
		Need("Lead received", frozenset(_ARRIVED)),
		Need("Lead type", frozenset((*_KIND, *_CHARGED, *_SECONDS))),
		Need("Customer or Phone number", frozenset((*_NAME, *_PHONE, *_EMAIL, "leadid", "googleadsleadid"))),
	)

	def recognizes(self, columns: Sequence[str], first: object) -> bool:
		return not missing(self.needs, names_of(columns, first))

	def moments(self, values: Mapping[str, object]) -> Iterator[object]:
		row = Fields(values)
		yield from (row.get(*names)[1] for names in (_ARRIVED, _TOUCHED) if row.get(*names)[0])

	def read(self, values: Mapping[str, object], context: Context) -> list[Told]:
		row, reader = Fields(object_of(values)), PayloadReader()
		kind = kind_of(row.word(*_KIND), bool(row.get(*_SECONDS)[0]))
		lead = Lead(
			id=row.identifier(reader, *_ID),
			kind=kind,
			person=_person(row, reader),
			arrived_on=moment_of(row, context, "when the lead arrived", *_ARRIVED),
			status=row.line(reader, *_STATUS),
			touched_on=optional_moment(row, context, *_TOUCHED),
			text=row.lines(reader, *_TEXT),
			note=row.lines(reader, *_NOTE),
			service=row.line(reader, *_SERVICE),
			location=row.line(reader, *_LOCATION),
			call=_call(row) if kind == "Phone Call" else None,
		)
		reader.raise_faults()
		return [told_of(lead, context)]


def _person(row: Fields, reader: PayloadReader) -> Person:
	return person_of(
		row.line(reader, *_NAME),
		row.line(reader, *_PHONE),
		row.line(reader, *_EMAIL),
		row.line(reader, *_POSTAL_CODE),
	)


def _call(row: Fields) -> CallDetails | None:
	"""The call of a phone lead. None where the table has no column for what became of it: nobody knows then.

	An empty duration in a table that has the column is a call that nobody took.
	"""
	result, seconds = row.word(*_RESULT), seconds_of(row.get(*_SECONDS)[1])
	if result:
		return CallDetails(answered=result in _TALKED, duration_seconds=seconds)
	if not row.has_column(*_SECONDS):
		return None
	return CallDetails(answered=seconds > 0, duration_seconds=seconds)
