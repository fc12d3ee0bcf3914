"""What leads cost (requirement IN-10)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.inbox.charges.spend_rules import Spend, group

counts = st.integers(0, 1000)
amounts = st.integers(0, 10_000).map(float)
spends = st.builds(
	Spend,
	channel=st.sampled_from(["", "Google", "Partner"]),
	month=st.sampled_from(["2026-01", "2026-02"]),
	currency=st.sampled_from(["", "EUR", "USD"]),
	leads=counts,
	charged=counts,
	spend=amounts,
	credits=amounts,
	booked=counts,
	converted=counts,
)


def test_costs_are_net_of_credits() -> None:
	spend = Spend(leads=10, spend=100, credits=20, booked=4)
	assert (spend.net, spend.cost_per(spend.leads), spend.cost_per(spend.booked)) == (80, 8, 20)
	assert spend.credit_rate == 20


def test_nothing_is_divided_by_nothing() -> None:
	assert Spend(spend=100).cost_per(0) is None
	assert Spend().credit_rate is None


def test_leads_without_a_price_share_the_cost_of_their_channel_and_month() -> None:
	found = [
		Spend("Google", "2026-01", "EUR", leads=4, spend=100.0),
		Spend("Google", "2026-01", "", leads=6),
		Spend("Google", "2026-02", "", leads=3),
	]
	rows = group(found, by_channel=True, by_month=True)
	assert [(row.month, row.currency, row.leads) for row in rows] == [
		("2026-01", "EUR", 10),
		("2026-02", "", 3),
	]
	assert rows[0].cost_per(rows[0].leads) == 10


def test_of_two_currencies_neither_gets_the_leads_without_a_price() -> None:
	found = [
		Spend("Google", "2026-01", "EUR", leads=1, spend=10.0),
		Spend("Google", "2026-01", "USD", leads=1, spend=20.0),
		Spend("Google", "2026-01", "", leads=6),
	]
	rows = group(found, by_channel=True, by_month=False)
	assert [(row.currency, row.leads, row.spend) for row in rows] == [
		("", 6, 0),
		("EUR", 1, 10),
		("USD", 1, 20),
	]


def test_money_in_no_currency_joins_none() -> None:
	found = [Spend(currency="EUR", spend=10.0, leads=1), Spend(spend=5.0, leads=1)]
	assert {row.currency: row.spend for row in group(found, True, True)} == {"": 5, "EUR": 10}


@given(st.lists(spends, max_size=12), st.booleans(), st.booleans())
def test_no_lead_and_no_money_is_lost_or_changes_its_currency(found, by_channel, by_month) -> None:
	rows = group(found, by_channel, by_month)
	for name in ("leads", "charged", "booked", "converted"):
		assert sum(getattr(row, name) for row in rows) == sum(getattr(part, name) for part in found)
	for currency in ("", "EUR", "USD"):
		for name in ("spend", "credits"):
			given_in = sum(getattr(part, name) for part in found if part.currency == currency)
			assert sum(getattr(row, name) for row in rows if row.currency == currency) == given_in


@pytest.mark.parametrize(("by_channel", "by_month"), [(True, False), (False, True), (True, True)])
@given(found=st.lists(spends, max_size=12))
def test_each_group_has_one_row_a_currency_in_order(by_channel, by_month, found) -> None:
	keys = [(row.channel, row.month, row.currency) for row in group(found, by_channel, by_month)]
	assert keys == sorted(set(keys))
