"""Leads as the Local Services API returns them: the entries of `detailedLeadReports`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from lead_inbox.audit.formats.base import Context, Need, moment_of, optional_moment
from lead_inbox.audit.formats.durations import seconds_of
from lead_inbox.audit.formats.fields import Fields, names_of, nested, object_of
from lead_inbox.audit.formats.local_services.lead import Lead, kind_of, person_of, told_of
from lead_inbox.audit.told import Source, Told, Unreadable
from lead_inbox.channels.event import CallDetails, Person
from lead_inbox.channels.reader import PayloadReader

_DETAILS = ("phonelead", "messagelead", "bookinglead")


class DetailedReports:
	"""One lead an entry. Says nothing of what became of a lead, but how long its call was."""

	source = Source.LOCAL_SERVICES
	name = "Google Local Services lead reports (Local Services API)"
	needs = (
		Need("leadCreationTimestamp", frozenset(("leadcreationtimestamp",))),
		Need("phoneLead, messageLead or bookingLead", frozenset((*_DETAILS, "leadtype"))),
	)

	def recognizes(self, columns: Sequence[str], first: object) -> bool:
		names = names_of(columns, first)
		if "leadcreationtimestamp" not in names:
			return False
		return not names.isdisjoint(_DETAILS) or (not columns and "leadtype" in names)

	def moments(self, values: Mapping[str, object]) -> Iterator[object]:
		value = Fields(values).get("leadcreationtimestamp")[1]
		if value is not None:
			yield value

	def read(self, values: Mapping[str, object], context: Context) -> list[Told]:
		report, reader = Fields(nested(object_of(values))), PayloadReader()
		details = report.inner(*_DETAILS)
		is_call = "phonelead" in report
		lead = Lead(
			# the same in both APIs, so that a lead in two exports is one
			id=report.identifier(reader, "googleadsleadid", "leadid"),
			kind=kind_of(report.word("leadtype"), is_call),
			person=_person(details, reader),
			arrived_on=moment_of(report, context, "when the lead was created", "leadcreationtimestamp"),
			service=details.line(reader, "jobtype") or report.line(reader, "leadcategory"),
			call=_call(details) if is_call else None,
			starts_on=optional_moment(details, context, "bookingappointmenttimestamp"),
		)
		reader.raise_faults()
		if not lead.id:
			raise Unreadable("The lead has no id: neither googleAdsLeadId nor leadId.")
		return [told_of(lead, context)]


def _person(details: Fields, reader: PayloadReader) -> Person:
	return person_of(
		details.line(reader, "customername"),
		details.line(reader, "consumerphonenumber"),
		details.line(reader, "consumeremail"),
		details.line(reader, "postalcode"),
	)


def _call(details: Fields) -> CallDetails:
	seconds = seconds_of(details.get("chargedconnectedcalldurationseconds")[1])
	return CallDetails(answered=seconds > 0, duration_seconds=seconds)
