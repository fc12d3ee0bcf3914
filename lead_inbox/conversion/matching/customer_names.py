"""Customers by name, by the index on their keys: the same key, and the keys that a likely spelling has.

Which keys those are, one by one: the words in another order; another space in it; a slip in the first word,
behind its first two letters; a slip in a later word. Two of these at once are not looked for.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe.query_builder import Criterion, Order
from frappe.query_builder.functions import Function

from lead_inbox.conversion.matching.company_keys import KEY
from lead_inbox.conversion.matching.name_rules import LIKELY, keys_alike, orders_of

SAME = 50  # Customers of one key: branches of a chain
# Of names that begin with the same word, those looked at before and after where the name itself would stand.
NEIGHBOURS = 100
SPELLED_OTHERWISE = 200
FIRST_LETTERS = 2
SLIP = 2  # letters that a slip makes a name longer or shorter

Keys = list[tuple[str, str]]


def same_key(key: str) -> list[str]:
	"""Return Customers whose names have the key. The column folds signs that names tell apart, so the
	answer is compared once more."""
	rows = frappe.get_all(
		"Customer",
		filters={KEY: key},
		fields=["name", KEY],
		order_by="creation asc",
		limit=SAME,
	)
	return [row.name for row in rows if row[KEY] == key]


def alike(key: str) -> list[str]:
	"""Return Customers whose names are likely spellings of the one with the key, the likeliest first."""
	keys = dict((*_in_another_order(key), *_first_word_otherwise(key), *_same_first_word(key)))
	likeness = {name: keys_alike(key, other) for name, other in keys.items() if other != key}
	likely = [name for name, score in likeness.items() if score >= LIKELY]
	return sorted(likely, key=lambda name: (-likeness[name], name))


def _in_another_order(key: str) -> Keys:
	orders = orders_of(key)
	if not orders:
		return []
	column = _column()
	return _names_and_keys().where(column.isin(orders)).orderby(column).limit(SAME).run()


def _first_word_otherwise(key: str) -> Keys:
	"""A key holds words alone: nothing in it is a sign of LIKE."""
	column = _column()
	first, _space, rest = key.partition(" ")
	beginning = f"{first[:FIRST_LETTERS]}%"
	spaced = Function("REPLACE", column, " ", "") == key.replace(" ", "")
	return (
		_names_and_keys()
		.where(column.like(beginning) & (spaced | _with_other_first_word(beginning, rest, len(key))))
		.orderby(column)
		.limit(SPELLED_OTHERWISE)
		.run()
	)


def _with_other_first_word(beginning: str, rest: str, length: int) -> Criterion:
	column = _column()
	rest_is_same = column.like(f"{beginning} {rest}") if rest else column.not_like("% %")
	return rest_is_same & Function("CHAR_LENGTH", column).between(length - SLIP, length + SLIP)


def _same_first_word(key: str) -> Keys:
	"""Two ranges of the index, so that a name that thousands begin with costs no more than another."""
	first, _space, rest = key.partition(" ")
	if not rest:
		return []
	column = _column()
	same = _names_and_keys().where(column.like(f"{first} %"))
	after = same.where(column >= key).orderby(column, order=Order.asc).limit(NEIGHBOURS)
	before = same.where(column < key).orderby(column, order=Order.desc).limit(NEIGHBOURS)
	return [*after.run(), *before.run()]


def _names_and_keys() -> Any:
	customer = frappe.qb.DocType("Customer")
	return frappe.qb.from_(customer).select(customer.name, customer[KEY])


def _column() -> Any:
	return frappe.qb.DocType("Customer")[KEY]
