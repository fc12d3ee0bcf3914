"""ERPNext's Lead, whoever writes it: the inbox fields stay the inbox's, and follow what happens."""

from __future__ import annotations

from typing import Any

import frappe

from lead_inbox.bookings import leads as booking_leads
from lead_inbox.conversion import read_only
from lead_inbox.conversion.stages import stages
from lead_inbox.inbox import arrival, lifecycle, new_leads, privacy, removal
from lead_inbox.inbox.contact import refusals
from lead_inbox.inbox.identity import phone_keys
from lead_inbox.overrides.avatar import forbid_lookup, restore_lookup
from lead_inbox.reseller.ties import following as reseller_ties
from lead_inbox.sequences.enrollment import enrolling_by_rule, exits


def before_insert(doc: Any, _method: str | None = None) -> None:
	"""Refuse, before it takes a number of the series, what ERPNext or we would not have as a lead.

	ERPNext looks for doubles after naming, when it has made a Contact too; Frappe's mail receiver catches
	the error and goes on in the same transaction, so both would stay.
	"""
	refused = new_leads.refused_because(doc)
	if refused:
		new_leads.forget_contact(doc)
		frappe.throw(refused, frappe.DuplicateEntryError)


def before_validate(doc: Any, _method: str | None = None) -> None:
	forbid_lookup(doc)


def validate(doc: Any, _method: str | None = None) -> None:
	"""Whatever the form, an import or REST sent for the state fields is replaced by what is true.

	An open form saves all its columns, also a state that has moved meanwhile.
	"""
	restore_lookup(doc)
	if doc.is_new():
		doc.update(lifecycle.first_state(doc, channel=frappe.flags.lead_inbox_arrival))
	else:
		doc.update({**lifecycle.stored_state(doc.name), **phone_keys(doc)})
		read_only.refuse_change(doc)


def after_insert(doc: Any, _method: str | None = None) -> None:
	lifecycle.begin(doc)
	if frappe.flags.in_web_form:
		arrival.web_form_sent(doc)


def on_change(doc: Any, _method: str | None = None) -> None:
	"""Runs after each save and each db_set, ERPNext's own included."""
	lifecycle.refresh_phone_keys(doc)
	if doc.get_doc_before_save() and doc.has_value_changed("email_id"):
		privacy.follow_email(doc.name, doc.email_id)
	refusals.follow_form(doc)
	lifecycle.follow_erp_status(doc)
	stages.lead_changed(doc)
	exits.lead_changed(doc.name)
	enrolling_by_rule.follow(doc)


def on_trash(doc: Any, _method: str | None = None) -> None:
	read_only.refuse_change(doc)
	booking_leads.deleted(doc.name)
	reseller_ties.lead_deleted(doc.name)
	removal.delete_traces(doc.name)
