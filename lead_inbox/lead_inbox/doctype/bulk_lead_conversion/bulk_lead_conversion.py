from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

ROW = "Bulk Lead Conversion Row"
DEFAULTS = {"status": "Preparing"}


class BulkLeadConversion(Document):
	"""Many leads converted in the background, a row each (CO-7).

	The right to create one is the right to convert in bulk. Its fields are written by conversion/bulk/ past
	this class.
	"""

	def validate(self) -> None:
		self._keep_what_is_true()

	def on_trash(self) -> None:
		if self.status == "Running":
			frappe.throw(_("It is running. Stop it before you delete it."))
		frappe.db.delete(ROW, {"bulk_conversion": self.name})

	def _keep_what_is_true(self) -> None:
		"""Who may save one may not say by REST how far it is, nor as whom it runs."""
		fields = [field.fieldname for field in self.meta.fields if field.read_only]
		stored = {} if self.is_new() else frappe.db.get_value(self.doctype, self.name, fields, as_dict=True)
		self.update({field: stored.get(field, DEFAULTS.get(field)) for field in fields})
