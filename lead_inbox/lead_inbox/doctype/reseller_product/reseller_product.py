from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document


class ResellerProduct(Document):
	"""What a customer buys, or must not be on to be sold to (RS-1, RS-3)."""

	def validate(self) -> None:
		if not self.for_sale:
			return
		if not self.item:
			frappe.throw(_("Choose the Item by which the product is sold, or say that it is not for sale."))
		if not (self.for_domains or self.for_teams):
			frappe.throw(_("Say for which type of customers the product is: Domain, Team, or both."))
