"""What can't be done to a reseller's customer, in words for whoever wanted it."""

from __future__ import annotations

from typing import NoReturn

import frappe
from frappe import _


class ResellerRefused(frappe.ValidationError):
	"""What was asked for is not possible; the words say what to do."""


def refuse(words: str) -> NoReturn:
	"""Raise ResellerRefused with words, which the desk shows. They are plain text or escaped already."""
	frappe.throw(words, ResellerRefused, title=_("Not Possible Now"))
