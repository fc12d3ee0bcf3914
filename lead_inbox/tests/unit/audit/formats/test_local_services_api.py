from __future__ import annotations

import pytest

from lead_inbox.audit.formats.registry import recognize
from lead_inbox.audit.told import Unreadable
from lead_inbox.channels.event import Person
from lead_inbox.inbox.event_rules import happening_of
from lead_inbox.inbox.rules import Happening
from lead_inbox.tests.unit.audit.formats.reading import context, told, utc

LEAD = {
	"resourceName": "customers/1/localServicesLeads/77",
	"id": "77",
	"categoryId": "xcat:service_area_business_plumber",
	"leadType": "PHONE_CALL",
	"leadStatus": "ACTIVE",
	"contactDetails": {"phoneNumber": "+12125550123", "consumerName": "Ada Lovelace"},
	"creationDateTime": "2026-03-05 09:15:00",
	"note": {"description": "Call after six"},
	"leadCharged": True,
}
MESSAGE = {
	"id": "9",
	"lead": "customers/1/localServicesLeads/77",
	"conversationChannel": "MESSAGE",
	"participantType": "CONSUMER",
	"eventDateTime": "2026-03-05 09:16:00",
	"messageDetails": {"text": "The sink is blocked"},
}


def conversation(**changes: object) -> dict[str, object]:
	return {"localServicesLeadConversation": MESSAGE | changes}


def test_a_lead() -> None:
	lead = told({"localServicesLead": LEAD})
	event = lead.event
	assert (event.external_id, event.thread_id, event.kind) == ("77", "77", "Phone Call")
	assert event.occurred_on == utc(2026, 3, 5, 14, 15)
	assert event.person == Person(full_name="Ada Lovelace", phones=("+12125550123",))
	assert (event.service, event.description) == ("xcat:service_area_business_plumber", "Call after six")
	# whether the call was answered, its conversation says
	assert (happening_of(event), lead.afterwards) == (Happening.INBOUND, (Happening.REPLIED,))


def test_snake_case_and_numbers_for_words() -> None:
	lead = {
		"id": 77,
		"lead_type": 2,
		"lead_status": 4,
		"contact_details": {"phone_number": "+12125550123"},
		"creation_date_time": "2026-03-05 09:15:00",
	}
	for values in ({"local_services_lead": lead}, lead):
		read = told(values)
		assert (read.event.external_id, read.event.kind) == ("77", "Message")
		assert read.event.person.phones == ("+12125550123",)
		assert read.afterwards == (Happening.BOOKED,)


def test_a_table_of_dotted_paths() -> None:
	values = {
		"local_services_lead.id": "77",
		"local_services_lead.lead_type": "MESSAGE",
		"local_services_lead.contact_details.phone_number": "+12125550123",
		"local_services_lead.creation_date_time": "2026-03-05 09:15:00",
	}
	event = told(values, tuple(values)).event
	assert (event.external_id, event.person.phones) == ("77", ("+12125550123",))


def test_a_wiped_lead_is_nobody_any_more() -> None:
	lead = told({"localServicesLead": LEAD | {"leadStatus": "WIPED_OUT"}})
	assert (lead.event.person, lead.event.description) == (Person(), "")
	assert lead.afterwards == (Happening.WENT_UNANSWERED, Happening.WENT_QUIET)


@pytest.mark.parametrize(
	("changes", "happening"),
	[
		({}, Happening.INBOUND),
		({"participantType": "ADVERTISER"}, Happening.REPLIED),
		({"conversationChannel": "PHONE_CALL"}, Happening.CALL_MISSED),
		(
			{"conversationChannel": "PHONE_CALL", "phoneCallDetails": {"callDurationMillis": "0"}},
			Happening.CALL_MISSED,
		),
		(
			{"conversationChannel": "PHONE_CALL", "phoneCallDetails": {"callDurationMillis": "900"}},
			Happening.CALL_ANSWERED,
		),
		({"conversationChannel": "PHONE_CALL", "participantType": "ADVERTISER"}, Happening.CALL_ATTEMPTED),
		({"conversationChannel": 4, "participantType": 3}, Happening.CALL_MISSED),
	],
)
def test_what_a_conversation_means(changes: dict[str, object], happening: Happening) -> None:
	event = told(conversation(**changes)).event
	assert (event.thread_id, happening_of(event)) == ("77", happening)


def test_a_conversation_and_a_lead_of_the_same_number_are_two_events() -> None:
	lead = told({"localServicesLead": LEAD | {"id": "9"}})
	assert told(conversation(id="9")).event.external_id != lead.event.external_id


def test_a_conversation_with_its_lead() -> None:
	values = {"localServicesLead": LEAD, **conversation()}
	lead, said = recognize((), values).read(values, context())
	assert (lead.event.external_id, said.event.thread_id) == ("77", "77")
	assert said.event.person.phones == ("+12125550123",)
	values = {"localServicesLead": {"id": "77"}, **conversation(lead=None)}
	assert told(values).event.thread_id == "77"


@pytest.mark.parametrize(
	"values",
	[
		{"localServicesLead": LEAD | {"id": "", "resourceName": ""}},
		{"localServicesLead": LEAD | {"creationDateTime": None}},
		{"localServicesLead": LEAD | {"creationDateTime": "yesterday"}},
		conversation(lead=""),
		conversation(eventDateTime=""),
		conversation(conversationChannel="PHONE_CALL", phoneCallDetails={"callDurationMillis": "long"}),
		{"localServicesLead": "77"},
		{"localServicesLeadConversation": {}},
	],
)
def test_what_can_not_be_read(values: dict[str, object]) -> None:
	known = recognize((), {"localServicesLead": LEAD})
	with pytest.raises(Unreadable):
		known.read(values, context())


def test_the_reason_is_about_what_the_row_is() -> None:
	known = recognize((), conversation())
	for values in (conversation(eventDateTime=""), MESSAGE | {"eventDateTime": ""}):
		with pytest.raises(Unreadable, match="when it was said"):
			known.read(values, context())
