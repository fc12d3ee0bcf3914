from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.reseller.rules import (
	MAY_ORDER,
	THERE,
	Act,
	Origin,
	Status,
	acts,
	after,
	after_resuming,
	before_order,
	is_there,
	may,
)

ACTS = st.lists(st.sampled_from(Act), max_size=30)


def live(acts_done: list[Act]) -> list[Status]:
	"""What a customer was, one after another, if everything is tried and what is refused changes nothing."""
	lived = [Status.DRAFT]
	for act in acts_done:
		lived.append(after(lived[-1], act) or lived[-1])
	return lived


@given(ACTS)
def test_nobody_orders_who_was_not_checked_and_made(acts_done):
	lived = live(acts_done)
	if Status.ORDERED in lived:
		before = lived[: lived.index(Status.ORDERED)]
		assert Status.CHECKED in before
		assert Status.CREATED in before or Status.IMPORTED in before


@given(ACTS)
def test_who_is_transferred_out_stays_so(acts_done):
	lived = live(acts_done)
	if Status.TRANSFERRED_OUT in lived:
		assert set(lived[lived.index(Status.TRANSFERRED_OUT) :]) == {Status.TRANSFERRED_OUT}


@given(ACTS)
def test_an_account_that_is_there_is_never_a_draft_again(acts_done):
	lived = live(acts_done)
	there = next((place for place, status in enumerate(lived) if is_there(status)), len(lived))
	assert not {Status.DRAFT, Status.CHECKED} & set(lived[there:])


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("act", Act)
def test_what_may_be_done_leads_somewhere_and_nothing_else_does(status, act):
	assert may(status, act) == (after(status, act) is not None)


def test_each_origin_is_offered_its_own_way_to_an_account():
	assert acts(Status.CHECKED, Origin.NEW) == [Act.REOPEN, Act.CREATE]
	assert acts(Status.CHECKED, Origin.IMPORT) == [Act.REOPEN, Act.IMPORT]


def test_suspended_customers_are_there_but_buy_nothing():
	assert Status.SUSPENDED in THERE and Status.SUSPENDED not in MAY_ORDER


@pytest.mark.parametrize(
	("origin", "status"), [(Origin.NEW, Status.CREATED), (Origin.IMPORT, Status.IMPORTED)]
)
def test_who_has_only_ordered_is_without_the_order_what_it_was_before(origin, status):
	assert before_order(Status.ORDERED, origin) is status
	assert after(status, Act.ORDER) is Status.ORDERED


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.ORDERED])
def test_an_order_is_not_taken_back_once_more_than_it_has_happened(status):
	assert before_order(status, Origin.NEW) is None


def test_nobody_gets_around_the_terms_of_service_by_being_suspended():
	for has_order in (True, False):
		resumed = after_resuming(Origin.NEW, has_accepted_terms=True, has_order=has_order)
		assert resumed is Status.ACTIVE
	assert after_resuming(Origin.NEW, has_accepted_terms=False, has_order=True) is Status.ORDERED
	assert after_resuming(Origin.NEW, has_accepted_terms=False, has_order=False) is Status.CREATED
	assert after_resuming(Origin.IMPORT, has_accepted_terms=False, has_order=False) is Status.IMPORTED
