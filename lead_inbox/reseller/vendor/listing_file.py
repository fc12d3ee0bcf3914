"""The list of a vendor's accounts as a private CSV file, attached to the product family: RS-9."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable

import frappe
from frappe import _
from frappe.model.document import Document

from lead_inbox.conversion.bulk.bulk_rules import harmless
from lead_inbox.reseller.records import FAMILY
from lead_inbox.reseller.rules import CustomerType
from lead_inbox.reseller.vendor.listing_rules import Due, Line

BOM = "\ufeff"  # as Excel wants it
# Of the File's own name, by which the next list finds it: people attach files of any file name.
MARK = "vendor-accounts-"


def writer() -> Callable[[Iterable[Line]], tuple[bytes, Counter[Due]]]:
	"""Return a function that makes the file's text of lines as they come, and counts them.

	It reads nothing of the database, which translations do: those are looked up here.
	"""
	columns, sentences = _columns(), _sentences()
	types = {CustomerType.DOMAIN: _("Domain"), CustomerType.TEAM: _("Team"), None: ""}

	def cells(line: Line) -> list[str]:
		account = line.account
		known = (account.name, account.organization_name, account.domain, account.cloud_identity_id)
		shown = (*known, types[account.customer_type], ", ".join(line.customers), sentences[line.due])
		return [harmless(cell) for cell in shown]

	def write(lines: Iterable[Line]) -> tuple[bytes, Counter[Due]]:
		text, counts = io.StringIO(BOM), Counter[Due]()
		text.seek(0, io.SEEK_END)
		table = csv.writer(text)
		table.writerow(columns)
		for line in lines:
			table.writerow(cells(line))
			counts[line.due] += 1
		return text.getvalue().encode(), counts

	return write


def attach(family: str, content: bytes) -> None:
	"""Attach a list in the place of the one before. Commits the new one before the old one goes, whose file
	no rollback would bring back."""
	file = frappe.get_doc(
		doctype="File",
		file_name=f"{_('Accounts of the Vendor')}.csv",
		content=content,
		attached_to_doctype=FAMILY,
		attached_to_name=family,
		is_private=1,
	)
	# whoever may write the family has had it made
	file.insert(ignore_permissions=True, set_name=f"{MARK}{frappe.generate_hash(length=10)}")
	frappe.db.commit()
	for name in _earlier(family, file):
		frappe.delete_doc("File", name, ignore_permissions=True)
	frappe.db.commit()


def _earlier(family: str, file: Document) -> list[str]:
	return frappe.get_all(
		"File",
		filters={
			"attached_to_doctype": FAMILY,
			"attached_to_name": family,
			"name": ["like", f"{MARK}%"],
			"creation": ["<", file.creation],
		},
		pluck="name",
		order_by="creation asc",
	)


def _columns() -> list[str]:
	return [
		_("Account"),
		_("Organization"),
		_("Domain"),
		_("Cloud Identity ID"),
		_("Type"),
		_("Reseller Customer"),
		_("To Do"),
	]


def _sentences() -> dict[Due, str]:
	return {
		Due.NOTHING: _("Nothing."),
		Due.ADD: _("Add a Reseller Customer, or finish the one that has been begun: it gets this account."),
		Due.OF_ANOTHER_FAMILY: _(
			"It is a customer of another product family. Add one of this family if it buys of it."
		),
		Due.HAS_LEFT: _(
			"It was transferred out here, and the vendor still lists it. "
			"See in the vendor's console that it buys nothing from us."
		),
		Due.VANISHED: _(
			"The vendor does not list it any more. Look in the vendor's console; if the customer has left, "
			"use Transfer Out."
		),
	}
