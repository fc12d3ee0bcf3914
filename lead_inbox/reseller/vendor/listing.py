"""Comparing all accounts that a vendor says it sells to through us with a family's Reseller Customers: RS-9.

A job, for whoever asked. It changes no customer: what is found is for a person to judge.
"""

from __future__ import annotations

from collections import Counter

import frappe
from frappe import _
from frappe.utils import escape_html, get_url_to_form, now_datetime
from frappe.utils.background_jobs import is_job_enqueued

from lead_inbox.inbox import messages, notify
from lead_inbox.inbox.notify import Notice
from lead_inbox.reseller.records import FAMILY, RESELLER_CUSTOMER
from lead_inbox.reseller.refusals import refuse
from lead_inbox.reseller.rules import CustomerType, Status
from lead_inbox.reseller.vendor import listing_file, listing_rules, vendors, words
from lead_inbox.reseller.vendor.interface import Account, Vendor, VendorError
from lead_inbox.reseller.vendor.listing_rules import Due, Record
from lead_inbox.reseller.vendor.vendor_rules import Trouble

JOB = "lead_inbox.reseller.vendor.listing.list_accounts"
FIELDS = (
	*("name", "product_family", "status", "vendor_account", "vendor_checked_on"),
	*("organization_name", "domain", "cloud_identity_id", "customer_type"),
)


def ask(family: str) -> bool:
	"""Have a family's list made for the user of the session. The caller has checked the right to write the family.

	Returns False while one is being made: its user is told, nobody else. Raises ResellerRefused for a family
	by hand.
	"""
	if not vendors.is_connected(family):
		refuse(_("Accounts of this product family are made by hand: there is no vendor to ask for a list."))
	job_id = job_id_of(family)
	if is_job_enqueued(job_id):
		return False
	user = frappe.session.user
	frappe.enqueue(JOB, queue="long", job_id=job_id, deduplicate=True, family=family, user=user)
	return True


def job_id_of(family: str) -> str:
	return f"lead_inbox_vendor_accounts|{family}"


def list_accounts(family: str, user: str) -> None:
	"""Make the list and tell the user what is in it, or why there is none. Commits."""
	frappe.set_user_lang(user)
	try:
		vendor = vendors.vendor_of(family)
		if vendor:  # else it has become one by hand meanwhile
			_tell_found(family, user, _list(family, vendor))
	except VendorError as error:
		frappe.db.rollback()
		_tell_failure(family, user, _said(error))
	except Exception:
		frappe.db.rollback()
		_log(family)
		_tell_failure(family, user, _("The list could not be made. The Error Log says why."))
	frappe.db.commit()


def _said(error: VendorError) -> str:
	"""Nothing tries again by itself here."""
	again = _("Ask for the list again later.") if error.trouble is Trouble.TRANSIENT else ""
	return f"{words.said(error)} {again}".strip()


def _list(family: str, vendor: Vendor) -> Counter[Due]:
	records, asked_on, write = _records(family), now_datetime(), listing_file.writer()
	frappe.db.commit()  # nothing is open while we wait for somebody else's server
	content, counts = write(listing_rules.lines(vendor.accounts(), records, asked_on))
	listing_file.attach(family, content)
	return counts


def _records(family: str) -> list[Record]:
	"""Return who has an account at the family's vendor, of its other families too."""
	connection = frappe.get_cached_value(FAMILY, family, "connection")
	families = frappe.get_all(FAMILY, filters={"connection": connection}, pluck="name", order_by="name asc")
	rows = frappe.get_all(
		RESELLER_CUSTOMER,
		filters={"product_family": ["in", families], "vendor_account": ["is", "set"]},
		fields=list(FIELDS),
		order_by="name asc",
	)
	return [_record(row, family) for row in rows]


def _record(row: frappe._dict, family: str) -> Record:
	return Record(
		name=row.name,
		account=Account(
			name=row.vendor_account,
			organization_name=row.organization_name or "",
			domain=row.domain or "",
			cloud_identity_id=row.cloud_identity_id or "",
			customer_type=CustomerType(row.customer_type) if row.customer_type else None,
		),
		is_of_family=row.product_family == family,
		has_left=row.status == Status.TRANSFERRED_OUT.value,
		told_on=row.vendor_checked_on,
	)


def _tell_found(family: str, user: str, counts: Counter[Due]) -> None:
	found = [
		_("Accounts that the vendor lists: {0}").format(counts.total() - counts[Due.VANISHED]),
		_("Without a Reseller Customer here: {0}").format(counts[Due.ADD]),
		_("Here, but not listed by the vendor any more: {0}").format(counts[Due.VANISHED]),
		_("The list is attached to the product family."),
	]
	_tell(family, user, _("The vendor's accounts of {0} are listed"), "\n".join(found))


def _tell_failure(family: str, user: str, error: str) -> None:
	_tell(family, user, _("The vendor's accounts of {0} could not be listed"), error)


def _tell(family: str, user: str, subject: str, text: str) -> None:
	"""subject: with a place for the family. text: plain."""
	notice = Notice(
		kind="reseller",
		doctype=FAMILY,
		name=family,
		link=get_url_to_form(FAMILY, family),
		subject=subject.format(frappe.bold(escape_html(family))),
		content=messages.as_stored(text),
	)
	notify.tell([user], notice)


def _log(family: str) -> None:
	frappe.log_error(
		_("A vendor's accounts could not be listed"),
		# as text: Frappe's own would show variables, and a key may be among them
		message=frappe.get_traceback(),
		reference_doctype=FAMILY,
		reference_name=family,
	)
