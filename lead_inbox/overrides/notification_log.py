"""ERPNext's notification of an assignment, for leads."""

from __future__ import annotations

from typing import Any

from lead_inbox.inbox import alerts


def before_insert(doc: Any, _method: str | None = None) -> None:
	if doc.type == "Assignment" and doc.document_type == "Lead" and not doc.link:
		alerts.describe_assignment(doc)
