from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.reseller.rules import CustomerType, Origin
from lead_inbox.reseller.vendor.interface import VendorError, Why
from lead_inbox.reseller.vendor.vendor_rules import (
	SHOWN_AFTER,
	WAITS,
	Action,
	Found,
	Step,
	Trouble,
	first_attempt_on,
	must_tell,
	needs_identity,
	next_attempt_on,
	next_step,
)

DOMAIN, TEAM = CustomerType.DOMAIN, CustomerType.TEAM
NEW, IMPORT = Origin.NEW, Origin.IMPORT
OURS = Found("accounts/A/customers/1", "C1", DOMAIN, True)
THEIRS = Found("", "C2", DOMAIN, False)
TEAM_1, TEAM_2 = Found("", "C3", TEAM, False), Found("", "C4", TEAM, False)
OUR_TEAM = Found("accounts/A/customers/2", "C3", TEAM, True)
BARE = Found("accounts/A/customers/3", "", None, True)  # ours, without an identity
FOUND = st.builds(
	Found,
	name=st.just("accounts/A/customers/1"),
	cloud_identity_id=st.sampled_from(["", "C1", "C2", "C3"]),
	customer_type=st.none() | st.sampled_from(CustomerType),
	is_ours=st.booleans(),
)


@pytest.mark.parametrize(
	("origin", "customer_type", "identity", "found", "expected"),
	[
		(NEW, DOMAIN, "", [], (Step.CREATE, None)),
		(NEW, DOMAIN, "", [OURS], (Step.ADOPT, OURS)),
		(NEW, DOMAIN, "", [THEIRS], Trouble.SERVED_BY_ANOTHER),
		(NEW, TEAM, "", [TEAM_1, TEAM_2], (Step.CREATE, None)),
		(IMPORT, DOMAIN, "", [], Trouble.NO_SUCH_ACCOUNT),
		(IMPORT, DOMAIN, "", [THEIRS], (Step.IMPORT, THEIRS)),
		(IMPORT, DOMAIN, "", [OURS], (Step.ADOPT, OURS)),
		(IMPORT, TEAM, "", [TEAM_1, TEAM_2], (Step.CHOOSE, None)),
		(IMPORT, TEAM, "C4", [TEAM_1, TEAM_2], (Step.IMPORT, TEAM_2)),
		(IMPORT, TEAM, "C9", [TEAM_1, TEAM_2], Trouble.NO_SUCH_ACCOUNT),
		# a domain's account and the teams with addresses of it are different customers
		(NEW, DOMAIN, "", [OUR_TEAM, TEAM_2], (Step.CREATE, None)),
		(IMPORT, DOMAIN, "", [THEIRS, TEAM_1], (Step.IMPORT, THEIRS)),
		(IMPORT, DOMAIN, "", [TEAM_1], Trouble.NO_SUCH_ACCOUNT),
		# a team that has verified its domain by now is still the one whose id is known
		(IMPORT, TEAM, "C2", [THEIRS, TEAM_1], (Step.IMPORT, THEIRS)),
		# what we made has no identity yet, even where somebody entered one
		(NEW, DOMAIN, "", [BARE], (Step.ADOPT, BARE)),
		(NEW, DOMAIN, "C1", [BARE], (Step.ADOPT, BARE)),
		# what is taken over has one: a customer of ours without it waits to be given theirs
		(IMPORT, DOMAIN, "", [BARE, THEIRS], (Step.IMPORT, THEIRS)),
		(IMPORT, DOMAIN, "", [BARE], Trouble.NO_SUCH_ACCOUNT),
		(NEW, DOMAIN, "", [OURS, BARE], (Step.CHOOSE, None)),
	],
)
def test_what_the_vendor_has_says_what_is_next(origin, customer_type, identity, found, expected):
	assert next_step(origin, customer_type, identity, found) == expected


@given(
	origin=st.sampled_from(Origin),
	customer_type=st.sampled_from(CustomerType),
	identity=st.sampled_from(["", "C1", "C9"]),
	found=st.lists(FOUND, max_size=4),
)
def test_what_is_ours_already_is_never_made_or_imported_again(origin, customer_type, identity, found):
	answer = next_step(origin, customer_type, identity, found)
	ours = [account for account in found if is_surely_ours(account, origin, customer_type, identity)]
	if ours:
		assert answer in ((Step.ADOPT, ours[0]), (Step.CHOOSE, None))
	else:
		assert isinstance(answer, Trouble) or answer[0] is not Step.ADOPT


def is_surely_ours(account, origin, customer_type, identity) -> bool:
	if not account.is_ours or (origin is IMPORT and not account.cloud_identity_id):
		return False
	if identity and account.cloud_identity_id:
		return account.cloud_identity_id == identity
	return account.customer_type in (customer_type, None)


@given(trouble=st.sampled_from(Trouble), attempts=st.integers(1, 20))
def test_only_what_may_pass_is_tried_again_and_not_for_ever(trouble, attempts):
	now = datetime(2026, 3, 2, 12)
	again = next_attempt_on(trouble, attempts, now)
	if trouble is Trouble.TRANSIENT and attempts <= len(WAITS):
		assert again > now
	else:
		assert again is None


def test_waits_grow():
	now = datetime(2026, 3, 2, 12)
	waits = [next_attempt_on(Trouble.TRANSIENT, attempts, now) - now for attempts in range(1, len(WAITS) + 1)]
	assert waits == sorted(waits) and waits[0] == timedelta(minutes=1)


def test_who_asks_anew_waits_until_the_vendor_surely_shows_what_was_made_last():
	now = datetime(2026, 3, 2, 12)
	assert first_attempt_on(None, now) == now
	assert first_attempt_on(now, now) == now + SHOWN_AFTER
	assert first_attempt_on(now - timedelta(hours=1), now) == now


@pytest.mark.parametrize("why", list(Why))
def test_each_reason_says_what_is_done_about_it(why):
	assert VendorError(why).trouble in Trouble


def test_of_a_comparison_only_news_are_told_and_once():
	told = {trouble for trouble in Trouble if must_tell(Action.COMPARE, trouble)}
	assert told == {Trouble.NO_SUCH_ACCOUNT, Trouble.REFUSED}
	assert not any(must_tell(Action.COMPARE, trouble, has_failed_so_before=True) for trouble in Trouble)
	assert all(must_tell(Action.CREATE, trouble) for trouble in Trouble)


@pytest.mark.parametrize(
	("action", "identity", "is_educational", "needed"),
	[
		(Action.CREATE, "", False, True),
		(Action.IMPORT, "", False, True),
		(Action.CREATE, "C1", False, False),
		(Action.CREATE, "", True, False),
		(Action.PROVISION, "", False, False),
		(Action.COMPARE, "", False, False),
	],
)
def test_an_account_without_an_identity_gets_one_next(action, identity, is_educational, needed):
	assert needs_identity(action, identity, is_educational) is needed
