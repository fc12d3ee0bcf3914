"""Writing down what a conversion does, so that it can be taken back (CO-8).

The ledger holds names and fingerprints, never values: no personal data is kept a second time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

import frappe

from lead_inbox.conversion.records import Action

# What changes about a document although nobody has touched what it says.
NOT_CONTENT = frozenset(
	(
		*("modified", "modified_by", "creation", "owner", "idx", "docstatus"),
		*("_user_tags", "_comments", "_assign", "_liked_by", "_seen"),
	)
)


def fingerprint(value: Any) -> str:
	"""Return what tells whether a value is still the same, and not what it is."""
	return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:24]


def content_of(doc: Any) -> dict[str, Any]:
	"""Return what people could have changed of a stored document, its child rows included."""
	values = doc.as_dict(no_nulls=False, no_default_fields=False)
	return _content(values)


def _content(values: Mapping[str, Any]) -> dict[str, Any]:
	return {
		key: [_content(row) for row in value] if isinstance(value, list) else value
		for key, value in values.items()
		if key not in NOT_CONTENT and not key.startswith("__")
	}


class Ledger:
	"""Collects the entries of one conversion, in the order in which things happened."""

	def __init__(self) -> None:
		self.entries: list[dict[str, Any]] = []

	def created(self, doctype: str, name: str) -> None:
		self._add(Action.CREATED, doctype, name)

	def linked(self, doctype: str, name: str, **detail: Any) -> None:
		"""doctype, name: the row that was added, a Dynamic Link or a File for instance.

		With a detail `rows`, their number, it is a batch of rows whose names begin with that name.
		"""
		self._add(Action.LINKED, doctype, name, detail=detail)

	def filled(self, doctype: str, name: str, fields: Iterable[str]) -> None:
		"""fields: those that were empty and have been written."""
		for field in fields:
			self._add(Action.FILLED, doctype, name, field=field)

	def moved(self, doctype: str, names: Iterable[str], **detail: Any) -> None:
		"""Rows that named the lead and name something else now.

		detail: field, a Dynamic Link; before and after, DocType and name of what it named and names.
		"""
		if names := list(names):
			self._add(Action.MOVED, doctype, names[0], detail={**detail, "names": names})

	def seal(self) -> list[dict[str, Any]]:
		"""Return the entries to store. Called last: created documents and filled fields are remembered as
		they are stored then."""
		for entry in self.entries:
			doctype, name, field = entry["document_type"], entry["document_name"], entry["field"]
			if entry["action"] == Action.CREATED.value:
				entry["detail"] = json.dumps(
					{"content": fingerprint(content_of(frappe.get_doc(doctype, name)))}
				)
			elif entry["action"] == Action.FILLED.value:
				stored = frappe.db.get_value(doctype, name, field)
				entry["detail"] = json.dumps({"value": fingerprint(stored)})
		return self.entries

	def _add(
		self,
		action: Action,
		doctype: str,
		name: str,
		field: str = "",
		detail: Mapping[str, Any] | None = None,
	) -> None:
		self.entries.append(
			{
				"action": action.value,
				"document_type": doctype,
				"document_name": name,
				"field": field,
				"detail": json.dumps(detail or {}, default=str),
			}
		)
