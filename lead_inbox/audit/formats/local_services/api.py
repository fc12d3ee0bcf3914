"""Leads and their conversations as the Google Ads API returns them: `localServicesLead`, camel or snake case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from lead_inbox.audit.formats.base import Context, Need, moment_of
from lead_inbox.audit.formats.durations import seconds_of
from lead_inbox.audit.formats.fields import Fields, names_of, nested, object_of
from lead_inbox.audit.formats.local_services.lead import Lead, kind_of, person_of, told_of
from lead_inbox.audit.told import Source, Told, Unreadable
from lead_inbox.channels.event import CallDetails, Direction, LeadEvent, LeadKind, Person
from lead_inbox.channels.reader import PayloadReader

_LEAD, _CONVERSATION = "localserviceslead", "localservicesleadconversation"
# A list of leads alone, without the objects that the API wraps each in.
_BARE_LEAD = frozenset(("creationdatetime", "leadtype"))
_BARE_CONVERSATION = frozenset(("eventdatetime", "participanttype"))
_CALLS = ("4", "phonecall")
_MAIL = ("2", "email")
_SMS = ("5", "sms")
_BOOKING = ("6", "booking")
_ADVERTISER = ("2", "advertiser")


class ApiRows:
	"""Rows of a search on leads, on conversations, or on conversations with their leads."""

	source = Source.LOCAL_SERVICES
	name = "Google Local Services leads and conversations (Google Ads API)"
	needs = (
		Need(
			"localServicesLead or localServicesLeadConversation",
			frozenset((_LEAD, _CONVERSATION, "creationdatetime", "eventdatetime")),
		),
	)

	def recognizes(self, columns: Sequence[str], first: object) -> bool:
		names = names_of(columns, first)
		if {_LEAD, _CONVERSATION} & names:
			return True
		return not columns and (names >= _BARE_LEAD or names >= _BARE_CONVERSATION)

	def moments(self, values: Mapping[str, object]) -> Iterator[object]:
		lead, conversation = _parts(values)
		for part, name in ((lead, "creationdatetime"), (conversation, "eventdatetime")):
			if name in part:
				yield part.get(name)[1]

	def read(self, values: Mapping[str, object], context: Context) -> list[Told]:
		lead, conversation = _parts(object_of(values))
		told = []
		# With a conversation the API gives of its lead only what was asked for.
		if "creationdatetime" in lead or not conversation:
			told.append(_lead(lead, context))
		if conversation:
			told.append(_conversation(conversation, lead, context))
		return told


def _parts(values: Mapping[str, object]) -> tuple[Fields, Fields]:
	"""The lead and the conversation of a row; either may have nothing."""
	row = Fields(nested(values))
	lead, conversation = row.inner(_LEAD), row.inner(_CONVERSATION)
	if _LEAD in row or _CONVERSATION in row:
		return lead, conversation
	is_conversation = any(name in row for name in _BARE_CONVERSATION)
	return (lead, row) if is_conversation else (row, conversation)


def _lead(lead: Fields, context: Context) -> Told:
	reader = PayloadReader()
	told = told_of(
		Lead(
			id=_lead_id(lead, reader),
			kind=kind_of(lead.word("leadtype")),
			person=_person(lead, reader),
			arrived_on=moment_of(lead, context, "when the lead was created", "creationdatetime"),
			status=lead.line(reader, "leadstatus"),
			note=lead.inner("note").lines(reader, "description"),
			service=lead.line(reader, "serviceid", "categoryid"),
		),
		context,
	)
	reader.raise_faults()
	return told


def _person(lead: Fields, reader: PayloadReader) -> Person:
	contact = lead.inner("contactdetails")
	return person_of(contact.line(reader, "consumername"), contact.line(reader, "phonenumber"))


def _lead_id(lead: Fields, reader: PayloadReader) -> str:
	found = lead.identifier(reader, "id") or _last_of(lead.identifier(reader, "resourcename"))
	if not found:
		raise Unreadable("The lead has no id.")
	return found


def _conversation(conversation: Fields, lead: Fields, context: Context) -> Told:
	"""An exchange on a lead's thread. Its id could be that of a lead, so it is kept apart."""
	reader = PayloadReader()
	channel = conversation.word("conversationchannel")
	is_from_us = conversation.word("participanttype") in _ADVERTISER
	direction: Direction = "Out" if is_from_us else "In"
	own_id = conversation.identifier(reader, "id") or _last_of(
		conversation.identifier(reader, "resourcename")
	)
	event = LeadEvent(
		external_id=f"conversation {own_id}" if own_id else "",
		thread_id=_thread(conversation, lead, reader),
		kind=_kind(channel),
		person=_person(lead, reader),
		direction=direction,
		occurred_on=moment_of(conversation, context, "when it was said", "eventdatetime"),
		text=conversation.inner("messagedetails").lines(reader, "text"),
		call=_call(conversation) if channel in _CALLS else None,
		is_sms=channel in _SMS,
	)
	reader.raise_faults()
	return Told(Source.LOCAL_SERVICES, event)


def _thread(conversation: Fields, lead: Fields, reader: PayloadReader) -> str:
	found = _last_of(conversation.identifier(reader, "lead")) or lead.identifier(reader, "id")
	if not found:
		raise Unreadable("The conversation does not say of which lead it is: select its lead too.")
	return found


def _kind(channel: str) -> LeadKind:
	if channel in _CALLS:
		return "Phone Call"
	if channel in _MAIL:
		return "Email"
	return "Booking" if channel in _BOOKING else "Message"


def _call(conversation: Fields) -> CallDetails:
	milliseconds = seconds_of(conversation.inner("phonecalldetails").get("calldurationmillis")[1])
	return CallDetails(answered=milliseconds > 0, duration_seconds=-(-milliseconds // 1000))


def _last_of(resource_name: str) -> str:
	"""The id at the end of `customers/1/localServicesLeads/2`."""
	return resource_name.rpartition("/")[2]
