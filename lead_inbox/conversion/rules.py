"""What a user may choose when a lead is converted, as pure values.

Nothing here reads a database: whether a chosen record exists, and who may use it, its reader checks.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Mode(str, Enum):
	"""Where a record comes from. OWN: the Contact that the lead has already."""

	NEW = "new"
	EXISTING = "existing"
	OWN = "own"
	NONE = "none"


class Origin(str, Enum):
	"""Who converted: a user in the dialog, a bulk run, or ERPNext's own Make."""

	CONVERT = "Convert"
	BULK = "Bulk"
	ERPNEXT = "ERPNext"


@dataclass(frozen=True)
class Pick:
	"""One record of a conversion. name: only for an existing one."""

	mode: Mode
	name: str = ""


@dataclass(frozen=True)
class Choice:
	"""What one conversion is to make or use.

	owner: a User who is to have Customer and Opportunity; empty: whoever has the lead.
	qualification: ERPNext's Qualification Status that the lead is left with; empty: as it is.
	"""

	customer: Pick = field(default_factory=lambda: Pick(Mode.NEW))
	contact: Pick = field(default_factory=lambda: Pick(Mode.OWN))
	opportunity: Pick = field(default_factory=lambda: Pick(Mode.NEW))
	quotation: bool = False
	owner: str = ""
	qualification: str = ""


ALLOWED = {
	"customer": (Mode.NEW, Mode.EXISTING),
	"contact": (Mode.OWN, Mode.EXISTING),
	"opportunity": (Mode.NEW, Mode.EXISTING, Mode.NONE),
}
KNOWN = (*ALLOWED, "quotation", "owner", "qualification")


def parse_choice(values: Mapping[str, Any] | None) -> Choice:
	"""Return the choice that a request describes; what it leaves out is the default.

	A record is {"mode": "new"} or {"mode": "existing", "name": "CUST-1"}. Raises ValueError, in English and
	for developers, for anything else: the page never sends it.
	"""
	values = dict(values or {})
	if unknown := set(values) - set(KNOWN):
		raise ValueError(f"Unknown in a choice: {', '.join(sorted(unknown))}")
	picks = {
		part: parse_pick(part, values[part], modes) for part, modes in ALLOWED.items() if values.get(part)
	}
	return Choice(
		**picks,
		quotation=_is_true(values.get("quotation")),
		owner=str(values.get("owner") or ""),
		qualification=str(values.get("qualification") or ""),
	)


def parse_pick(part: str, value: Any, allowed: Collection[Mode]) -> Pick:
	"""Return what one part of a request chooses. Raises ValueError, for developers, for what is not allowed."""
	if not isinstance(value, Mapping):
		raise ValueError(f"{part} must be an object with a mode")
	mode, name = Mode(value.get("mode")), str(value.get("name") or "")
	if mode not in allowed:
		raise ValueError(f"{part} can't be {mode.value}")
	if (mode is Mode.EXISTING) != bool(name):
		raise ValueError(f"{part} must name a record exactly when it is existing")
	return Pick(mode, name)


def _is_true(value: Any) -> bool:
	return value in (True, 1, "1", "true")
