from __future__ import annotations

import pytest

from lead_inbox.audit.formats.erpnext_leads import ErpNextLeads
from lead_inbox.audit.told import Source, Told, Unreadable
from lead_inbox.inbox.adoption_rules import adopted
from lead_inbox.inbox.rules import Happening, Situation, Status, decide
from lead_inbox.tests.unit.audit.formats.reading import context, told, utc

ROW = {
	"Sr": "1",
	"ID": "CRM-LEAD-2026-00001",
	"Full Name": "Ada Lovelace",
	"Organization Name": "Engines Ltd",
	"Email": "ada@example.com",
	"Mobile No": "+1 212-555-0123",
	"Status": "Open",
	"Lead Owner": "sam@example.com",
	"Created On": "2026-03-05 09:15:00.123456",
	"Last Updated On": "2026-03-06 09:00:00",
}
STATUSES = (
	*("Lead", "Open", "Replied", "Opportunity", "Quotation", "Lost Quotation", "Interested", "Converted"),
	*("Do Not Contact", "A status of one's own"),
)


def read(**changes: str) -> Told:
	values = ROW | {name.replace("_", " "): value for name, value in changes.items()}
	return told(values, tuple(values))


def test_a_lead_of_the_list() -> None:
	lead = read()
	event = lead.event
	assert (lead.source, lead.owner) == (Source.ERPNEXT, "sam@example.com")
	assert (event.external_id, event.thread_id) == ("CRM-LEAD-2026-00001", "CRM-LEAD-2026-00001")
	assert (event.person.full_name, event.person.company_name) == ("Ada Lovelace", "Engines Ltd")
	assert (event.person.emails, event.person.phones) == (("ada@example.com",), ("+1 212-555-0123",))
	assert event.occurred_on == utc(2026, 3, 5, 14, 15).replace(microsecond=123456)
	assert lead.touched_on == utc(2026, 3, 6, 14)


def test_fieldnames_say_the_same_as_labels() -> None:
	by_fieldname = {
		"name": ROW["ID"],
		"lead_name": ROW["Full Name"],
		"company_name": ROW["Organization Name"],
		"company": "Our own company",
		"email_id": ROW["Email"],
		"mobile_no": ROW["Mobile No"],
		"status": ROW["Status"],
		"lead_owner": ROW["Lead Owner"],
		"creation": ROW["Created On"],
		"modified": ROW["Last Updated On"],
	}
	assert told(by_fieldname) == told(by_fieldname, tuple(by_fieldname)) == read()


@pytest.mark.parametrize("erp_status", STATUSES)
def test_a_lead_comes_to_the_state_that_installing_the_app_would_give_it(erp_status: str) -> None:
	status, reason = Status.NEW, ""
	for happening in read(Status=erp_status).afterwards:
		decision = decide(Situation(status), happening)
		assert decision.status and not decision.refused
		status, reason = decision.status, decision.reason
	assert (status, reason) == adopted(erp_status, is_untouched=False)


def test_an_answered_lead_was_replied_to() -> None:
	assert read(Status="Replied").afterwards == (Happening.REPLIED,)


def test_the_rows_by_which_data_export_describes_its_columns_are_no_leads() -> None:
	values = {"Column Labels:": "", "~": "", **ROW, "ID": '"CRM-LEAD-2026-00001"'}
	columns = tuple(values)
	assert told(values, columns).event.external_id == "CRM-LEAD-2026-00001"
	for described in ("Column Name:", "Mandatory:", "Type:", "Info:"):
		row = dict.fromkeys(columns, "Data") | {"Column Labels:": described}
		assert ErpNextLeads().read(row, context()) == []
		assert not list(ErpNextLeads().moments(row))


def test_rows_of_tables_within_a_lead_are_no_leads() -> None:
	row = dict.fromkeys(ROW, "") | {"Note (Notes)": "Called back"}
	assert ErpNextLeads().read(row, context()) == []


@pytest.mark.parametrize("changes", [{"Created_On": ""}, {"Created_On": "31-02-2026"}, {"Status": ""}])
def test_what_can_not_be_read(changes: dict[str, str]) -> None:
	with pytest.raises(Unreadable):
		read(**changes)
