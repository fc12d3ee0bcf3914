"""What the demo's administrator sets up: users, channels, a round-robin rule, a web form, templates, sequences, scores,
services, a reseller's customers.

Run by the bench's Python from the sites folder; running it again changes nothing.
"""

import sys
from typing import Any

import frappe
from frappe.utils.password import update_password
from frappe.utils.scheduler import enable_scheduler

from tools.demo_bookings import make_services
from tools.demo_conversion import make_conversion
from tools.demo_resellers import make_resellers
from tools.demo_sequences import make_sequences
from tools.sites import ADMIN_PASSWORD

SALES_USERS = {
	"jun@lead-inbox.example": ("Jun", "Kim"),
	"sara@lead-inbox.example": ("Sara", "Moss"),
}
WEBHOOK_CHANNEL = "Website Chat"
GOOGLE_CHANNEL = "Google Ads"
GOOGLE_KEY = "lead-inbox-demo"
EMAIL_CHANNEL = "E-mail"
EMAIL_ACCOUNT = "Sales Inbox"
EMAIL_ADDRESS = "sales@lead-inbox.example"
WEB_FORM = "request-a-quote"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
TEMPLATES = {
	"Ask for details": "Hello {{ first_name or lead_name }},<br><br>when would it suit you that we call?",
	"Offer a visit": "Hello {{ first_name or lead_name }},<br><br>we could come and have a look this week.",
}


def main(site: str) -> None:
	frappe.init(site=site)
	frappe.connect()
	try:
		make_users()
		make_channels()
		make_assignment_rule()
		make_web_form()
		make_templates()
		make_sequences()
		make_conversion()
		make_services(list(SALES_USERS))
		make_resellers()
		enable_scheduler()
		frappe.db.commit()
		print(f"Signing secret of the channel {WEBHOOK_CHANNEL}: {signing_secret()}")
	finally:
		frappe.destroy()


def signing_secret() -> str:
	return frappe.get_doc("Lead Channel", WEBHOOK_CHANNEL).get_password("signing_secret")


def make_once(doctype: str, record: str, **values: Any) -> None:
	if not frappe.db.exists(doctype, record):
		frappe.get_doc(doctype=doctype, **values).insert()


def make_users() -> None:
	for email, (first_name, last_name) in SALES_USERS.items():
		make_once(
			"User",
			email,
			email=email,
			first_name=first_name,
			last_name=last_name,
			send_welcome_email=0,
			roles=[{"role": "Sales User"}],
		)
		update_password(email, ADMIN_PASSWORD)  # on the User it would be refused as too common


def make_channels() -> None:
	channels: dict[str, dict[str, Any]] = {
		WEBHOOK_CHANNEL: {"provider": "Standard Webhooks", "default_type": "Message"},
		GOOGLE_CHANNEL: {
			"provider": "Google Ads Lead Form",
			"google_key": GOOGLE_KEY,
			"default_type": "Form",
		},
	}
	for name, values in channels.items():
		make_once("Lead Channel", name, channel_name=name, default_country="United States", **values)
	make_email_account()
	frappe.db.set_value("Lead Channel", EMAIL_CHANNEL, "email_account", EMAIL_ACCOUNT)
	frappe.clear_document_cache("Lead Channel", EMAIL_CHANNEL)


def make_email_account() -> None:
	"""An account without a mail server behind it: Frappe would try to reach one while saving."""
	frappe.flags.in_patch = True
	make_once(
		"Email Account",
		EMAIL_ACCOUNT,
		email_account_name=EMAIL_ACCOUNT,
		email_id=EMAIL_ADDRESS,
		enable_incoming=1,
		enable_outgoing=1,
		default_outgoing=1,
		awaiting_password=1,
		email_server="127.0.0.1",
		smtp_server="127.0.0.1",
	)
	frappe.flags.in_patch = False


def make_assignment_rule() -> None:
	"""New leads to the sales people in turn. Without a condition to close, a save would reopen closed ToDos."""
	make_once(
		"Assignment Rule",
		"Lead Inbox Round Robin",
		name="Lead Inbox Round Robin",
		document_type="Lead",
		description="New lead: {{ lead_name or company_name }}",
		priority=10,
		rule="Round Robin",
		assign_condition='inbox_status == "New"',
		close_condition='inbox_status in ("Declined", "Closed")',
		users=[{"user": user} for user in SALES_USERS],
		assignment_days=[{"day": day} for day in WEEKDAYS],
	)


def make_web_form() -> None:
	fields = (
		("lead_name", "Data", "Name", 1),
		("email_id", "Data", "E-mail", 0),
		("phone", "Data", "Phone", 0),
		("city", "Data", "City", 0),
	)
	make_once(
		"Web Form",
		WEB_FORM,
		title="Request a Quote",
		route=WEB_FORM,
		doc_type="Lead",
		module="Lead Inbox",
		is_standard=0,
		published=1,
		anonymous=1,
		login_required=0,
		web_form_fields=[
			{"fieldname": name, "fieldtype": kind, "label": label, "reqd": required}
			for name, kind, label, required in fields
		],
	)


def make_templates() -> None:
	for name, text in TEMPLATES.items():
		make_once("Email Template", name, name=name, subject=name, use_html=0, response=text)


if __name__ == "__main__":
	main(sys.argv[1])
