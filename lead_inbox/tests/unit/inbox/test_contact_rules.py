"""May a customer be contacted, on which number, and who is told: requirements RE-4, RE-8 and RE-9."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.inbox.contact.contact_rules import (
	MEDIA,
	Alert,
	Arrival,
	Refusal,
	Wishes,
	alert_of,
	find_mentions,
	number_to_dial,
	refusal_of,
)
from lead_inbox.inbox.rules import Status

media = st.sampled_from(MEDIA)
states = st.sampled_from([status.value for status in Status])
wishes = st.builds(Wishes, st.booleans(), st.booleans(), st.frozensets(media), st.booleans(), st.booleans())
arrivals = st.builds(
	Arrival, st.none() | states, states, st.booleans(), st.booleans(), st.booleans(), st.booleans()
)
TEAM = {"ann@c.example": "Ann", "annlee@c.example": "Ann Lee", "jose@c.example": "José Niño"}


@given(media)
def test_who_has_said_nothing_may_be_contacted(medium: str) -> None:
	assert refusal_of(Wishes(), medium) is None


@given(wishes, media)
def test_a_refused_medium_is_never_open(known: Wishes, medium: str) -> None:
	if medium in known.refused_media or known.merged or known.do_not_contact:
		assert refusal_of(known, medium)


@given(wishes, st.sampled_from(["Call", "SMS"]))
def test_what_concerns_mail_closes_nothing_else(known: Wishes, medium: str) -> None:
	about_mail_only = Wishes(unsubscribed=known.unsubscribed, bounced=known.bounced)
	assert refusal_of(about_mail_only, medium) is None


def test_a_partner_s_customer_is_called_and_not_written_to() -> None:
	known = Wishes(by_partner=True)
	refused = {medium: refusal_of(known, medium) for medium in MEDIA}
	assert refused == {"Call": None, "Email": Refusal.BY_PARTNER, "SMS": Refusal.BY_PARTNER}


@pytest.mark.parametrize(
	("known", "expected"),
	[
		(Wishes(merged=True, do_not_contact=True), Refusal.MERGED),
		(Wishes(do_not_contact=True, unsubscribed=True), Refusal.DO_NOT_CONTACT),
		(Wishes(refused_media=frozenset({"Email"}), unsubscribed=True), Refusal.OWN_WISH),
		(Wishes(unsubscribed=True, bounced=True), Refusal.UNSUBSCRIBED),
		(Wishes(unsubscribed=True, by_partner=True), Refusal.UNSUBSCRIBED),
		(Wishes(bounced=True, by_partner=True), Refusal.BY_PARTNER),
		(Wishes(bounced=True), Refusal.BOUNCED),
	],
)
def test_the_reason_that_says_most_is_given(known: Wishes, expected: Refusal) -> None:
	assert refusal_of(known, "Email") is expected


@given(st.text(), st.lists(st.text()))
def test_what_is_dialed_has_no_letters(written: str, known: list[str]) -> None:
	dialed = number_to_dial(written, None, known)
	assert dialed is None or set(dialed) <= set("+*#0123456789")


@pytest.mark.parametrize(
	("written", "e164", "known", "expected"),
	[
		("(415) 555-0123", "+14155550123", [], "+14155550123"),
		("4711", None, [], None),
		("47-11", None, ["4711"], "4711"),
		("1", None, ["1"], None),
		("•••23", None, ["+14155550123"], None),
		("ring the bell", None, ["ring the bell"], None),
	],
)
def test_only_a_number_is_dialed(written, e164, known, expected) -> None:
	assert number_to_dial(written, e164, known) == expected


@given(arrivals)
def test_an_assigned_new_lead_is_left_to_the_assignment(arrival: Arrival) -> None:
	if arrival.before is None:
		assert alert_of(arrival) is (None if arrival.assigned else Alert.NEW_LEAD)


@given(arrivals)
def test_what_we_said_ourselves_alerts_nobody_of_a_known_lead(arrival: Arrival) -> None:
	if arrival.before is not None and not arrival.inbound:
		assert alert_of(arrival) is None


@pytest.mark.parametrize(
	("arrival", "expected"),
	[
		(Arrival("Active", "Active", assigned=True), Alert.MESSAGE),
		(Arrival("Active", "Active", assigned=False), Alert.MESSAGE),
		(Arrival("Booked", "Booked", assigned=True, is_call=True), Alert.CALL),
		(Arrival("New", "New", assigned=True), Alert.MESSAGE),
		(Arrival("New", "New", assigned=False), None),
		(Arrival("New", "New", assigned=False, is_call=True, missed=True), Alert.MISSED_CALL),
		(Arrival("Inactive", "New", assigned=False), Alert.MESSAGE),
		(Arrival("Closed", "Active", assigned=True), Alert.RETURNED),
		(Arrival("Declined", "Declined", assigned=True, is_call=True, missed=True), Alert.DECLINED),
	],
)
def test_who_is_at_work_on_a_lead_hears_of_it(arrival: Arrival, expected: Alert | None) -> None:
	assert alert_of(arrival) is expected


@pytest.mark.parametrize(
	("text", "expected"),
	[
		("@Ann please call", ["ann@c.example"]),
		("ask @Ann Lee, not @ann", ["annlee@c.example", "ann@c.example"]),
		("@ANN @Ann @ann", ["ann@c.example"]),
		("@Anna and @Annlee", []),
		("mail jo@Ann or @ Ann", []),
		("@Ann\nLee will come", ["ann@c.example"]),
		("(@jose\u0301 nin\u0303o)", ["jose@c.example"]),
		("@Ann\u00a0Lee!", ["annlee@c.example"]),
		("nobody", []),
	],
)
def test_a_note_mentions_whom_it_names(text: str, expected: list[str]) -> None:
	assert find_mentions(text, TEAM) == expected


def test_two_colleagues_of_one_name_are_both_meant() -> None:
	assert find_mentions("@Ann", {"a@c.example": "Ann", "b@c.example": "ann"}) == [
		"a@c.example",
		"b@c.example",
	]


@given(st.text(), st.dictionaries(st.text(min_size=1), st.text()))
def test_each_is_mentioned_once_and_only_whose_name_is_there(text: str, names: dict[str, str]) -> None:
	found = find_mentions(text, names)
	assert len(found) == len(set(found))
	assert set(found) <= set(names)
	assert "@" in text or not found


@given(st.lists(st.sampled_from(sorted(TEAM)), unique=True))
def test_everybody_who_is_named_is_found(users: list[str]) -> None:
	text = ", ".join(f"@{TEAM[user]}" for user in users)
	assert find_mentions(text, TEAM) == users
