"""Linking a lead's mails, calls and meetings with what it became.

One statement a table however much there is. The rows of a
batch have names that begin alike, by which undoing finds them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import frappe

from lead_inbox.conversion.ledger import Ledger

TOKEN_LENGTH = 16
PARTS = ("doctype", "name", "title")  # of a record that is linked with


@dataclass(frozen=True)
class Links:
	"""A child table whose rows say what its parent is about.

	type_column, name_column: DocType and name of that. copied: a column that repeats one of the parent's.
	titled: whether it repeats the title of what it names. is_edited: whether people edit parents in forms.
	"""

	table: str
	parenttype: str
	parentfield: str
	type_column: str
	name_column: str
	copied: str = ""
	titled: bool = True
	is_edited: bool = True


MAILS = Links(
	"Communication Link",
	"Communication",
	"timeline_links",
	"link_doctype",
	"link_name",
	copied="communication_date",
	is_edited=False,
)
CALLS = Links("Dynamic Link", "Call Log", "links", "link_doctype", "link_name")
MEETINGS = Links(
	"Event Participants",
	"Event",
	"event_participants",
	"reference_doctype",
	"reference_docname",
	titled=False,
)
ALL = (MAILS, CALLS, MEETINGS)
# All Communications that are about the lead, by their reference or by a link.
OF_MAILS = """select name as holder from `tabCommunication` where reference_doctype = 'Lead' and reference_name = %(lead)s
	union select parent from `tabCommunication Link` where link_doctype = 'Lead' and link_name = %(lead)s"""


def link(
	lead: str,
	records: Iterable[tuple[str, str]],
	business: Iterable[tuple[str, str]],
	ledger: Ledger,
	on: datetime,
) -> None:
	"""Link mails and calls with all of the records, meetings with the business ones.

	records, business: DocType and name. What is linked already is left out.
	"""
	titled = [(doctype, name, _title(doctype, name)) for doctype, name in records]
	_add_rows(MAILS, OF_MAILS, lead, titled, ledger, on)
	_add_rows(CALLS, _parents_of(CALLS), lead, titled, ledger, on)
	untitled = [(doctype, name, "") for doctype, name in business]
	_add_rows(MEETINGS, _parents_of(MEETINGS), lead, untitled, ledger, on)


def token() -> str:
	"""Return how the names of a batch of rows begin."""
	return frappe.generate_hash(length=TOKEN_LENGTH)


def _parents_of(links: Links) -> str:
	return f"""select distinct parent as holder from `tab{links.table}` where parenttype = '{links.parenttype}'
		and {links.type_column} = 'Lead' and {links.name_column} = %(lead)s"""


def _add_rows(
	links: Links,
	parents: str,
	lead: str,
	records: Iterable[tuple[str, str, str]],
	ledger: Ledger,
	on: datetime,
) -> None:
	"""parents: SQL for the names of what is linked with the lead. records: DocType, name and title of each."""
	batch, targets, values = token(), [], {}
	for place, record in enumerate(records):
		targets.append(f"select {place} as place, %(doctype_{place})s, %(name_{place})s, %(title_{place})s")
		values |= {f"{part}_{place}": value for part, value in zip(PARTS, record, strict=True)}
	values |= {"lead": lead, "batch": batch, "on": on, "user": frappe.session.user}
	# the database reads what is stored now, which may be more than this transaction has seen so far
	frappe.db.sql(_insertion(links, parents, " union all ".join(targets)), values)
	if rows := frappe.db._cursor.rowcount:
		ledger.linked(links.table, batch, rows=rows)
		if links.is_edited:
			touch(links.table, links.parenttype, batch, on)


def _insertion(links: Links, parents: str, targets: str) -> str:
	"""Return the statement that adds a row for each target to each parent that has none yet."""
	columns, values = [], []
	if links.titled:
		columns, values = ["link_title"], ["target.title"]
	if links.copied:
		columns, values = [*columns, links.copied], [*values, f"parent.{links.copied}"]
	further = "".join(f", {column}" for column in columns)
	of_further = "".join(f", {value}" for value in values)
	return f"""
		insert into `tab{links.table}` (name, creation, modified, owner, modified_by, docstatus, idx, parent,
			parenttype, parentfield, {links.type_column}, {links.name_column}{further})
		with target (place, doctype, name, title) as ({targets})
		select concat(%(batch)s, '-', target.place, '-', parent.name), %(on)s, %(on)s, %(user)s, %(user)s, 0,
			target.place + (select coalesce(max(idx), 0) + 1 from `tab{links.table}` taken
				where taken.parent = parent.name and taken.parenttype = '{links.parenttype}'),
			parent.name, '{links.parenttype}', '{links.parentfield}', target.doctype, target.name{of_further}
		from ({parents}) found join `tab{links.parenttype}` parent on parent.name = found.holder
			cross join target
		where not exists (
			select 1 from `tab{links.table}` present
			where present.parent = parent.name and present.parenttype = '{links.parenttype}'
				and present.{links.type_column} = target.doctype and present.{links.name_column} = target.name
		)
	"""


def touch(table: str, parenttype: str, batch: str, on: datetime) -> None:
	"""Let open forms of a batch's parents notice: one that is saved would delete the rows it does not know."""
	row, parent = frappe.qb.DocType(table), frappe.qb.DocType(parenttype)
	parents = frappe.qb.from_(row).select(row.parent).where(row.name.like(f"{batch}%")).run(pluck=True)
	frappe.qb.update(parent).set(parent.modified, on).where(parent.name.isin(parents)).run()
	for name in parents:
		frappe.clear_document_cache(parenttype, name)


def _title(doctype: str, name: str) -> str:
	field = frappe.get_meta(doctype).get_title_field()
	return frappe.db.get_value(doctype, name, field) or name
