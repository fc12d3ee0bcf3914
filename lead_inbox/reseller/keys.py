"""By what the database refuses the same customer twice within a product family (RS-2, RS-5).

domain_key is the domain in ASCII and the family, identity_key the Cloud Identity ID and the family.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import escape_html

from lead_inbox.reseller import reading, words
from lead_inbox.reseller.refusals import refuse
from lead_inbox.reseller.rules import CustomerType, Status

KEYS = ("domain_key", "identity_key")
SEPARATOR = "|"


def set_keys(doc: Any) -> None:
	"""A team does not own the domain that it is on, and who has gone elsewhere may come back as a new customer."""
	has_gone = doc.status == Status.TRANSFERRED_OUT.value
	owns_domain = doc.customer_type == CustomerType.DOMAIN.value and not has_gone
	doc.domain_key = key_of(reading.ascii_domain(doc) if owns_domain else "", doc.product_family)
	doc.identity_key = key_of("" if has_gone else doc.cloud_identity_id, doc.product_family)


def key_of(identifier: str | None, family: str | None) -> str | None:
	return f"{identifier}{SEPARATOR}{family}" if identifier and family else None


def has_domain(key: str, other_than: str) -> bool:
	"""Return whether another customer has a domain_key. Whoever has the turn can rely on it: it is read with a lock,
	as the other one may be younger than this transaction's snapshot."""
	return bool(_others("domain_key", key, other_than))


def refuse_second(doc: Any) -> None:
	"""Raise ResellerRefused that names who has a key of the document; do nothing where nobody has.

	Asked after the database has refused it.
	"""
	for column in KEYS:
		if found := _others(column, doc.get(column), doc.name):
			refuse(words.taken(escape_html(f"{other.title} ({other.name})") for other in found))


def _others(column: str, key: str | None, other_than: str) -> list[frappe._dict]:
	return frappe.db.sql(
		f"select name, title from `tabReseller Customer` where {column} = %s and name != %s lock in share mode",
		(key, other_than),
		as_dict=True,
	)


def follow_family(family: str) -> None:
	"""Let the keys of a family's customers follow its new name. Raises ResellerRefused where two families become
	one and both have a customer."""
	try:
		frappe.db.sql(
			"""update `tabReseller Customer` set
				domain_key = concat(substring_index(domain_key, %(separator)s, 1), %(separator)s, %(family)s),
				identity_key = if(identity_key is null, null,
					concat(cloud_identity_id, %(separator)s, %(family)s))
			where product_family = %(family)s""",
			{"separator": SEPARATOR, "family": family},
		)
	except Exception as error:
		if not frappe.db.is_unique_key_violation(error):
			raise
		refuse(
			_("A customer is in both product families. Transfer one of them out, then merge the families.")
		)
