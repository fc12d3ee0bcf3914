"""Who may see what belongs to a lead: whoever may see the lead. One builder for lists and documents."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.model.db_query import DatabaseQuery

RECORDS = ("Lead", "Opportunity")
READING = ("read", "select", "print", "email", "report", "export", "share")


def lead_message_conditions(user: str | None = None) -> str:
	return _visible_leads("Lead Message", user)


def lead_transition_conditions(user: str | None = None) -> str:
	return _visible_leads("Lead Transition", user)


def lead_conversion_conditions(user: str | None = None) -> str:
	return _visible_leads("Lead Conversion", user)


def sales_activity_conditions(user: str | None = None) -> str:
	return _visible_records("Sales Activity", user)


def sequence_enrollment_conditions(user: str | None = None) -> str:
	return _visible_records("Sequence Enrollment", user)


def booking_conditions(user: str | None = None) -> str:
	return _visible_of_leads_and_customers("Booking", user)


def booking_review_conditions(user: str | None = None) -> str:
	return _visible_of_leads_and_customers("Booking Review", user)


def booking_reminder_conditions(user: str | None = None) -> str:
	conditions = booking_conditions(user)
	if not conditions:
		return ""
	return f"`tabBooking Reminder`.booking in (select `tabBooking`.name from `tabBooking` where {conditions})"


def lead_conditions(user: str | None = None) -> str:
	"""Return a condition on Lead's own columns for SQL that get_list can't express; empty for every lead.

	Raises PermissionError for a user who may see none.
	"""
	return _conditions("Lead", user)


def readable(doctype: str) -> str | None:
	"""Return a condition on a Lead's or Opportunity's own columns for SQL that get_list can't express.

	Empty for a user who may read every one, None for one who may read none.
	"""
	return _conditions(doctype, None) if frappe.has_permission(doctype, ptype="read") else None


def bulk_lead_conversion_row_conditions(user: str | None = None) -> str:
	return _visible_leads("Bulk Lead Conversion Row", user)


def lead_dispute_conditions(user: str | None = None) -> str:
	return _visible_leads("Lead Dispute", user)


def lead_merge_conditions(user: str | None = None) -> str:
	"""A merge tells of two leads, so both must be visible."""
	conditions = (_visible_leads("Lead Merge", user, column) for column in ("winner", "loser"))
	return " and ".join(filter(None, conditions))


def follows_lead(doc: Any, ptype: str = "read", user: str | None = None, **_options: Any) -> bool:
	"""Whether the user may see the lead that a message, transition or conversion belongs to."""
	return frappe.has_permission("Lead", ptype="read", doc=doc.lead, user=user)


def follows_lead_or_customer(doc: Any, ptype: str = "read", user: str | None = None, **_options: Any) -> bool:
	"""Whether the user may see the lead of a booking or its review; where there is none, the Customer."""
	doctype, name = lead_or_customer(doc)
	return bool(frappe.has_permission(doctype, ptype="read", doc=name, user=user))


def lead_or_customer(doc: Any) -> tuple[str, str | None]:
	"""Return the record whose permissions a booking or its review follows: its lead, else its Customer.

	The name is None where there is neither: then whoever may do it to any lead may do it.
	"""
	return ("Customer", doc.customer) if doc.customer and not doc.lead else ("Lead", doc.lead or None)


def follows_booking(doc: Any, ptype: str = "read", user: str | None = None, **_options: Any) -> bool:
	"""Whether the user may see the booking that somebody is reminded of."""
	return frappe.has_permission("Booking", ptype="read", doc=doc.booking, user=user)


def follows_both_leads(doc: Any, ptype: str = "read", user: str | None = None, **_options: Any) -> bool:
	"""Whether the user may see both leads of a merge."""
	return all(
		frappe.has_permission("Lead", ptype="read", doc=lead, user=user) for lead in (doc.winner, doc.loser)
	)


def follows_written_lead(doc: Any, ptype: str = "read", user: str | None = None, **_options: Any) -> bool:
	"""Whether the user may see the lead of a dispute; to file or change one, whether they may write it."""
	needed = "read" if ptype in READING else "write"
	return frappe.has_permission("Lead", ptype=needed, doc=doc.lead, user=user)


def follows_record(doc: Any, ptype: str = "read", user: str | None = None, **_options: Any) -> bool:
	"""Whether the user may see the Lead or Opportunity of an activity or enrollment. Nobody writes them by hand."""
	if not frappe.db.exists(doc.reference_doctype, doc.reference_name):
		return False
	return frappe.has_permission(doc.reference_doctype, ptype="read", doc=doc.reference_name, user=user)


def _visible_leads(doctype: str, user: str | None, column: str = "lead") -> str:
	"""Return a condition on a column that names a lead, empty when the user may see every lead."""
	conditions = lead_conditions(user)
	if not conditions:
		return ""
	return f"`tab{doctype}`.{column} in (select `tabLead`.name from `tabLead` where {conditions})"


def _visible_of_leads_and_customers(doctype: str, user: str | None) -> str:
	"""Return a condition on a table whose rows name a lead, or else a Customer; empty for a user who may see
	every lead and every Customer.

	Raises PermissionError for a user who may see no lead: only who works on leads sees bookings.
	"""
	of_leads = _visible_leads(doctype, user)
	may_see_customers = frappe.has_permission("Customer", ptype="read", user=user)
	customers = _conditions("Customer", user) if may_see_customers else "false"
	if not of_leads and not customers:
		return ""
	without_lead = f"`tab{doctype}`.lead is null"
	names = f"select `tabCustomer`.name from `tabCustomer` where {customers or 'true'}"
	of_customers = f"{without_lead} and `tab{doctype}`.customer in ({names})"
	return f"(({of_leads or f'`tab{doctype}`.lead is not null'}) or ({of_customers}))"


def _visible_records(doctype: str, user: str | None) -> str:
	"""Return a condition on a table whose rows name a Lead or an Opportunity.

	Raises PermissionError for a user who may see neither.
	"""
	parts = [
		part
		for record in RECORDS
		if frappe.has_permission(record, ptype="read", user=user)
		and (part := _visible_of(doctype, record, _conditions(record, user)))
	]
	if not parts:
		raise frappe.PermissionError(_("You may see neither leads nor opportunities."))
	return f"({' or '.join(parts)})"


def _visible_of(doctype: str, record: str, conditions: str) -> str:
	of_record = f"`tab{doctype}`.reference_doctype = {frappe.db.escape(record)}"
	if not conditions:
		return f"({of_record})"
	names = f"select `tab{record}`.name from `tab{record}` where {conditions}"
	return f"({of_record} and `tab{doctype}`.reference_name in ({names}))"


def _conditions(doctype: str, user: str | None) -> str:
	query = DatabaseQuery(doctype, user=user or frappe.session.user)
	conditions = query.build_match_conditions()
	# of a user without a role, to whom documents were shared, Frappe keeps them apart
	return conditions or " and ".join(query.conditions)
