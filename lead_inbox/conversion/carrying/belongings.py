"""A lead's files and tags, on what it became. A file has one content, however many records it hangs on."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

import frappe

from lead_inbox.conversion.carrying import history
from lead_inbox.conversion.ledger import Ledger

OWN_COLUMNS = ("name", "creation", "modified", "modified_by", "attached_to_doctype", "attached_to_name")


def attach(lead: str, customer: str, ledger: Ledger, on: datetime) -> None:
	"""Attach the lead's files to the Customer too, those that are not yet."""
	shared = [column for column in frappe.db.get_table_columns("File") if column not in OWN_COLUMNS]
	columns = ", ".join(f"`{column}`" for column in shared)
	batch = history.token()
	frappe.db.sql(
		f"""
		insert into `tabFile`
			(name, creation, modified, modified_by, attached_to_doctype, attached_to_name, {columns})
		select concat(%(batch)s, '-', name), %(on)s, %(on)s, %(user)s, 'Customer', %(customer)s, {columns}
		from `tabFile` file
		where attached_to_doctype = 'Lead' and attached_to_name = %(lead)s
			and coalesce(attached_to_field, '') = ''
			and not exists (
				select 1 from `tabFile` present where present.attached_to_doctype = 'Customer'
					and present.attached_to_name = %(customer)s and present.file_url = file.file_url
			)
		""",
		{"batch": batch, "on": on, "user": frappe.session.user, "customer": customer, "lead": lead},
	)
	if rows := frappe.db._cursor.rowcount:
		ledger.linked("File", batch, rows=rows)


def detach(batch: str) -> None:
	"""Take back a batch of files. A content that hangs on nothing else by now goes with it."""
	files, other = frappe.qb.DocType("File"), frappe.qb.DocType("File").as_("other")
	last = (
		frappe.qb.from_(files)
		.left_join(other)
		.on((other.file_url == files.file_url) & ~other.name.like(f"{batch}%"))
		.select(files.name)
		.where(files.name.like(f"{batch}%") & other.name.isnull())
	).run(pluck=True)
	for name in last:
		frappe.delete_doc("File", name, ignore_permissions=True)  # whoever may undo may this
	frappe.db.delete("File", {"name": ["like", f"{batch}%"]})


def tag(lead: str, records: Iterable[tuple[str, str]], ledger: Ledger, on: datetime) -> None:
	"""Give records the lead's tags, those that each lacks. records: DocType and name."""
	tags = set(_tags("Lead", lead))
	if not tags:
		return
	for doctype, name in records:
		if lacking := tags - set(_tags(doctype, name)):
			_add_tags(lead, doctype, name, lacking, ledger, on)


def _add_tags(
	lead: str, doctype: str, name: str, tags: Collection[str], ledger: Ledger, on: datetime
) -> None:
	batch = history.token()
	columns = ("name", "creation", "modified", "owner", "modified_by")
	columns += ("document_type", "document_name", "title", "tag")
	user, title = frappe.session.user, frappe.db.get_value("Lead", lead, "title")
	rows = [
		(f"{batch}-{place}", on, on, user, user, doctype, name, title, added)
		for place, added in enumerate(sorted(tags))
	]
	frappe.db.bulk_insert("Tag Link", columns, rows)
	_sum_up(doctype, name, added=sorted(tags))
	ledger.linked("Tag Link", batch, rows=len(rows))


def untag(batch: str) -> None:
	"""Take back a batch of tags, those that are still there."""
	rows = frappe.get_all(
		"Tag Link",
		filters={"name": ["like", f"{batch}%"]},
		fields=["name", "document_type", "document_name", "tag"],
		order_by="name asc",
	)
	if rows:
		frappe.db.delete("Tag Link", {"name": ["in", [row.name for row in rows]]})
		_sum_up(rows[0].document_type, rows[0].document_name, removed=[row.tag for row in rows])


def _tags(doctype: str, name: str) -> list[str]:
	filters = {"document_type": doctype, "document_name": name}
	return frappe.get_all("Tag Link", filters=filters, pluck="tag", order_by="creation asc")


def _sum_up(doctype: str, name: str, added: Collection[str] = (), removed: Collection[str] = ()) -> None:
	"""Keep the column in which Frappe repeats a record's tags, in Frappe's own form."""
	present = (frappe.db.get_value(doctype, name, "_user_tags") or "").split(",")
	tags = [tag for tag in present if tag and tag not in removed]
	tags += [tag for tag in added if tag not in tags]
	value = "," + ",".join(tags) if tags else None
	frappe.db.set_value(doctype, name, "_user_tags", value, update_modified=False)
