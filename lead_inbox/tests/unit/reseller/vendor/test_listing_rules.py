from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.reseller.vendor.interface import Account
from lead_inbox.reseller.vendor.listing_rules import Due, Line, Record, lines
from lead_inbox.reseller.vendor.vendor_rules import SHOWN_AFTER

NOW = datetime(2024, 3, 5, 12)
LONG_AGO = NOW - timedelta(days=7)
NAMES = [f"accounts/A/customers/S{number}" for number in range(6)]


def account(name: str = NAMES[0]) -> Account:
	return Account(name, "Delta Mills Ltd.")


def record(name: str = "RC-1", **values: object) -> Record:
	return Record(name, **{"account": account(), "told_on": LONG_AGO, **values})


ACCOUNTS = st.lists(st.sampled_from(NAMES).map(account))
RECORDS = st.lists(
	st.builds(
		Record,
		name=st.text("abc", min_size=1),
		account=st.sampled_from(NAMES).map(account),
		is_of_family=st.booleans(),
		has_left=st.booleans(),
		told_on=st.none() | st.datetimes(NOW - timedelta(minutes=5), NOW),
	),
	unique_by=lambda record: record.name,
)


@pytest.mark.parametrize(
	("records", "customers", "due"),
	[
		([], (), Due.ADD),
		([record()], ("RC-1",), Due.NOTHING),
		([record(has_left=True)], ("RC-1",), Due.HAS_LEFT),
		([record(is_of_family=False)], ("RC-1",), Due.OF_ANOTHER_FAMILY),
		([record(is_of_family=False, has_left=True)], (), Due.ADD),
		# who has left and come back, and who is a customer of two families
		([record(has_left=True), record("RC-2")], ("RC-2",), Due.NOTHING),
		([record(is_of_family=False), record("RC-2")], ("RC-2",), Due.NOTHING),
		([record(is_of_family=False), record("RC-2", has_left=True)], ("RC-2",), Due.HAS_LEFT),
		([record(account=account(NAMES[1]), has_left=True)], (), Due.ADD),
	],
)
def test_what_is_due_for_an_account_that_is_listed(records, customers, due):
	assert list(lines([account()], records, NOW)) == [Line(account(), customers, due)]


@pytest.mark.parametrize(
	("missing", "is_missed"),
	[
		(record(), True),
		(record(told_on=None), True),
		(record(has_left=True), False),
		(record(is_of_family=False), False),
		# a list shows late what was made last
		(record(told_on=NOW - SHOWN_AFTER), False),
		(record(told_on=NOW - SHOWN_AFTER - timedelta(seconds=1)), True),
	],
)
def test_whose_account_is_missed(missing, is_missed):
	found = [Line(missing.account, ("RC-1",), Due.VANISHED)] if is_missed else []
	assert list(lines([], [missing], NOW)) == found


@given(ACCOUNTS, RECORDS)
def test_each_account_has_one_line_in_the_order_in_which_they_come(accounts, records):
	listed = [line.account for line in lines(accounts, records, NOW) if line.due is not Due.VANISHED]
	assert listed == list(dict.fromkeys(accounts))


@given(ACCOUNTS, RECORDS)
def test_who_is_served_is_told_of_once_and_others_are_never_missed(accounts, records):
	found = list(lines(accounts, records, NOW))
	told = [name for line in found if line.due in (Due.NOTHING, Due.VANISHED) for name in line.customers]
	listed = {account.name for account in accounts}
	served = {record.name for record in records if record.is_of_family and not record.has_left}
	expected = [
		record.name
		for record in records
		if record.name in served
		and (record.account.name in listed or not record.told_on or record.told_on < NOW - SHOWN_AFTER)
	]
	assert sorted(told) == sorted(expected)


@given(ACCOUNTS, RECORDS)
def test_a_line_names_only_who_has_its_account(accounts, records):
	of = {record.name: record.account.name for record in records}
	for line in lines(accounts, records, NOW):
		assert {of[name] for name in line.customers} <= {line.account.name}
		assert bool(line.customers) is (line.due is not Due.ADD)


def test_a_line_is_there_before_the_next_account_is_asked_for():
	asked = []

	def accounts():
		for name in NAMES:
			asked.append(name)
			yield account(name)

	next(lines(accounts(), [], NOW))
	assert asked == NAMES[:1]
