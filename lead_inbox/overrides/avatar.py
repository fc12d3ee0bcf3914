"""ERPNext asks gravatar.com for a picture while it saves a Lead or a Contact: an outside request in
the middle of a transaction, up to five seconds long. The intake and a conversion must not wait for it.

The only switches that Frappe offers are process-wide flags; this one is held for the length of the
document's own validate, between two hooks that follow each other, so that nothing else sees it.
"""

from __future__ import annotations

from typing import Any

import frappe


def forbid_lookup(doc: Any) -> None:
	"""Call before the document's validate. Does nothing unless the intake or a conversion is at work."""
	if frappe.flags.lead_inbox_arrival or doc.flags.lead_inbox_conversion:
		doc.flags.import_flag_before = (frappe.flags.in_import,)
		frappe.flags.in_import = True


def restore_lookup(doc: Any) -> None:
	"""Call after the document's validate. Does nothing when the look-up was not forbidden."""
	before = doc.flags.pop("import_flag_before", None)
	if before:
		frappe.flags.in_import = before[0]
