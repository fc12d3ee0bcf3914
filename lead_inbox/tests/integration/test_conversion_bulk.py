"""Converting many leads: what is found before, what a user changes, the run, and its result (CO-7, CO-9)."""

from __future__ import annotations

import csv
import io
from typing import Any

import frappe
import pytest

from lead_inbox import tasks
from lead_inbox.api import bulk_conversion as api
from lead_inbox.conversion.bulk import news, run_state, runs, selection
from lead_inbox.conversion.making import converting
from lead_inbox.conversion.rules import Choice
from lead_inbox.inbox import lifecycle
from lead_inbox.tests.integration.builders import make_lead, make_user

MANAGER, SELLER = "manager@company.example", "seller@company.example"
DOCTYPE = "Bulk Lead Conversion"
ROW = "Bulk Lead Conversion Row"
UNKNOWN = "It does not exist, or you have no right to read it."


@pytest.fixture(autouse=True)
def users(transaction: None) -> None:
	make_user(MANAGER, "Sales Manager", "Sales User", "Sales Master Manager")
	make_user(SELLER, "Sales User")
	frappe.set_user(MANAGER)


def person(number: int, company: str = "", **values: Any) -> str:
	"""A lead with an address and a phone of its own."""
	own = {"email_id": f"person-{number}@customer.example", "phone": f"+49301234{number:04}"}
	return make_lead(first_name=f"Person {number}", company_name=company, **{**own, **values}).name


def people(count: int, company: str = "") -> list[str]:
	return [person(number, company) for number in range(count)]


def rows_of(run: str, **filters: Any) -> list[dict[str, Any]]:
	return api.get_rows(run, page_length=500, **filters)["rows"]


def state_of(run: str) -> dict[str, Any]:
	return api.get_rows(run, page_length=1)["state"]


def row_of(run: str, lead: str) -> dict[str, Any]:
	return next(row for row in rows_of(run) if row["lead"] == lead)


def statuses(run: str) -> list[str]:
	return [row["status"] for row in rows_of(run)]


def words(run: str) -> list[str]:
	return [row["words"] for row in rows_of(run)]


def customers_of(leads: list[str]) -> list[str]:
	return [frappe.db.get_value("Lead", lead, "inbox_customer") for lead in leads]


def convert_all(run: str) -> dict[str, Any]:
	"""Start a run and let a worker do it; return where it stands."""
	api.start(run)
	return work(run)


def work(run: str) -> dict[str, Any]:
	user = frappe.session.user
	tasks.run_bulk_conversions()
	frappe.set_user(user)
	return state_of(run)


# who may


def test_who_may_not_create_a_bulk_conversion_may_not_convert_in_bulk(jobs) -> None:
	lead = person(1)
	run = api.prepare([lead])
	frappe.set_user(SELLER)
	for action in (api.prepare, api.start, api.retry, api.stop, api.get_rows, api.get_csv):
		with pytest.raises(frappe.PermissionError):
			action([lead] if action is api.prepare else run)


def test_lead_that_the_user_may_not_read_is_left_out(jobs) -> None:
	mine, other = person(1), person(2)
	frappe.set_user("Administrator")
	frappe.get_doc(doctype="User Permission", user=MANAGER, allow="Lead", for_value=mine).insert()
	frappe.set_user(MANAGER)
	run = api.prepare([mine, other, "LEAD-NOBODY"])
	assert words(run) == ["", UNKNOWN, UNKNOWN]
	assert row_of(run, other)["about"] is None
	assert api.change_rows(run, {"status": "Pending"}) == 0


def test_run_can_not_be_given_to_another_user_by_saving_it(jobs) -> None:
	run = frappe.get_doc(DOCTYPE, api.prepare([person(1)]))
	run.update({"status": "Running", "started_by": "Administrator", "selection": "[]"}).save()
	stored = frappe.get_doc(DOCTYPE, run.name)
	assert (stored.status, stored.started_by, stored.selection) == ("Ready", None, None)


# what is found before anything is made


def test_row_says_which_row_it_is_the_double_of(jobs) -> None:
	first = person(1, email_id="Naree@customer.example")
	second = person(2)
	frappe.db.set_value("Lead", second, "email_id", "naree@customer.example")
	third = person(3, mobile_no="+49 30 1234 0001")
	run = api.prepare([first, second, third, person(4)])
	assert words(run) == ["", "The same e-mail address as row 1.", "The same phone number as row 1.", ""]
	assert statuses(run) == ["Pending", "Left Out", "Left Out", "Pending"]


def test_double_can_be_taken_in_and_a_row_left_out_by_hand(jobs) -> None:
	run = api.prepare([person(1), person(2, phone="+49301230001"), person(3, phone="+49301230001")])
	double = rows_of(run)[2]
	assert api.change_rows(run, {"status": "Pending"}, [double["name"]]) == 1
	first = rows_of(run)[0]
	assert api.change_rows(run, {"status": "Left Out"}, [first["name"]]) == 1
	assert statuses(run) == ["Left Out", "Pending", "Pending"]
	assert words(run) == ["Left out by hand.", "", ""]


def test_lead_that_is_selected_twice_has_one_row(jobs) -> None:
	lead = person(1)
	assert len(rows_of(api.prepare([lead, lead]))) == 1


def test_converted_and_merged_leads_are_left_out_for_good(jobs) -> None:
	converted, merged, winner = people(3)
	converting.convert(converted, Choice())
	lifecycle.merge_away(merged, winner)
	run = api.prepare([converted, merged, winner])
	assert words(run) == [
		"It was converted before.",
		"It was merged into another lead: convert that one.",
		"",
	]
	assert api.change_rows(run, {"status": "Pending"}) == 0


def test_rows_of_a_company_stand_together_whatever_its_spelling(jobs) -> None:
	leads = [person(1, "Acme Ltd."), person(2, "Bolt"), person(3, "ACME"), person(4, "Bólt GmbH"), person(5)]
	run = api.prepare(leads)
	page = api.get_rows(run)
	assert [row["position"] for row in page["rows"]] == [1, 3, 2, 4, 5]
	assert {key: found["count"] for key, found in page["companies"].items()} == {"acme": 2, "bolt": 2}


def test_customer_that_has_the_name_already_is_offered(jobs) -> None:
	customer = make_customer("Acme Limited")
	run = api.prepare([person(1, "ACME"), person(2, "Bolt")])
	page = api.get_rows(run)
	assert page["companies"]["acme"]["existing"] == [{"name": customer, "label": "Acme Limited"}]
	assert "bolt" not in page["companies"]
	assert page["plan"]["known"] == 1


def make_customer(name: str) -> str:
	return frappe.get_doc(doctype="Customer", customer_name=name).insert(ignore_permissions=True).name


def test_selection_is_read_in_sets(jobs, monkeypatch: pytest.MonkeyPatch) -> None:
	"""Thrice as many leads take no more queries."""
	leads = [person(number, f"Company {number}") for number in range(36)]
	api.get_rows(api.prepare(leads))  # what Frappe reads of DocTypes once
	counts = []
	for selected in (leads[:12], leads):
		asked = []
		with monkeypatch.context() as patched:
			patched.setattr(frappe.db, "sql", counting(asked, frappe.db.sql))
			api.get_rows(api.prepare(selected))
		counts.append(len(asked))
	assert counts[1] <= counts[0]


def counting(asked: list[str], sql: Any) -> Any:
	def count(query: str, *arguments: Any, **options: Any) -> Any:
		asked.append(query)
		return sql(query, *arguments, **options)

	return count


def test_large_selection_is_prepared_by_a_job_as_its_user(jobs, monkeypatch: pytest.MonkeyPatch) -> None:
	monkeypatch.setattr(selection, "AT_ONCE", 3)
	monkeypatch.setattr(selection, "BATCH", 2)
	leads = [*people(4), person(5, phone="+49301234" + "0001")]
	hidden = leads.pop(2)
	frappe.set_user("Administrator")
	for lead in leads:
		frappe.get_doc(doctype="User Permission", user=MANAGER, allow="Lead", for_value=lead).insert()
	frappe.set_user(MANAGER)
	news.WAKING.is_awake()  # the claim of an earlier test
	run = api.prepare([*leads, hidden])
	frappe.db.commit()
	assert state_of(run)["status"] == "Preparing"
	with pytest.raises(run_state.NotPossibleNow, match="still being read"):
		api.start(run)
	assert ("lead_inbox.tasks.run_bulk_conversions", {}) in jobs
	assert work(run)["status"] == "Ready"
	assert words(run) == ["", "", "", "The same phone number as row 2.", UNKNOWN]


def test_selection_whose_worker_died_is_prepared_anew(jobs) -> None:
	leads = people(3)
	run = api.prepare(leads)
	frappe.db.set_value(DOCTYPE, run, {"status": "Preparing", "selection": frappe.as_json(leads)})
	assert work(run)["status"] == "Ready"
	assert [row["lead"] for row in rows_of(run)] == leads


def test_too_many_leads_are_refused() -> None:
	with pytest.raises(frappe.ValidationError, match="at most 10000"):
		api.prepare([f"LEAD-{number}" for number in range(10_001)])


# what a user changes


def test_column_can_be_changed_for_all_rows_or_for_some(jobs) -> None:
	run = api.prepare(people(3))
	first = rows_of(run)[0]["name"]
	assert api.change_rows(run, {"owner_user": SELLER, "qualification": "Qualified"}) == 3
	assert api.change_rows(run, {"opportunity_mode": "None"}, [first]) == 1
	wanted = [(row["owner_user"], row["qualification"], row["opportunity_mode"]) for row in rows_of(run)]
	assert wanted == [
		(SELLER, "Qualified", "None"),
		(SELLER, "Qualified", "New"),
		(SELLER, "Qualified", "New"),
	]


@pytest.mark.parametrize(
	("values", "why"),
	[
		({"owner_user": "nobody@company.example"}, "can't own records"),
		({"qualification": "Splendid"}, "Choose one of"),
		({"customer_mode": "Existing"}, "Choose an existing Customer"),
		({"customer_mode": "Existing", "customer": "Nobody Inc"}, "does not exist any more"),
		({"contact_mode": "Maybe"}, "Choose one of"),
		({"status": "Converted"}, "Choose one of"),
		({"conversion": "x"}, "can't be changed"),
	],
)
def test_what_no_row_may_have_is_refused_at_once(jobs, values: dict[str, str], why: str) -> None:
	run = api.prepare(people(1))
	with pytest.raises(frappe.ValidationError, match=why):
		api.change_rows(run, values)


def test_disabled_owner_is_refused_at_once(jobs) -> None:
	run = api.prepare(people(1))
	frappe.db.set_value("User", SELLER, "enabled", 0)
	with pytest.raises(frappe.ValidationError, match="enabled"):
		api.change_rows(run, {"owner_user": SELLER})


def test_rows_of_another_run_are_not_touched(jobs) -> None:
	one, two = api.prepare([person(1)]), api.prepare([person(2)])
	assert api.change_rows(one, {"opportunity_mode": "None"}, [rows_of(two)[0]["name"]]) == 0
	assert rows_of(two)[0]["opportunity_mode"] == "New"


def test_running_conversion_is_not_changed(jobs) -> None:
	run = api.prepare(people(1))
	api.start(run)
	for change in (
		lambda: api.change_rows(run, {"opportunity_mode": "None"}),
		lambda: api.set_company(run, "acme", "New"),
		lambda: api.start(run),
		lambda: api.retry(run),
	):
		with pytest.raises(run_state.NotPossibleNow, match="running"):
			change()


# the run


def test_every_lead_is_converted_as_its_row_wants(jobs) -> None:
	leads = people(3)
	run = api.prepare(leads)
	rows = rows_of(run)
	api.change_rows(run, {"owner_user": SELLER, "qualification": "Qualified"}, [rows[0]["name"]])
	api.change_rows(run, {"opportunity_mode": "None"}, [rows[1]["name"]])
	api.change_rows(run, {"customer_mode": "Existing", "customer": make_customer("Bolt")}, [rows[2]["name"]])
	assert api.get_rows(run)["plan"] == {
		**{"leads": 3, "new_customers": 2, "linked": 1},
		**{"opportunities": 2, "known": 0},
	}
	state = convert_all(run)
	assert (state["status"], state["counts"]["Converted"]) == ("Finished", 3)
	made = [row["made"] for row in rows_of(run)]
	assert all(part["customer"] and part["contact"] for part in made)
	assert ["opportunity" in part for part in made] == [True, False, True]
	assert made[2]["customer"]["name"] == "Bolt"
	assert frappe.db.get_value("Opportunity", made[0]["opportunity"]["name"], "opportunity_owner") == SELLER
	assert frappe.db.get_value("Lead", leads[0], ["qualification_status", "inbox_converted_by"]) == (
		"Qualified",
		MANAGER,
	)


def test_leads_of_a_company_get_a_customer_each_unless_somebody_chooses(jobs) -> None:
	leads = people(3, "Acme")
	convert_all(api.prepare(leads))
	assert len(set(customers_of(leads))) == 3


def test_leads_of_a_company_may_share_one_new_customer(jobs) -> None:
	leads = [person(1, "Acme"), person(2, "Bolt"), person(3, "ACME Ltd"), person(4, "Acme")]
	run = api.prepare(leads)
	assert api.set_company(run, "acme", "Shared") == 3
	assert api.get_rows(run)["plan"]["new_customers"] == 2
	convert_all(run)
	acme, bolt, again, once_more = customers_of(leads)
	assert acme == again == once_more != bolt
	assert frappe.db.count("Customer", {"customer_name": ["in", ["Acme", "ACME Ltd"]]}) == 1


def test_shared_customer_is_made_by_the_first_lead_that_can_be_converted(jobs) -> None:
	"""And by no second one, when those that failed are tried again."""
	leads = people(3, "Acme")
	run = api.prepare(leads)
	api.set_company(run, "acme", "Shared")
	let_fail(run, leads[0])
	convert_all(run)
	assert statuses(run) == ["Failed", "Converted", "Converted"]
	mend()
	api.retry(run)
	work(run)
	assert len(set(customers_of(leads))) == 1


def test_leads_of_a_company_may_get_an_existing_customer(jobs) -> None:
	customer = make_customer("Acme Limited")
	leads = people(2, "Acme")
	run = api.prepare(leads)
	api.set_company(run, "acme", "Existing", customer)
	convert_all(run)
	assert customers_of(leads) == [customer, customer]


def let_fail(run: str, lead: str) -> None:
	"""The owner that the row wants is disabled after it was chosen."""
	api.change_rows(run, {"owner_user": SELLER}, [row_of(run, lead)["name"]])
	frappe.db.set_value("User", SELLER, "enabled", 0)


def mend() -> None:
	frappe.db.set_value("User", SELLER, "enabled", 1)


def test_one_lead_s_failure_leaves_the_others_alone_and_retry_converts_the_mended(jobs) -> None:
	leads = people(4)
	run = api.prepare(leads)
	let_fail(run, leads[1])
	state = convert_all(run)
	assert statuses(run) == ["Converted", "Failed", "Converted", "Converted"]
	assert (state["counts"]["Converted"], state["counts"]["Failed"]) == (3, 1)
	failed = rows_of(run)[1]
	assert SELLER in failed["words"] and "Choose another owner" in failed["words"]
	assert not failed["made"]
	before = customers_of(leads)
	assert before[1] is None

	mend()
	api.retry(run)
	assert work(run)["counts"]["Converted"] == 4
	assert customers_of(leads)[0] == before[0] and customers_of(leads)[1]
	assert words(run) == ["", "", "", ""]
	with pytest.raises(run_state.NotPossibleNow, match="No lead has failed"):
		api.retry(run)


def test_failed_row_can_be_changed_before_it_is_retried(jobs) -> None:
	leads = people(2)
	run = api.prepare(leads)
	let_fail(run, leads[0])
	convert_all(run)
	api.change_rows(run, {"owner_user": ""}, [rows_of(run)[0]["name"]])
	api.retry(run)
	assert work(run)["counts"]["Converted"] == 2


def test_what_fails_is_undone_as_a_whole(jobs, monkeypatch: pytest.MonkeyPatch) -> None:
	"""Also what nobody has foreseen: its row says so and names the log."""
	leads = people(2)
	run = api.prepare(leads)
	carry_over = converting.carrying.carry_over

	def fail(lead: str, *arguments: Any) -> None:
		if lead == leads[0]:
			raise RuntimeError("The <b>disk</b> is full")
		carry_over(lead, *arguments)

	monkeypatch.setattr(converting.carrying, "carry_over", fail)
	convert_all(run)
	failed, done = rows_of(run)
	assert (failed["status"], done["status"]) == ("Failed", "Converted")
	log = frappe.db.get_value("Error Log", {"reference_name": leads[0]}, ["name", "error"], as_dict=True)
	assert failed["words"] == f"An unexpected error: The disk is full (see Error Log {log.name})."
	assert "RuntimeError" in log.error
	assert not frappe.db.exists("Customer", {"lead_name": leads[0]})


def test_lead_that_somebody_converts_meanwhile_is_not_converted_again(jobs) -> None:
	leads = people(2)
	run = api.prepare(leads)
	converting.convert(leads[0], Choice())
	convert_all(run)
	assert statuses(run) == ["Failed", "Converted"]
	assert "converted already" in words(run)[0]
	assert frappe.db.count("Customer", {"lead_name": leads[0]}) == 1


def test_run_that_is_stopped_goes_on_where_it_was(jobs, monkeypatch: pytest.MonkeyPatch) -> None:
	leads = people(3)
	run = api.prepare(leads)
	convert = converting.convert

	def stop_after(lead: str, *arguments: Any, **options: Any) -> Any:
		api.stop(run)
		return convert(lead, *arguments, **options)

	api.start(run)
	with monkeypatch.context() as patched:
		patched.setattr(converting, "convert", stop_after)
		assert work(run)["status"] == "Stopped"
	assert statuses(run) == ["Converted", "Pending", "Pending"]
	work(run)
	assert statuses(run) == ["Converted", "Pending", "Pending"]
	assert convert_all(run)["status"] == "Finished"
	assert statuses(run) == ["Converted", "Converted", "Converted"]


def test_run_of_a_user_who_is_disabled_meanwhile_stops(jobs) -> None:
	leads = people(2)
	run = api.prepare(leads)
	api.start(run)
	frappe.db.set_value("User", MANAGER, "enabled", 0)
	tasks.run_bulk_conversions()
	state = state_of(run)
	assert (state["status"], state["counts"]["Pending"]) == ("Stopped", 2)
	assert MANAGER in state["problem"] and "disabled" in state["problem"]


def test_selection_of_a_user_who_is_disabled_meanwhile_is_given_up(jobs) -> None:
	run = api.prepare(people(1))
	frappe.db.set_value(DOCTYPE, run, {"status": "Preparing", "selection": "[]"})
	frappe.db.set_value("User", MANAGER, "enabled", 0)
	assert work(run)["problem"] == f"{MANAGER}, as whom it ran, is disabled. Select the leads again."


def test_run_of_a_user_who_lost_the_right_stops(jobs) -> None:
	run = api.prepare(people(2))
	api.start(run)
	frappe.set_user("Administrator")
	frappe.get_doc("User", MANAGER).remove_roles("Sales Manager")
	tasks.run_bulk_conversions()
	state = state_of(run)
	assert (state["status"], state["counts"]["Pending"]) == ("Stopped", 2)
	assert "may not convert in bulk" in state["problem"]


def test_each_lead_is_converted_with_the_rights_of_who_started(jobs) -> None:
	"""A colleague who prepared the run may do more."""
	run = api.prepare(people(1))
	frappe.set_user("Administrator")
	frappe.set_user(make_user("other@company.example", "Sales Manager"))
	assert not frappe.has_permission("Customer", ptype="create")
	convert_all(run)
	assert statuses(run) == ["Failed"]
	assert "no right" in words(run)[0]


def test_long_run_makes_room_and_goes_on_later(jobs, monkeypatch: pytest.MonkeyPatch) -> None:
	run = api.prepare(people(3))
	api.start(run)
	assert runs.advance_due(0) is False
	frappe.set_user(MANAGER)
	assert statuses(run).count("Converted") < 3
	assert work(run)["status"] == "Finished"


def test_user_is_told_when_it_has_finished(jobs) -> None:
	run = api.prepare(people(2))
	convert_all(run)
	(told,) = frappe.get_all(
		"Notification Log", filters={"document_name": run}, fields=["for_user", "subject"]
	)
	assert (told.for_user, told.subject) == (MANAGER, f"{run}: 2 leads were converted, 0 failed.")


def test_running_conversion_is_not_deleted_and_its_rows_go_with_it(jobs) -> None:
	lead = person(1)
	run = api.prepare([lead])
	api.start(run)
	with pytest.raises(frappe.ValidationError, match="Stop it"):
		frappe.delete_doc(DOCTYPE, run)
	work(run)
	frappe.delete_doc(DOCTYPE, run)
	assert not frappe.db.exists(ROW, {"bulk_conversion": run})
	assert frappe.db.exists("Lead Conversion", {"lead": lead})


# the result


def test_result_is_in_the_order_of_the_selection_and_can_be_filtered(jobs) -> None:
	leads = [person(1, "Acme"), person(2), person(3, "Acme"), person(4)]
	run = api.prepare(leads)
	let_fail(run, leads[1])
	convert_all(run)
	assert [row["lead"] for row in rows_of(run)] == leads
	assert [row["lead"] for row in rows_of(run, status="Failed")] == [leads[1]]
	page = api.get_rows(run, status="Converted", start=1, page_length=1)
	assert [row["lead"] for row in page["rows"]] == [leads[2]]
	assert (page["count"], page["state"]["counts"]["Failed"]) == (3, 1)


def download(run: str) -> tuple[bytes, list[dict[str, str]]]:
	answer = api.get_csv(run)
	content = b"".join(answer.response)
	return content, list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_download_has_a_line_a_lead_with_links_or_error(jobs, monkeypatch: pytest.MonkeyPatch) -> None:
	leads = [person(1, "Grüße 東京"), *[person(number) for number in (2, 3)]]
	run = api.prepare(leads)
	let_fail(run, leads[1])
	convert_all(run)
	monkeypatch.setattr("lead_inbox.conversion.bulk.results.CSV_PAGE", 2)
	content, lines = download(run)
	assert content.startswith(b"\xef\xbb\xbf")
	assert [line["Lead"] for line in lines] == leads
	assert (lines[0]["Company"], lines[0]["Status"], lines[0]["Error"]) == ("Grüße 東京", "Converted", "")
	assert lines[0]["Customer"] == customers_of(leads)[0] and lines[0]["Opportunity"]
	assert lines[1]["Customer"] == "" and "Choose another owner" in lines[1]["Error"]


def test_download_gives_spreadsheets_no_formula(jobs) -> None:
	run = api.prepare([person(1, '=HYPERLINK("http://evil.example")'), person(2, "@SUM(1)")])
	_content, lines = download(run)
	assert [line["Company"][:2] for line in lines] == ["'=", "'@"]


def test_download_is_in_the_language_of_the_user(jobs) -> None:
	run = api.prepare([person(1)])
	frappe.local.lang = "de"
	try:
		_content, (line,) = download(run)
	finally:
		frappe.local.lang = "en"
	assert "Kunde" in line
