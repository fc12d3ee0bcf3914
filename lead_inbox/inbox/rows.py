"""Rows of a document that are written with it alone."""

from __future__ import annotations

from typing import NoReturn

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cstr, escape_html


class RowOfDocument(Document):
	"""A row that can't be written or deleted by itself, past the rules of the document that it is part of.

	Whoever may write the document may do so by REST: Frappe then asks the row and not the document, or the
	document too late, when it can't tell what has changed. Of a document that is saved, imported or deleted
	Frappe asks nothing of the rows.
	"""

	def validate(self) -> None:
		self._refuse()

	def on_trash(self) -> None:
		self._refuse()

	def _refuse(self) -> NoReturn:
		frappe.throw(
			_("This is a part of {0} {1}. Change it there.").format(
				_(cstr(self.parenttype)), frappe.bold(escape_html(cstr(self.parent)))
			),
			title=_("Not by Itself"),
		)
