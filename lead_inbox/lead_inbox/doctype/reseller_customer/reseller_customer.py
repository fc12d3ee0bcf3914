from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import escape_html

from lead_inbox.inbox.numbering import next_number
from lead_inbox.reseller import completing, guarding, keys
from lead_inbox.reseller.records import REQUEST
from lead_inbox.reseller.refusals import refuse
from lead_inbox.reseller.rules import Status, is_there
from lead_inbox.reseller.turns import take_turn


class ResellerCustomer(Document):
	"""A customer to whom we sell a vendor's products. reseller/customers.py is the one writer (RS-1 to RS-8)."""

	def autoname(self) -> None:
		self.name = next_number("RES")

	def load_doc_before_save(self, **options: Any) -> None:
		"""Frappe locks here what it saves afterwards."""
		take_turn()
		super().load_doc_before_save(**options)

	def validate(self) -> None:
		if not self.flags.written_by_reseller:
			guarding.check(self)
		completing.complete(self)

	def on_trash(self) -> None:
		"""While there is an account, somebody has to go on looking after it."""
		if is_there(Status(self.status)):
			refuse(
				_("{0} has an account at the vendor. Transfer it out first.").format(escape_html(self.title))
			)
		if completing.is_asked_of_vendor(self):
			refuse(_("The vendor is being asked for the account. Wait for its answer."))
		frappe.db.delete(REQUEST, {"reseller_customer": self.name})

	def show_unique_validation_message(self, error: Exception) -> None:
		"""Frappe's words name a hidden field; people want to know which customer it is."""
		keys.refuse_second(self)
		super().show_unique_validation_message(error)
