"""Which vendor answers for a product family: RS-9. By hand is the usual way, and needs none of this."""

from __future__ import annotations

import frappe

from lead_inbox.reseller.records import FAMILY
from lead_inbox.reseller.vendor import google_settings
from lead_inbox.reseller.vendor.interface import Vendor, VendorError, Why

GOOGLE = "Google Cloud Channel"


def is_connected(family: str | None) -> bool:
	"""Return whether a family's accounts are asked for over a connection, not made by hand."""
	return bool(family) and frappe.get_cached_value(FAMILY, family, "connection") == GOOGLE


def vendor_of(family: str | None) -> Vendor | None:
	"""Return who is asked for a family's accounts, None where they are made by hand. Calls nobody.

	Raises VendorError when the connection can't be used.
	"""
	return _google() if is_connected(family) else None


def _google() -> Vendor:
	"""Google's library is imported here and no earlier: a site that works by hand does not have it."""
	try:
		from lead_inbox.reseller.vendor import google_channel
	except ImportError:
		raise VendorError(Why.NO_LIBRARY) from None
	settings = google_settings.stored()
	if not settings:
		raise VendorError(Why.NOT_SET_UP)
	return google_channel.connect(settings.account, settings.key, settings.administrator)
