"""Telling whoever looks after a customer what it is to be asked for, once each time it is due (RS-3, RS-7).

A reminder and the note that it was given are one transaction under the customer's lock, so of two workers one
gives it. A notification and a mail, which users turn off as they do other alerts: what a customer waits for
stands in its list anyway, so nothing is lost with them.
"""

from __future__ import annotations

from collections.abc import Callable

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import escape_html, get_url_to_form

from lead_inbox.inbox import notify
from lead_inbox.inbox.notify import Notice
from lead_inbox.inbox.working_off import work_off
from lead_inbox.reseller.follow_up import responsible
from lead_inbox.reseller.records import RESELLER_CUSTOMER


def work_off_apart(due: Callable[[], list[str]], follow_up: Callable[[str], None], seconds: float) -> bool:
	"""Follow up each customer that is due in a transaction of its own; return False when the time ran out.

	One customer's trouble is for the Error Log, and is tried again at the next run. Commits.
	"""

	def apart(name: str) -> None:
		frappe.db.commit()  # what others have committed since this transaction's snapshot must be seen
		try:
			follow_up(name)
			frappe.db.commit()
		except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
			frappe.db.rollback()
		except Exception:
			frappe.db.rollback()
			frappe.log_error(
				_("A reseller customer could not be followed up"),
				reference_doctype=RESELLER_CUSTOMER,
				reference_name=name,
			)
			frappe.db.commit()

	return work_off(due, apart, seconds)


def tell(customer: Document, subject: str) -> None:
	"""Remind whoever looks after a customer. subject: HTML."""
	link = get_url_to_form(RESELLER_CUSTOMER, customer.name)
	notify.tell(
		responsible.users(customer), Notice("reseller", RESELLER_CUSTOMER, customer.name, link, subject)
	)


def title(customer: Document) -> str:
	"""Return what a customer is called in a sentence, as HTML."""
	return frappe.bold(escape_html(customer.organization_name or customer.name))
