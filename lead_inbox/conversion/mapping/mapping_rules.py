"""What may be mapped to what, and what a value becomes on the way, as pure functions (CO-4)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

TARGETS = ("Customer", "Contact", "Opportunity")
DATA_LENGTH = 140  # of a Data, Select or Link column that names no length
PLAIN_TEXT = ("Small Text", "Text", "Long Text")
# Whose values are one short line. Read Only shows what something else has put there.
LINES = ("Data", "Select", "Link", "Dynamic Link", "Autocomplete", "Read Only", "Phone", "Color", "Icon")
# The types that a value fits besides its own: nothing is cut, rounded or read in another way.
WIDER: Mapping[str, tuple[str, ...]] = {
	**dict.fromkeys(LINES, ("Data", "Autocomplete", *PLAIN_TEXT)),
	"Phone": ("Data", *PLAIN_TEXT),
	"Small Text": PLAIN_TEXT,
	"Text": PLAIN_TEXT,
	"Long Text": (),
	"Check": ("Int", "Long Int", "Float"),
	"Int": ("Long Int", "Float", "Currency"),
	"Float": ("Currency",),
	"Currency": ("Float",),
	"Percent": ("Float",),
	"Date": ("Datetime",),
	"Attach Image": ("Attach",),
}
SAME_ALONE = (
	*(
		"Long Int",
		"Datetime",
		"Time",
		"Duration",
		"Rating",
		"Attach",
		"Barcode",
		"Signature",
		"Geolocation",
		"JSON",
	),
	*("Text Editor", "HTML Editor", "Markdown Editor", "Code"),
)
NUMBERS = ("Check", "Int", "Long Int", "Float", "Currency", "Percent", "Rating", "Duration")
MAPPABLE = frozenset((*WIDER, *SAME_ALONE))
NEVER_A_TARGET = ("Read Only", "Dynamic Link")


class Refusal(str, Enum):
	"""Why a row of the mapping can't be followed."""

	NO_SOURCE = "no source"
	NOT_A_SOURCE = "not a source"
	NO_TARGET = "no target"
	NOT_A_TARGET = "not a target"
	TYPE = "type"
	SECOND_TARGET = "second target"
	SECOND_SOURCE = "second source"


@dataclass(frozen=True)
class Field:
	"""A field of a DocType, as far as a mapping asks.

	site_added: the site may map it from the lead: no field of Frappe, ERPNext or an inner one of this app.
	kept: something else than people writes it: read only, hidden, virtual, fetched, or this app's own.
	"""

	fieldname: str
	fieldtype: str
	options: str = ""
	length: int = 0
	non_negative: bool = False
	site_added: bool = False
	kept: bool = False
	default: str = ""


@dataclass(frozen=True)
class Row:
	lead_field: str
	doctype: str
	target_field: str


Fields = Mapping[str, Field]


def fits(source: Field, target: Field) -> bool:
	"""Return whether every value of one field is a good value of the other."""
	if target.fieldtype in NEVER_A_TARGET or not {source.fieldtype, target.fieldtype} <= MAPPABLE:
		return False
	if target.fieldtype not in (source.fieldtype, *WIDER.get(source.fieldtype, ())):
		return False
	if target.non_negative and not (source.non_negative or source.fieldtype == "Check"):
		return False
	return _options_fit(source, target) and _length_fits(source, target)


def is_source(field: Field) -> bool:
	"""Return whether a field of Lead may be mapped: standard fields flow by themselves."""
	return field.site_added and field.fieldtype in MAPPABLE


def is_target(field: Field) -> bool:
	return not field.kept and field.fieldtype in MAPPABLE and field.fieldtype not in NEVER_A_TARGET


def refusal(row: Row, earlier: Iterable[Row], lead_fields: Fields, target_fields: Fields) -> Refusal | None:
	"""Return why a row can't be followed, None for a good one. earlier: the good rows above it."""
	source, target = lead_fields.get(row.lead_field), target_fields.get(row.target_field)
	if source is None:
		return Refusal.NO_SOURCE
	if not is_source(source):
		return Refusal.NOT_A_SOURCE
	if row.doctype not in TARGETS or target is None:
		return Refusal.NO_TARGET
	if not is_target(target):
		return Refusal.NOT_A_TARGET
	if not fits(source, target):
		return Refusal.TYPE
	for other in earlier:
		if other.lead_field == row.lead_field:
			return Refusal.SECOND_TARGET
		if (other.doctype, other.target_field) == (row.doctype, row.target_field):
			return Refusal.SECOND_SOURCE
	return None


def refusals(
	rows: Iterable[Row], lead_fields: Fields, target_fields: Mapping[str, Fields]
) -> list[Refusal | None]:
	"""Return for each row why it can't be followed. Of two that want the same, the first one is good."""
	good: list[Row] = []
	found = []
	for row in rows:
		refused = refusal(row, good, lead_fields, target_fields.get(row.doctype, {}))
		if refused is None:
			good.append(row)
		found.append(refused)
	return found


def is_empty(field: Field, value: Any, is_new: bool) -> bool:
	"""Return whether a target may be filled: nothing that somebody entered is overwritten.

	Numbers are 0 where nobody entered one. A Check that is off in a stored record may be somebody's No, and
	a default in a new one is nobody's.
	"""
	if value is None or value == "":
		return True
	if is_new and field.default and str(value) == field.default:
		return True
	if field.fieldtype == "Check":
		return is_new and not value
	return field.fieldtype in NUMBERS and not value


def has_value(field: Field, value: Any) -> bool:
	"""Return whether a lead says something in a field. A Check that is off, or a 0, says nothing."""
	return value is not None and value != "" and not (field.fieldtype in NUMBERS and not value)


def converted(value: Any, source: Field, target: Field) -> Any:
	"""Return a value in the form of the target's type."""
	if target.fieldtype == "Datetime" and isinstance(value, date) and not isinstance(value, datetime):
		return datetime(value.year, value.month, value.day)
	if source.fieldtype == "Date" and target.fieldtype == "Datetime":
		return f"{value} 00:00:00"
	return value


def _options_fit(source: Field, target: Field) -> bool:
	if target.fieldtype == "Link":
		return source.options == target.options
	if target.fieldtype == "Select":
		return choices(source) <= choices(target)
	if target.fieldtype in ("Data", "Autocomplete", "Code"):
		return not target.options or (source.fieldtype, source.options) == (target.fieldtype, target.options)
	if target.fieldtype == "Rating":
		return (source.options or "5") == (target.options or "5")
	return True


def _length_fits(source: Field, target: Field) -> bool:
	if target.fieldtype not in LINES:
		return True
	return longest(source) <= (target.length or DATA_LENGTH)


def longest(field: Field) -> int:
	"""Return how many characters the longest value of a field of one line may have."""
	if field.fieldtype == "Select":
		return max(map(len, choices(field)), default=0)
	return field.length or DATA_LENGTH


def choices(field: Field) -> Collection[str]:
	return frozenset(choice.strip() for choice in field.options.split("\n") if choice.strip())
