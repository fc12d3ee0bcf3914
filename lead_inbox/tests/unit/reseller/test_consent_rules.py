from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.reseller.consent_rules import Consent, Refusal, is_token_good, last_day, refusal

TODAY = date(2026, 3, 2)
DAYS = st.dates(date(2020, 1, 1), date(2035, 1, 1))
FAMILY = "Workspace"
CONSENTS = st.builds(
	Consent,
	family=st.sampled_from([FAMILY, "Chrome"]),
	given_on=DAYS,
	expires_on=st.none() | DAYS,
	is_withdrawn=st.booleans(),
)


@pytest.mark.parametrize(
	("consents", "reason"),
	[
		([], Refusal.NONE),
		([Consent("Chrome", TODAY)], Refusal.NONE),
		([Consent(FAMILY, TODAY)], None),
		([Consent(FAMILY, TODAY, TODAY)], None),
		([Consent(FAMILY, TODAY - timedelta(9), TODAY - timedelta(1))], Refusal.EXPIRED),
		([Consent(FAMILY, TODAY, is_withdrawn=True)], Refusal.WITHDRAWN),
		([Consent(FAMILY, TODAY + timedelta(1))], Refusal.NOT_YET),
		([Consent(FAMILY, TODAY, is_withdrawn=True), Consent(FAMILY, TODAY)], None),
	],
)
def test_nothing_is_bought_without_a_consent_that_is_good_today(consents, reason):
	assert refusal(consents, FAMILY, TODAY) is reason


@given(consents=st.lists(CONSENTS), more=CONSENTS, today=DAYS)
def test_another_consent_never_takes_one_away(consents, more, today):
	if refusal(consents, FAMILY, today) is None:
		assert refusal([*consents, more], FAMILY, today) is None


@given(given_on=DAYS, days=st.integers(1, 400))
def test_a_consent_is_good_for_so_many_days_and_no_longer(given_on, days):
	consent = Consent(FAMILY, given_on, last_day(given_on, days))
	good = [n for n in range(-2, days + 2) if refusal([consent], FAMILY, given_on + timedelta(n)) is None]
	assert good == list(range(days))


def test_a_consent_for_no_number_of_days_has_no_end():
	assert last_day(TODAY, 0) is None


def test_a_token_is_good_until_it_expires():
	now = datetime(2026, 3, 2, 12)
	assert is_token_good(None, now)
	assert is_token_good(now + timedelta(seconds=1), now)
	assert not is_token_good(now, now)
