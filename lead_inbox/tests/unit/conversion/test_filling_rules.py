"""What flows from a lead into a record: requirement CO-3."""

from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.conversion.making.filling_rules import (
	TOGETHER,
	carried_values,
	missing_values,
	numbers_to_add,
)

FIELDS = ["website", "industry", *(field for group in TOGETHER for field in group)]
documents = st.dictionaries(st.sampled_from(FIELDS), st.sampled_from([None, "", "here", "there"]))
numbers = st.sampled_from([None, "", "1", "2", "3"])
leads = st.fixed_dictionaries({"phone": numbers, "mobile_no": numbers, "whatsapp_no": numbers})
contacts = st.fixed_dictionaries(
	{"phone": numbers, "mobile_no": numbers, "listed": st.sets(st.sampled_from("123"))}
)


def test_what_the_lead_says_is_carried_and_a_default_is_not():
	draft = {"website": "x.example", "language": "en", "territory": "North", "industry": None}
	blank = {"language": "en", "territory": "North"}
	lead = {"website": "x.example", "territory": "North", "language": "de"}
	assert carried_values(draft, blank, lead, draft) == {"website": "x.example", "territory": "North"}


@given(documents, documents)
def test_nothing_that_is_there_is_overwritten(record, values):
	filled = missing_values(record, values)
	assert all(values[field] and not record.get(field) for field in filled)


@given(documents, documents)
def test_what_is_one_fact_is_filled_as_one(record, values):
	filled = missing_values(record, values)
	for group in TOGETHER:
		if any(record.get(field) for field in group):
			assert not set(group) & set(filled)


@given(documents, documents)
def test_what_is_filled_once_is_not_filled_again(record, values):
	filled = {**record, **missing_values(record, values)}
	assert missing_values(filled, values) == {}


@given(leads, contacts)
def test_only_numbers_that_a_contact_lacks_are_added(lead, contact):
	added = numbers_to_add(lead, contact)
	for field, number in added.items():
		assert number in lead.values()
		assert not contact[field] and number not in contact["listed"]


def test_a_number_of_a_messenger_is_a_mobile_one():
	contact = {"phone": None, "mobile_no": None, "listed": set()}
	assert numbers_to_add({"whatsapp_no": "1"}, contact) == {"mobile_no": "1"}
	assert numbers_to_add({"mobile_no": "2", "whatsapp_no": "1"}, contact) == {"mobile_no": "2"}
