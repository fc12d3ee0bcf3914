"""Who sees how to reach a customer (RE-3).

The permission is Frappe's own: a Lead's e-mail or number with a permission level that the user has no
right to, or from version 16 on a masked field. Frappe then hides it in forms, lists, reports and REST;
the inbox masks it.
"""

from __future__ import annotations

import frappe

from lead_inbox.inbox.contact.mask_rules import mask_address, mask_any, mask_number

NUMBER_FIELDS = ("phone", "mobile_no", "whatsapp_no")


def hides_addresses() -> bool:
	"""Whether the user of the session may not see customers' e-mail addresses."""
	return _hides("email_id")


def hides_numbers() -> bool:
	"""Whether the user of the session may not see customers' phone numbers."""
	return any(map(_hides, NUMBER_FIELDS))


def address(value: str | None) -> str | None:
	return mask_address(value) if value and hides_addresses() else value


def number(value: str | None) -> str | None:
	return mask_number(value) if value and hides_numbers() else value


def name(value: str | None) -> str | None:
	"""Return a title or a sender, which is a number or an address where no name was told."""
	return mask_any(value) if value and (hides_addresses() or hides_numbers()) else value


def _hides(fieldname: str) -> bool:
	meta = frappe.get_meta("Lead")
	field = meta.get_field(fieldname)
	if not field:
		return False
	if field.permlevel and field.permlevel not in meta.get_permlevel_access("read"):
		return True
	masked = meta.get_masked_fields() if hasattr(meta, "get_masked_fields") else []
	return any(other.fieldname == fieldname for other in masked)
