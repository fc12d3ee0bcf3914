"""Lists and objects that whitelisted methods take: JSON of a request, or as Python hands them over."""

from __future__ import annotations

import json
from typing import Any

import frappe
from frappe import _


def names(value: str | list, most: int, *, none: str, too_many: str) -> list[str]:
	"""Return names, each once. none, too_many: what the user is told; the latter gets `most`.

	Raises frappe.ValidationError for anything but a list of one to `most` texts.
	"""
	found = _parsed(value)
	if not isinstance(found, list) or not found or not all(isinstance(name, str) for name in found):
		frappe.throw(none)
	if len(found) > most:
		frappe.throw(too_many.format(most))
	return list(dict.fromkeys(found))


def texts(value: str | list | None, most: int, refusal: str) -> list[str]:
	"""Return texts, of which there may be none. Raises frappe.ValidationError, with refusal, for anything else."""
	found = _parsed(value) if value else []
	if not isinstance(found, list) or len(found) > most or not all(isinstance(text, str) for text in found):
		frappe.throw(refusal)
	return found


def mapping(value: str | dict | None) -> dict[str, Any]:
	"""Return an object, {} for nothing. Raises frappe.ValidationError for anything else."""
	found = _parsed(value) if value else {}
	if not isinstance(found, dict):
		frappe.throw(_("Send an object of fields and values."))
	return found


def _parsed(value: Any) -> Any:
	"""Return None for a text that is no JSON: nobody means that by a list or an object."""
	if not isinstance(value, str):
		return value
	try:
		return json.loads(value)
	except ValueError:
		return None
