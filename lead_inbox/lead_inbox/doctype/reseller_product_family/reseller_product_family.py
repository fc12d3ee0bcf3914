from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint

from lead_inbox.reseller import keys
from lead_inbox.reseller.follow_up.usual_tips import usual_tips

# Ten years: what is longer is a slip of the finger.
LIMITS = {"consent_good_for_days": 3650, "terms_reminder_days": 3650, "details_every_months": 120}


class ResellerProductFamily(Document):
	"""What the products of a vendor have in common: whom they are for and what is asked of customers (RS-2)."""

	@frappe.whitelist(methods=["POST"])
	def add_usual_tips(self) -> None:
		"""Add the tips that are not there yet, for the form of somebody who may write the family; it saves them."""
		self.check_permission("write")
		known = {tip.topic for tip in self.setup_tips}
		self.extend("setup_tips", [tip for tip in usual_tips() if tip["topic"] not in known])

	def validate(self) -> None:
		if not (self.for_domains or self.for_teams):
			frappe.throw(_("Say for which type of customers the products are: Domain, Team, or both."))
		for field, most in LIMITS.items():
			if not 0 <= cint(self.get(field)) <= most:
				label = _(self.meta.get_label(field))
				frappe.throw(_("{0}: enter a number from 0 to {1}.").format(label, most))

	def after_rename(self, old: str, new: str, merge: bool = False) -> None:
		keys.follow_family(new)
