"""The app on a site: install, uninstall, retention, personal data, indexes. Requirements IN-11 and QU-6."""

import importlib

import frappe
import pytest
from frappe.utils import add_days, get_datetime, now_datetime

from lead_inbox import hooks, install
from lead_inbox.custom_fields import CUSTOM_FIELDS, STATE_FIELDS
from lead_inbox.inbox import adoption, events
from lead_inbox.tests.integration.builders import (
	arrive,
	arrive_event,
	make_channel,
	make_lead,
	make_user,
	state_of,
)

KEPT = [field for field in CUSTOM_FIELDS["Lead"] if field["fieldname"] in STATE_FIELDS]
NUMBERS = [field["fieldname"] for field in KEPT if field["fieldtype"] in ("Int", "Check")]
SECONDS = [field for field in NUMBERS if field.endswith("_seconds")]


def dotted_paths(value) -> list[str]:
	if isinstance(value, str):
		return [value] if value.startswith("lead_inbox.") else []
	children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
	return [path for child in children for path in dotted_paths(child)]


def test_every_path_in_hooks_leads_to_a_function():
	paths = dotted_paths({name: value for name, value in vars(hooks).items() if not name.startswith("_")})
	assert len(paths) > 15
	for path in paths:
		module, _dot, name = path.rpartition(".")
		assert callable(getattr(importlib.import_module(module), name)), path


def test_every_state_field_is_read_only_and_exists_on_the_site():
	meta = frappe.get_meta("Lead")
	for field in CUSTOM_FIELDS["Lead"]:
		assert meta.has_field(field["fieldname"])
	assert all(meta.get_field(name).read_only for name in STATE_FIELDS)


def test_leads_from_before_the_app_are_taken_in(monkeypatch):
	cases = {
		("Lead", 1): ("New", ""),
		("Replied", 1): ("Active", ""),
		("Lead", 40): ("Inactive", "Unanswered"),
		("Interested", 40): ("Inactive", "Quiet"),
		("Converted", 1): ("Closed", "Converted"),
		("Do Not Contact", 400): ("Closed", "Do Not Contact"),
	}
	leads = {}
	for (status, days), expected in cases.items():
		lead = make_lead(phone="+14155550101").name
		leads[lead] = expected
		values = (
			dict.fromkeys(STATE_FIELDS)
			| dict.fromkeys(NUMBERS, 0)
			| {
				"status": status,
				"modified": add_days(now_datetime(), -days),
			}
		)
		frappe.db.set_value("Lead", lead, values, update_modified=False)
	adoption.adopt_leads()

	assert {lead: state_of(lead) for lead in leads} == leads
	assert frappe.db.get_value("Lead", lead, "inbox_phone_e164") == "+14155550101"


def test_answers_from_before_response_times_were_kept_are_taken_in():
	make_channel()
	lead = arrive(type="message", name="Naree Phan", phone="+14155550101", message="Hello?")
	mail_from_form(lead)
	arrive(type="message", phone="+14155550101", message="And tomorrow?")
	heard, answered, waiting = frappe.get_all(
		"Lead Message", filters={"lead": lead}, pluck="name", order_by="creation asc"
	)
	at_ten, at_noon, in_the_evening = (get_datetime(f"2026-11-23 {hour}:00:00") for hour in (10, 12, 20))
	forgotten = {"answered_on": None, "response_seconds": 0, "response_business_seconds": 0}
	for name, sent_on in ((heard, at_ten), (answered, at_noon), (waiting, in_the_evening)):
		frappe.db.set_value("Lead Message", name, {"sent_on": sent_on, **forgotten})
	frappe.db.set_value(
		"Lead",
		lead,
		{"inbox_arrived_on": at_ten, "inbox_first_response_on": at_noon, **dict.fromkeys(SECONDS, 0)},
	)

	adoption.adopt_response_times()
	fields = ["answered_on", "response_seconds", "response_business_seconds"]
	assert frappe.db.get_value("Lead Message", heard, fields) == (at_noon, 7200, 7200)
	assert frappe.db.get_value("Lead Message", waiting, fields) == (None, 0, 0)
	assert frappe.db.get_value("Lead", lead, SECONDS) == (7200, 7200)


def mail_from_form(lead: str) -> None:
	frappe.get_doc(
		doctype="Communication",
		communication_medium="Email",
		communication_type="Communication",
		sent_or_received="Sent",
		subject="Hello",
		content="Hello",
		reference_doctype="Lead",
		reference_name=lead,
	).insert()


def test_taking_in_leaves_alone_what_has_a_state():
	lead = make_lead().name
	frappe.db.set_value("Lead", lead, "inbox_status", "Booked")
	adoption.adopt_leads()
	assert state_of(lead)[0] == "Booked"


def test_installing_again_adds_nothing():
	before = (frappe.db.count("Lead Channel"), frappe.db.count("Role"), frappe.db.count("Custom Field"))
	install._create_channels()
	install._create_roles()
	assert (
		frappe.db.count("Lead Channel"),
		frappe.db.count("Role"),
		frappe.db.count("Custom Field"),
	) == before


def test_old_finished_events_are_cleared_and_unfinished_ones_kept():
	make_channel()
	done = arrive_event(type="message", name="Ada")
	waiting = events.store("Partner", "waiting", "{}").name
	failed = events.store("Partner", "failed", "{}").name
	frappe.db.set_value("Lead Event", failed, "status", "Failed")
	for name in (done, waiting, failed):
		frappe.db.set_value("Lead Event", name, "received_on", add_days(now_datetime(), -100))
	recent = arrive_event(type="message", name="Bob")
	from lead_inbox.lead_inbox.doctype.lead_event.lead_event import LeadEvent

	LeadEvent.clear_old_logs(days=90)
	assert set(frappe.get_all("Lead Event", pluck="name", order_by="name")) == {waiting, failed, recent}


def test_log_settings_know_lead_events():
	settings = frappe.get_doc("Log Settings")
	settings.append("logs_to_clear", {"ref_doctype": "Lead Event", "days": 30})
	settings.save()
	assert any(row.ref_doctype == "Lead Event" and row.days == 30 for row in settings.logs_to_clear)


def test_deleting_a_lead_takes_its_messages_and_not_the_memory_of_its_events():
	make_channel()
	name = arrive_event(event_id="evt_1", type="message", name="Ada", message="Hi")
	lead = frappe.db.get_value("Lead Event", name, "lead")
	frappe.delete_doc("Lead", lead)

	assert frappe.db.count("Lead Message") == frappe.db.count("Lead Transition") == 0
	assert not events.store("Partner", "evt_1", "{}").created


def test_a_personal_data_download_has_the_lead_s_conversation():
	from frappe.website.doctype.personal_data_download_request.personal_data_download_request import (
		get_user_data,
	)

	make_channel()
	arrive(type="message", name="Ada", email="ada@example.com", message="My secret wish")
	data = get_user_data("ada@example.com")

	assert "My secret wish" in data and '"Lead"' in data


def test_a_personal_data_deletion_redacts_lead_messages_and_events():
	make_channel()
	lead = arrive(
		type="message", name="Ada", email="ada@example.com", phone="+14155550101", message="My secret wish"
	)
	make_user("ada@example.com", "Customer")
	request = frappe.get_doc(doctype="Personal Data Deletion Request", email="ada@example.com").insert()
	request._anonymize_data()

	left = str(
		[frappe.get_all(doctype, fields=["*"], order_by="name") for doctype in ("Lead Message", "Lead Event")]
	)
	assert "My secret wish" not in left and "ada@example.com" not in left and "14155550101" not in left
	doc = frappe.get_doc("Lead", lead)
	assert "Ada" not in (doc.lead_name or "") and doc.email_id != "ada@example.com"
	assert "4155550101" not in str(doc.as_dict())


def test_a_source_that_wipes_a_lead_has_the_person_erased_here_too():
	make_channel()
	lead = arrive(
		type="message", thread_id="T-1", name="Ada", email="ada@example.com", message="My secret wish"
	)
	arrive(type="message", thread_id="T-1", status="WIPED_OUT")

	left = str(
		[
			frappe.get_all(doctype, fields=["*"], order_by="name")
			for doctype in ("Lead", "Lead Message", "Lead Event", "Contact")
		]
	)
	for trace in ("Ada", "ada@example.com", "My secret wish"):
		assert trace not in left
	assert frappe.db.exists("Lead", lead)


QUERIES = {
	"page": "select name from tabLead where inbox_status='New' and inbox_last_interaction_on <= now() order by inbox_last_interaction_on desc, name desc limit 21",
	"aging": "select name from tabLead where inbox_status='New' and inbox_aging_from <= '2000-01-01' order by inbox_aging_from, name limit 10",
	"phone": "select name from tabLead where inbox_phone_e164 in ('+14155550101')",
	"mail": "select name from tabLead where email_id in ('a@example.com')",
	"snoozed": "select name from tabLead where inbox_snoozed_until <= '2000-01-01'",
	"thread": "select lead from `tabLead Message` where thread_key='x'",
	"conversation": "select name from `tabLead Message` where lead='x' order by sent_on desc, name desc limit 51",
	"due": "select name from `tabLead Event` where status='Received' and next_attempt_on <= '2000-01-01' order by next_attempt_on, name limit 50",
	"read": "select read_on from `tabLead Read Marker` where user='x' and lead in ('y')",
	"before": "select from_status from `tabLead Transition` where lead='x' order by transition_on desc limit 1",
}


@pytest.mark.parametrize("query", QUERIES)
def test_queries_on_big_tables_have_their_index(query):
	(plan,) = frappe.db.sql("explain " + QUERIES[query], as_dict=True)
	found_by_unique_key = "const tables" in (plan["Extra"] or "")
	assert plan["key"] or found_by_unique_key, plan


def test_no_workspace_takes_the_page_s_address():
	"""A workspace's address is made of its name and comes before a page's."""
	names = frappe.get_all("Workspace", fields=["name", "title"], order_by="name")
	slugs = {value.lower().replace(" ", "-") for row in names for value in (row.name, row.title)}
	assert "lead-hub" in slugs and "lead-inbox" not in slugs
