from __future__ import annotations

from frappe.model.document import Document


class LeadConversionEntry(Document):
	"""One thing that a conversion did. Holds names and fingerprints, never what a person entered."""
