"""Drafting, filling and storing the documents of a conversion, and saying what was filled in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import frappe
from frappe import _
from frappe.permissions import get_doctype_roles
from frappe.utils.formatters import format_value

from lead_inbox.conversion.ledger import Ledger, content_of
from lead_inbox.conversion.making import filling_rules
from lead_inbox.conversion.making.parts import Record, Request
from lead_inbox.conversion.mapping import mapping
from lead_inbox.inbox.contact import masking

NOT_FILLED_TYPES = ("Check", "Table", "Table MultiSelect", "Password", "Read Only", "Dynamic Link")
# Where ERPNext takes a value from when nobody gives one.
DEFAULTS_PLACE = {"customer_group": "Selling Settings", "territory": "Selling Settings"}


class ConversionRefused(frappe.ValidationError):
	"""The lead can't be converted as chosen; the words say what to mend."""


def stored(request: Request, doctype: str, name: str, *, freely: bool = False) -> Any | None:
	"""Return an existing document, locked if it is to be written. None, and a problem, when it can't be used.

	freely: the right to convert is enough to read it.
	"""
	if not frappe.db.exists(doctype, name):
		request.problems.append(
			_("{0} {1} does not exist any more. Choose another one.").format(_(doctype), name)
		)
		return None
	doc = frappe.get_doc(doctype, name, for_update=request.for_update)
	return doc if freely or not forbids(request, doctype, "read", doc) else None


def forbids(request: Request, doctype: str, right: str, doc: Any = None) -> bool:
	"""Whether the user lacks a right; then the request holds the words, and whom to ask."""
	if frappe.has_permission(doctype, ptype=right, doc=doc):
		return False
	if right == "create":
		words = _("You have no right to create this: {0}.").format(_(doctype))
	else:
		words = _("You have no right to {0} this: {1} {2}.").format(_(right), _(doctype), doc.name)
	roles = sorted(set(get_doctype_roles(doctype, right)) - {"All", "Guest"})
	words += " " + _("Ask somebody with one of these roles: {0}.").format(", ".join(map(_, roles)))
	if words not in request.forbidden:
		request.forbidden.append(words)
	return True


def carried(lead: Any, draft: Any) -> dict[str, Any]:
	"""Return what a draft has from the lead, of the fields that people fill in and of those the site mapped."""
	blank = frappe.new_doc(draft.doctype).as_dict()
	values = filling_rules.carried_values(draft.as_dict(), blank, lead.as_dict(), _fields(draft.doctype))
	mapped = mapping.mapped_values(lead, draft.doctype)
	return values | {field: value for field, value in mapped.items() if draft.get(field) == value}


def fill(record: Record, lead: Any, values: Mapping[str, Any]) -> None:
	"""Put into a stored document's empty fields, in memory, what it lacks."""
	doc, mapped = record.doc, mapping.mapped_values(lead, record.doc.doctype)
	plain = {field: value for field, value in values.items() if field not in mapped}
	missing = filling_rules.missing_values(doc.as_dict(), plain)
	doc.update(missing)
	before = {field: doc.get(field) for field in mapped}
	mapping.fill_mapped(lead, doc)
	record.values |= missing | {field: doc.get(field) for field in mapped if doc.get(field) != before[field]}


def _fields(doctype: str) -> list[str]:
	return [
		field.fieldname
		for field in frappe.get_meta(doctype).fields
		if field.fieldtype not in NOT_FILLED_TYPES
		and not (field.hidden or field.read_only or field.no_copy)
		and field.fieldname != "customer_group"  # ERPNext fills in a default, which the lead does not know
	]


def drop_gone_links(request: Request, draft: Any) -> None:
	"""Take out of a draft what names a record that does not exist any more, and say so.

	The lead kept the name of a Territory or an Industry that somebody has deleted since.
	"""
	for fieldname, value, _words in draft.get_invalid_links()[0]:
		draft.set(fieldname, None)
		request.notices.append(
			_("{0} {1} does not exist any more, so it is left out: {2}.").format(
				_(draft.meta.get_label(fieldname)), value, _(draft.doctype)
			)
		)


def check(request: Request, record: Record, later: Iterable[str] = ()) -> None:
	"""Find what stands in the way of storing a record.

	later: fields that are filled when what they name is stored.
	"""
	if not record.is_written:
		return
	if not record.freely:
		forbids(request, record.doc.doctype, "create" if record.is_new else "write", record.doc)
	request.missing.extend(missing(record.doc, later))


def missing(doc: Any, but: Iterable[str] = ()) -> list[str]:
	"""Return sentences for the fields that a document must have and lacks, each with how to mend it.

	but: fields that are filled later.
	"""
	fieldnames = [name for name, _words in doc._get_missing_mandatory_fields() if name not in but]
	return [_how_to_mend(doc, fieldname) for fieldname in fieldnames]


def _how_to_mend(doc: Any, fieldname: str) -> str:
	label, doctype = _(doc.meta.get_label(fieldname)), _(doc.doctype)
	if not doc.is_new():
		return _("{0} {1} needs a value for {2}. Fill it there first.").format(doctype, doc.name, label)
	if fieldname in DEFAULTS_PLACE:
		return _("{0} needs a value for {1}. Choose a default in {2}.").format(
			doctype, label, _(DEFAULTS_PLACE[fieldname])
		)
	return _(
		"{0} needs a value for {1}. Fill the field of the lead that flows into it; Lead Inbox Settings"
		" say which one, under Conversion. Or make the record by hand and choose it here."
	).format(doctype, label)


def store(record: Record, ledger: Ledger) -> str:
	"""Insert a new record, or save what was filled into a stored one; return its name.

	Raises ConversionRefused when a mandatory field is empty.
	"""
	doc = record.doc
	doc.flags.lead_inbox_conversion = True
	if record.is_new:
		_in_words(doc, lambda: doc.insert(ignore_permissions=record.freely))
		ledger.created(doc.doctype, doc.name)
	elif record.is_written:
		_in_words(doc, lambda: doc.save(ignore_permissions=record.freely))
		ledger.filled(doc.doctype, doc.name, _filled(doc))
	return doc.name


def _filled(doc: Any) -> list[str]:
	"""Return the fields that were empty before a document was saved. ERPNext fills some by itself meanwhile,
	a Customer's e-mail for instance, which is its primary Contact's."""
	before, after = (content_of(version) for version in (doc.get_doc_before_save(), doc))
	return [
		field
		for field, value in after.items()
		if value and not before.get(field) and not isinstance(value, list)
	]


def _in_words(doc: Any, write: Callable[[], Any]) -> None:
	try:
		write()
	except frappe.MandatoryError:
		sentences = missing(doc)
		for _sentence in sentences:
			frappe.clear_last_message()  # Frappe has said it in its own words, one message a field
		frappe.throw(" ".join(sentences), ConversionRefused, title=_("Not Possible Now"))


def described(record: Record, lead: Any) -> list[dict[str, str]]:
	"""Return label and value of what a record has from the lead, as the user may see it."""
	return [
		{
			"label": _(record.doc.meta.get_label(fieldname)),
			"value": _shown(record.doc, fieldname, value, lead),
		}
		for fieldname, value in record.values.items()
	]


def _shown(doc: Any, fieldname: str, value: Any, lead: Any) -> str:
	if value == lead.email_id:
		return masking.address(value)
	if value in {lead.get(field) for field in masking.NUMBER_FIELDS}:
		return masking.number(value)
	field = doc.meta.get_field(fieldname)
	if field.fieldtype in ("Date", "Datetime", "Currency", "Float", "Int", "Percent"):
		return format_value(value, df=field, doc=doc)
	return str(value)
