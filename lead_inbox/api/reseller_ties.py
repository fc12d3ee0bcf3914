"""What ties a Reseller Customer to ERPNext's Customer, Contact and Address (RS-8)."""

from dataclasses import asdict
from typing import Any

import frappe

from lead_inbox.api import arguments
from lead_inbox.reseller.records import RESELLER_CUSTOMER
from lead_inbox.reseller.ties import business, tie_rules
from lead_inbox.reseller.ties.tie_rules import TieChoice


@frappe.whitelist(methods=["GET"])
def get_matches(name: str, customer: str | None = None) -> dict[str, Any]:
	"""Return what a Reseller Customer may be already, as `business.matches` tells it."""
	frappe.has_permission(RESELLER_CUSTOMER, ptype="read", doc=name, throw=True)
	return business.matches(name, customer or None)


@frappe.whitelist(methods=["POST"])
def tie(name: str, choice: str | dict | None = None) -> dict[str, str]:
	"""Make or link Customer, Contact and Address, and return their names.

	choice: {customer: {mode: new, or existing with name}, contact and address: {mode: own, none, or existing with
	name}}; what it leaves out is new and own. The rights to create what is made are asked for where they are needed.
	"""
	frappe.has_permission(RESELLER_CUSTOMER, ptype="write", doc=name, throw=True)
	return asdict(business.tie(name, _choice(choice)))


def _choice(choice: str | dict | None) -> TieChoice:
	try:
		return tie_rules.parse_choice(arguments.mapping(choice))
	except ValueError as error:
		frappe.throw(str(error))
