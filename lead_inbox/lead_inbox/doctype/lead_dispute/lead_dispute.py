from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt, fmt_money, now_datetime

from lead_inbox.inbox.charges import charge_rules, charges


class LeadDispute(Document):
	"""Feedback on a charged lead, or a dispute of its charge, and what its source answered."""

	def validate(self) -> None:
		charge = charges.hold(self.lead)
		self.set_source(charge)
		self.validate_charge(charge)
		self.validate_satisfaction()
		self.validate_reason()
		self.validate_only_one_open()
		self.validate_result()
		self.set_credit(charge)

	def on_update(self) -> None:
		state = charge_rules.credit_state_after(self.kind, self.result)
		before = self.get_doc_before_save()
		if state and (not before or (before.kind, before.result) != (self.kind, self.result)):
			charges.set_credit_state(self.lead, state)

	def on_trash(self) -> None:
		charges.forget_dispute(self)

	def set_source(self, charge: frappe._dict) -> None:
		"""Of when it is filed: a lead may come to another channel later."""
		if self.is_new():
			self.channel = charge.inbox_channel
			self.lead_email = charge.email_id
		self.currency = charge.inbox_price_currency

	def validate_charge(self, charge: frappe._dict) -> None:
		if self.kind == charge_rules.DISPUTE and not charge_rules.can_be_disputed(
			bool(charge.inbox_charged), charge.inbox_price
		):
			frappe.throw(
				_("This lead was not charged, so there is nothing to dispute. Give feedback instead.")
			)

	def validate_satisfaction(self) -> None:
		if self.kind == charge_rules.DISPUTE:
			self.satisfaction = ""
		elif not self.satisfaction:
			frappe.throw(_("Say how satisfied you are with this lead."))

	def validate_reason(self) -> None:
		fitting = charge_rules.reasons_for(self.kind, self.satisfaction)
		if self.reason not in fitting:
			frappe.throw(
				_("{0} is no reason for this. Choose one of {1}.").format(
					_(self.reason or ""), ", ".join(map(_, fitting))
				)
			)
		if self.reason == charge_rules.OTHER and not (self.comment or "").strip():
			frappe.throw(_("Describe the other reason in a comment."))

	def validate_only_one_open(self) -> None:
		"""The lead's row is locked, so of two at once the second one sees the first."""
		if self.kind != charge_rules.DISPUTE or self.result not in charge_rules.OPEN_RESULTS:
			return
		if charges.open_dispute(self.lead, other_than=self.name):
			frappe.throw(_("A dispute of this lead is open already. Wait for its result, or change it."))

	def validate_result(self) -> None:
		before = self.get_doc_before_save()
		if not charge_rules.may_follow(before.result if before else None, self.result):
			frappe.throw(
				_("A result can't change from {0} to {1}. File a new one instead.").format(
					_(before.result), _(self.result)
				)
			)

	def set_credit(self, charge: frappe._dict) -> None:
		price = flt(charge.inbox_price)
		if self.result == charge_rules.CREDITED and not price:
			frappe.throw(_("Enter the price of the lead first: a credit is a part of it."))
		self.credited_amount = charge_rules.credited_amount(self.result, flt(self.credited_amount), price)
		if self.result == charge_rules.CREDITED and not 0 < self.credited_amount <= price:
			frappe.throw(
				_("A credit is more than nothing and at most the price of the lead, {0}.").format(
					fmt_money(price, currency=self.currency)
				)
			)
		if self.result in charge_rules.OPEN_RESULTS:
			self.decided_on = None
		elif not self.decided_on:
			self.decided_on = now_datetime()


def on_doctype_update() -> None:
	frappe.db.add_index("Lead Dispute", ["lead"], index_name="lead_dispute_lead")
