"""What installing adds to a site and uninstalling takes away again: two mirror images."""

from __future__ import annotations

import frappe
from frappe.custom.doctype.custom_field.custom_field import create_custom_fields

from lead_inbox.bookings.telling import usual_times
from lead_inbox.conversion.making.adoption import adopt_conversions
from lead_inbox.conversion.matching import company_keys
from lead_inbox.custom_fields import CUSTOM_FIELDS
from lead_inbox.inbox import adoption
from lead_inbox.inbox.replies import mailing

# Whether a role opens the desk. A partner's is for the interfaces.
ROLES = {"Lead Partner": False, "Converted Lead Editor": True}
CHANNELS = (
	{"channel_name": "E-mail", "provider": "Email", "default_type": "Email"},
	{"channel_name": "Telephone", "provider": "Telephony", "default_type": "Phone Call"},
	{"channel_name": "Website", "provider": "Web Form", "default_type": "Form"},
)
DECLINE_REASONS = (
	{
		"reason": "Not in Our Area",
		"message": "Thank you for your request. Unfortunately we don't work in your area.",
	},
	{
		"reason": "Service Not Offered",
		"message": "Thank you for your request. Unfortunately this is a service that we don't offer.",
	},
	{
		"reason": "Fully Booked",
		"message": "Thank you for your request. Unfortunately we are fully booked and can't take it on.",
	},
	{
		"reason": "Budget Too Low",
		"message": "Thank you for your request. Unfortunately we can't do it within the budget that you have set.",
	},
	{
		"reason": "No Answer from the Customer",
		"message": "We haven't heard from you, so we have closed your request. Write to us at any time to take it up again.",
	},
	{"reason": "Spam", "silent": 1},
)
LEAD_INDEXES = {
	"lead_inbox_tab": ("inbox_status", "inbox_last_interaction_on"),
	"lead_inbox_aging": ("inbox_status", "inbox_aging_from"),
	"lead_inbox_arrived": ("inbox_arrived_on", "inbox_channel"),
	"lead_inbox_call_back": ("inbox_call_back_on",),
	"lead_inbox_scored": ("inbox_status", "inbox_scored_on"),
}
# Of two columns each: an index of one column is dropped when Frappe changes its DocType.
SHARED_INDEXES = {
	("Event", "lead_inbox_open_events"): ("status", "starts_on"),
	("Event", "lead_inbox_events_about"): ("reference_docname", "reference_doctype"),
	("Event", "lead_inbox_events_of"): ("owner", "status"),
	("Event Participants", "lead_inbox_participants"): ("reference_docname", "reference_doctype"),
	("Contact Email", "lead_inbox_contact_emails"): ("email_id", "parent"),
	("Contact Phone", "lead_inbox_contact_phones"): ("phone", "parent"),
	("Opportunity", "lead_inbox_party"): ("party_name", "status"),
	("Opportunity", "lead_inbox_opportunity_date"): ("transaction_date", "status"),
	("Reseller Customer", "lead_inbox_entered_by"): ("owner", "creation"),
}
LEAD_FULLTEXT_INDEX = "lead_inbox_search"
LEAD_FULLTEXT_COLUMNS = ("lead_name", "company_name", "email_id")


def after_install() -> None:
	_create_roles()
	_sync_lead()
	_sync_shared_indexes()
	_create_channels()
	_create_decline_reasons()
	usual_times.write()
	adoption.adopt_leads()
	adopt_conversions()
	company_keys.refresh()


def after_migrate() -> None:
	"""Sites that are there already follow the constants."""
	_create_roles()
	_sync_lead()
	_sync_shared_indexes()
	_create_decline_reasons()


def before_uninstall() -> None:
	mailing.release_held()
	_delete_lead_indexes()
	_delete_shared_indexes()
	_delete_custom_fields()
	_delete_roles()
	_delete_secrets()
	_delete_defaults()
	_delete_scheduled_jobs()


def _sync_lead() -> None:
	create_custom_fields(CUSTOM_FIELDS)
	for name, columns in LEAD_INDEXES.items():
		frappe.db.add_index("Lead", list(columns), index_name=name)
	if not frappe.db.has_index("tabLead", LEAD_FULLTEXT_INDEX):
		frappe.db.commit()  # DDL commits anyway; Frappe refuses it with writes pending
		columns = ", ".join(LEAD_FULLTEXT_COLUMNS)
		frappe.db.sql_ddl(f"alter table `tabLead` add fulltext index `{LEAD_FULLTEXT_INDEX}` ({columns})")


def _sync_shared_indexes() -> None:
	"""The worklist reads Events by their time, and by the record that they are about; free times are reckoned
	by whose calendar they are in. A conversion reads Contacts by any of their addresses and numbers, and
	Opportunities by whose they are; a report reads them by their date. A partner pages through the Reseller
	Customers that it has entered."""
	for (doctype, name), columns in SHARED_INDEXES.items():
		frappe.db.add_index(doctype, list(columns), index_name=name)


def _delete_shared_indexes() -> None:
	frappe.db.commit()
	for doctype, name in SHARED_INDEXES:
		frappe.db.sql_ddl(f"alter table `tab{doctype}` drop index if exists `{name}`")


def _delete_lead_indexes() -> None:
	frappe.db.commit()
	for name in (*LEAD_INDEXES, LEAD_FULLTEXT_INDEX):
		frappe.db.sql_ddl(f"alter table `tabLead` drop index if exists `{name}`")


def _delete_custom_fields() -> None:
	for doctype, fields in CUSTOM_FIELDS.items():
		names = [field["fieldname"] for field in fields]
		frappe.db.delete("Custom Field", {"dt": doctype, "fieldname": ["in", names]})
		frappe.clear_cache(doctype=doctype)
		columns = [name for name in names if name in frappe.db.get_table_columns(doctype)]
		frappe.db.commit()
		if columns:
			drops = ", ".join(f"drop column `{name}`" for name in columns)
			frappe.db.sql_ddl(f"alter table `tab{doctype}` {drops}")


def _create_roles() -> None:
	for role, opens_desk in ROLES.items():
		if not frappe.db.exists("Role", role):
			values = {"role_name": role, "desk_access": int(opens_desk)}
			frappe.get_doc(doctype="Role", **values).insert(ignore_permissions=True)


def _delete_roles() -> None:
	for role in ROLES:
		frappe.delete_doc("Role", role, force=True, ignore_missing=True)


def _delete_secrets() -> None:
	"""Passwords live in a table of Frappe's, apart from the channels that go with their DocType."""
	frappe.db.delete("__Auth", {"doctype": "Lead Channel"})


def _delete_defaults() -> None:
	"""When rules of the score changed last."""
	frappe.db.delete("DefaultValue", {"defkey": ["like", "lead_inbox_%"], "parent": "__global"})


def _delete_scheduled_jobs() -> None:
	"""Frappe itself does so at the next migrate only; until then each of them would fail each minute."""
	frappe.db.delete("Scheduled Job Type", {"method": ["like", "lead_inbox.%"]})


def _create_channels() -> None:
	"""The sources that every ERPNext site has. They leave with their DocType."""
	for values in CHANNELS:
		if not frappe.db.exists("Lead Channel", values["channel_name"]):
			frappe.get_doc(doctype="Lead Channel", **values).insert(ignore_permissions=True)


def _create_decline_reasons() -> None:
	"""Once, on a site that has none: what people delete or reword stays so. They leave with their DocType."""
	if frappe.db.count("Lead Decline Reason"):
		return
	for values in DECLINE_REASONS:
		frappe.get_doc(doctype="Lead Decline Reason", **values).insert(ignore_permissions=True)
