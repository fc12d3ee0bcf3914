from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.reseller.rules import Origin, Status
from lead_inbox.reseller.waiting_rules import Facts, Matter, Party, Wait, wait_of

TODAY = date(2026, 3, 2)
NEW, IMPORT = Origin.NEW, Origin.IMPORT
FACTS = st.builds(
	Facts,
	status=st.sampled_from(Status),
	origin=st.sampled_from(Origin),
	lacks_consent=st.booleans(),
	is_asked_of_vendor=st.booleans(),
	vendor_has_failed=st.booleans(),
	open_setup_tips=st.integers(0, 5),
	details_due_on=st.none() | st.just(TODAY) | st.just(TODAY + timedelta(1)),
)


@pytest.mark.parametrize(
	("facts", "party", "matter"),
	[
		(Facts(Status.DRAFT, NEW), Party.US, Matter.FORM),
		(Facts(Status.DRAFT, IMPORT, lacks_consent=True), Party.CUSTOMER, Matter.CONSENT),
		(Facts(Status.DRAFT, NEW, lacks_consent=True), Party.US, Matter.FORM),
		(Facts(Status.CHECKED, NEW), Party.US, Matter.ACCOUNT),
		(Facts(Status.CHECKED, NEW, is_asked_of_vendor=True), Party.VENDOR, Matter.ACCOUNT),
		(Facts(Status.CHECKED, NEW, vendor_has_failed=True), Party.US, Matter.TROUBLE),
		(Facts(Status.CREATED, NEW), Party.US, Matter.ORDER),
		(Facts(Status.ORDERED, NEW), Party.CUSTOMER, Matter.TERMS),
		(Facts(Status.TERMS_ACCEPTED, NEW), Party.US, Matter.ACTIVATION),
		(Facts(Status.ACTIVE, NEW, open_setup_tips=1), Party.US, Matter.SETUP),
		(Facts(Status.ACTIVE, NEW, open_setup_tips=1, details_due_on=TODAY), Party.CUSTOMER, Matter.DETAILS),
		(Facts(Status.ACTIVE, NEW, details_due_on=TODAY + timedelta(1)), Party.NOBODY, Matter.NOTHING),
		(Facts(Status.TRANSFERRED_OUT, NEW), Party.NOBODY, Matter.NOTHING),
	],
)
def test_each_customer_waits_for_one_thing(facts, party, matter):
	assert wait_of(facts, TODAY) == Wait(party, matter)


@given(FACTS)
def test_somebody_is_named_for_whatever_is_waited_for(facts):
	wait = wait_of(facts, TODAY)
	assert (wait.party is Party.NOBODY) == (wait.matter is Matter.NOTHING)
