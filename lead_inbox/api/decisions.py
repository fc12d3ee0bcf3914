"""Decisions of users on leads: to decline and restore them, and what their customers do not want."""

from collections.abc import Callable
from typing import Any

import frappe
from frappe import _

from lead_inbox.api.bulk import each
from lead_inbox.inbox.contact import refusals
from lead_inbox.inbox.contact.contact_rules import MEDIA
from lead_inbox.inbox.replies import declining


@frappe.whitelist(methods=["POST"])
def decline(names: str | list, reason: str, message: str | None = None) -> dict[str, Any]:
	"""Decline leads and tell their customers; see inbox/replies/declining.py.

	The answer's `untold` has name and message of each declined lead whose customer could not be told.
	"""
	frappe.has_permission("Lead", ptype="write", throw=True)
	return _each_telling(names, lambda name: declining.decline(name, reason, message))


@frappe.whitelist(methods=["POST"])
def restore(names: str | list, message: str | None = None) -> dict[str, Any]:
	"""Give declined leads the state they had; the customers are told only with a message. See `decline`."""
	frappe.has_permission("Lead", ptype="write", throw=True)
	return _each_telling(names, lambda name: declining.restore(name, message))


@frappe.whitelist(methods=["POST"])
def refuse_contact(name: str, medium: str, refused: int) -> None:
	"""Note that the customer does not want to be called, mailed or texted (1), or does so again (0)."""
	frappe.has_permission("Lead", ptype="write", doc=name, throw=True)
	if medium not in MEDIA:
		frappe.throw(_("Choose one of {0}.").format(", ".join(MEDIA)))
	refusals.refuse(name, medium, bool(refused))


def _each_telling(names: str | list, action: Callable[[str], str | None]) -> dict[str, Any]:
	"""action: returns why a customer was not told, None when they were."""
	untold = []

	def act(name: str) -> None:
		if why := action(name):
			untold.append({"name": name, "message": why})

	return {**each(names, act), "untold": untold}
