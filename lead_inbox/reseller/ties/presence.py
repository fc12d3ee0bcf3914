"""Whether a record, or a link between two, is there now."""

from __future__ import annotations

import frappe


def is_there(doctype: str, name: str | None) -> bool:
	"""Return whether a record is there, and hold it until the transaction ends.

	One that somebody has made since the transaction began is there too: who waited for a Reseller Customer's
	row finds on it what is not in their snapshot.
	"""
	return bool(name and frappe.db.get_value(doctype, name, "name", for_update=True))


def is_linked(doctype: str, name: str, customer: str) -> bool:
	"""Return whether a Contact or an Address is linked with a Customer; its links are held.

	By this index and no other: a scan, which is chosen for a small table, would lock everybody's links.
	"""
	link = frappe.qb.DocType("Dynamic Link")
	rows = (
		frappe.qb.from_(link)
		.force_index("parent")
		.select(link.link_name)
		.where((link.parent == name) & (link.parenttype == doctype) & (link.link_doctype == "Customer"))
		.for_update()
	).run(pluck=True)
	return customer in rows
