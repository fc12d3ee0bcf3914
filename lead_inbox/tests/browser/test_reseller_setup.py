"""The guided form of a reseller customer, new and imported, from its begin to the account (RS-1, RS-2, RS-4), and the
form of the record itself (RS-3, RS-5 to RS-8)."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from lead_inbox.tests.browser import staging, staging_resellers
from lead_inbox.tests.browser.conftest import OpenPage
from lead_inbox.tests.browser.inbox_page import (
	AS_JUN,
	NARROW,
	WIDE,
	dialog,
	expect_no_sideways_scrolling,
	wait_for_dialog,
	wait_for_no_dialog,
	wait_until_live,
)
from lead_inbox.tests.browser.reseller_page import (
	PATH,
	answer,
	begin,
	begin_setup,
	choose,
	choose_link,
	choose_type,
	expect_step,
	fault,
	field,
	fill,
	go_on,
	note_account,
	open_setup,
	prove_all,
	record_consent,
	requirement,
	step,
	try_to_go_on,
)
from lead_inbox.tests.browser.staging_resellers import NONPROFITS, STARTER, VAULT, WORKSPACE
from tools.live import ServedSite

FORM = "/app/reseller-customer"
ROOM = "doctype:Reseller Customer"


@pytest.fixture(autouse=True)
def no_resellers(served_site: ServedSite) -> None:
	served_site.run(staging_resellers.remove_all)


@pytest.fixture
def workspace(served_site: ServedSite) -> str:
	return served_site.run(staging_resellers.workspace)


@pytest.fixture
def draft(served_site: ServedSite, workspace: str) -> str:
	"""A customer whose form is filled in, but for its requirements."""
	return served_site.run(staging_resellers.customer)


@pytest.fixture
def connected(served_site: ServedSite) -> str:
	"""A customer whose account can be asked of the vendor."""
	served_site.run(staging_resellers.connected_workspace)
	return served_site.run(staging_resellers.customer, "Checked")


def open_record(open_page: OpenPage, name: str) -> Page:
	page = open_page(f"{FORM}/{name}", **AS_JUN, **WIDE)
	expect(page.locator(".form-message")).to_be_visible(timeout=30_000)
	return page


# A new customer


def test_new_customer_from_its_begin_to_the_account_by_hand(
	served_site: ServedSite, open_page: OpenPage, workspace: str
) -> None:
	page = begin_setup(open_page)
	expect(field(page, "product_family")).to_have_value(workspace)  # the only one
	go_on(page, "Customer")
	fill(page, organization_name="Delta Mills Ltd.", domain="https://www.deltamills.com/about")
	fill(page, primary_email="admin@deltamills.com", crm_id="D-17")
	go_on(page, "Requirements")
	prove_all(page)
	go_on(page, "Contact")
	fill(page, first_name="Mali", last_name="Georgiou", alternate_email="mali@gmail.com")
	fill(page, phone="+30 2821 055555", city="Chania")
	choose_link(page, "country", "Greece")
	go_on(page, "Review")
	expect(page.locator("[data-summary=Customer]")).to_contain_text("deltamills.com")
	expect(page.locator(".reseller-step .reseller-fault")).to_have_count(0)
	page.locator("[data-action=finish]").click()
	expect_step(page, "Account")
	note_account(page, "C04abc123", identity="C04xyz", console="https://admin.example/C04abc123")
	expect(page.locator("[data-account=ready]")).to_contain_text("The customer is created")
	expect(page.locator("[data-account=ready]")).to_contain_text("C04abc123")
	known = served_site.run(staging_resellers.newest)
	assert (known["status"], known["domain"], known["phone"]) == (
		"Created",
		"deltamills.com",
		"+302821055555",
	)
	assert (known["vendor_account"], known["cloud_identity_id"], known["country"]) == (
		"C04abc123",
		"C04xyz",
		"Greece",
	)
	assert {check["result"] for check in known["checks"]} == {"Passed"}


def test_team_is_asked_for_its_email_and_not_for_a_domain(
	served_site: ServedSite, open_page: OpenPage, workspace: str
) -> None:
	page = begin_setup(open_page)
	choose_type(page, "Team")
	go_on(page, "Customer")
	expect(page.locator("[data-field=domain]")).to_have_count(0)
	fill(page, organization_name="Two Potters")
	try_to_go_on(page)
	expect(fault(page, "primary_email")).to_contain_text("Enter the address")
	fill(page, primary_email="potters@gmail.com")
	go_on(page, "Requirements")
	expect(requirement(page, "domain registered")).to_have_count(0)
	expect(requirement(page, NONPROFITS)).to_be_visible()
	assert served_site.run(staging_resellers.newest)["customer_type"] == "Team"


def test_type_that_the_family_does_not_take_cannot_be_chosen(
	served_site: ServedSite, open_page: OpenPage
) -> None:
	served_site.run(lambda: staging_resellers.workspace(for_teams=0))
	page = begin_setup(open_page)
	team = page.locator("[data-field=customer_type]").get_by_role("radio", name=re.compile("^Team"))
	expect(team).to_be_disabled()
	expect(page.locator("[data-field=customer_type]")).to_contain_text("Not offered for this product family")


def test_identifier_is_asked_where_the_family_wants_it_and_comes_with_it(
	served_site: ServedSite, open_page: OpenPage
) -> None:
	served_site.run(lambda: staging_resellers.workspace(asks_identifier=1, public_identifier="C0reseller"))
	page = begin_setup(open_page)
	expect(field(page, "public_identifier")).to_have_value("C0reseller")
	field(page, "public_identifier").fill("")
	try_to_go_on(page)
	expect(fault(page, "public_identifier")).to_contain_text("public identifier")
	expect(field(page, "public_identifier")).to_be_focused()


def test_family_is_chosen_among_several(served_site: ServedSite, open_page: OpenPage, workspace: str) -> None:
	served_site.run(lambda: staging_resellers.make_family("Other Suite", asks_identifier=1))
	page = begin_setup(open_page)
	try_to_go_on(page)
	expect(fault(page, "product_family")).to_contain_text("Choose a product family")
	expect(field(page, "product_family")).to_be_focused()
	choose_link(page, "product_family", "Other Suite")
	expect(page.locator("[data-field=public_identifier]")).to_be_visible()
	choose_link(page, "product_family", WORKSPACE)
	expect(page.locator("[data-field=public_identifier]")).to_have_count(0)
	go_on(page, "Customer")


# What is refused


def test_refused_fields_say_why_beside_them_and_the_rest_is_saved(
	served_site: ServedSite, open_page: OpenPage, workspace: str
) -> None:
	page = begin_setup(open_page, to="Customer")
	fill(page, organization_name="Delta Mills Ltd.", domain="gmail.com", primary_email="mali@gmail")
	try_to_go_on(page)
	expect(fault(page, "domain")).to_contain_text("domain of a mail service")
	expect(fault(page, "primary_email")).to_contain_text("no e-mail address")
	expect(field(page, "domain")).to_be_focused()
	expect(field(page, "domain")).to_have_attribute("aria-invalid", "true")
	expect(field(page, "domain")).to_have_accessible_description(re.compile("domain of a mail service"))
	expect(field(page, "domain")).to_have_value("gmail.com")
	expect(page.locator(".reseller-setup > [role=status]")).to_have_text("2 entries have to be mended.")
	known = served_site.run(staging_resellers.newest)
	assert (known["organization_name"], known["domain"]) == ("Delta Mills Ltd.", None)
	fill(page, domain="deltamills.com")
	expect(fault(page, "domain")).to_have_count(0)
	fill(page, primary_email="admin@elsewhere.com")
	try_to_go_on(page)
	expect(fault(page, "primary_email")).to_contain_text("customer's own domain")
	fill(page, primary_email="admin@deltamills.com")
	go_on(page, "Requirements")


@pytest.mark.parametrize(
	("name", "value", "words"),
	[
		("alternate_email", "mali@mail.deltamills.com", "outside the customer's domain"),
		("phone", "2821 055555", "country code"),
		("phone", "+30 1", "no phone number"),
	],
)
def test_contact_that_the_vendor_would_not_take_is_refused(
	served_site: ServedSite, open_page: OpenPage, workspace: str, name: str, value: str, words: str
) -> None:
	customer = served_site.run(lambda: staging_resellers.customer(domain="deltamills.com"))
	page = open_setup(open_page, customer, "contact")
	fill(page, **{name: value})
	try_to_go_on(page)
	expect(fault(page, name)).to_contain_text(words)
	expect(field(page, name)).to_be_focused()
	expect(step(page, "Contact")).not_to_have_class(re.compile("is-complete"))


def test_domain_of_another_customer_is_refused(
	served_site: ServedSite, open_page: OpenPage, workspace: str
) -> None:
	served_site.run(lambda: staging_resellers.customer(domain="deltamills.com"))
	page = begin_setup(open_page, to="Customer")
	fill(page, organization_name="Delta Mills", domain="DELTAMILLS.com.", primary_email="a@deltamills.com")
	try_to_go_on(page)
	expect(fault(page, "domain")).to_contain_text("Another customer")


def test_requirement_needs_evidence_and_one_that_failed_keeps_the_account_away(
	served_site: ServedSite, open_page: OpenPage, draft: str
) -> None:
	page = open_setup(open_page, draft, "requirements")
	registered = requirement(page, "domain registered")
	registered.get_by_label("Yes", exact=True).check()
	try_to_go_on(page)
	expect(registered.locator(".reseller-fault")).to_contain_text("by what this can be seen")
	expect(registered.get_by_label("Evidence")).to_be_focused()
	registered.get_by_label("Evidence").fill("WHOIS of today")
	requirement(page, NONPROFITS).get_by_label("No", exact=True).check()
	go_on(page, "Contact")
	go_on(page, "Review")
	expect(step(page, "Account")).to_be_disabled()
	page.locator("[data-action=finish]").click()
	wait_for_dialog(page)
	expect(dialog(page)).to_contain_text(NONPROFITS)
	page.keyboard.press("Escape")
	wait_for_no_dialog(page)
	expect_step(page, "Review")
	known = served_site.run(staging_resellers.stored, draft)
	assert known["status"] == "Draft"
	results = {check["subject"]: (check["result"], check["evidence"]) for check in known["checks"]}
	assert results["Registered Domain"] == ("Passed", "WHOIS of today")
	assert results["Not on Another Product"][0] == "Failed"


def test_review_names_what_is_lacking_and_leads_there(
	served_site: ServedSite, open_page: OpenPage, workspace: str
) -> None:
	customer = served_site.run(lambda: staging_resellers.customer(alternate_email=""))
	page = open_setup(open_page, customer, "review")
	contact = page.locator("[data-summary=Contact]")
	expect(contact.locator(".reseller-fault")).to_contain_text("outside the customer's domain")
	contact.get_by_role("button", name="Change: Contact").click()
	expect_step(page, "Contact")


# Leaving and coming back


def test_setup_goes_on_at_the_step_where_it_was_left(
	served_site: ServedSite, open_page: OpenPage, workspace: str
) -> None:
	page = begin_setup(open_page, to="Customer")
	fill(page, organization_name="Delta Mills Ltd.", domain="deltamills.com")
	page.reload()  # the browser may ask; nobody answers here
	expect_step(page, "Customer")
	fill(page, organization_name="Delta Mills Ltd.", domain="deltamills.com")
	fill(page, primary_email="admin@deltamills.com")
	go_on(page, "Requirements")
	prove_all(page)
	go_on(page, "Contact")
	fill(page, city="Chania")
	step(page, "Kind").click()  # saves on the way, though the rest is still lacking
	expect_step(page, "Kind")
	page.goto(PATH)
	page.get_by_role("button", name=re.compile("Delta Mills")).click()
	expect_step(page, "Contact")
	expect(field(page, "city")).to_have_value("Chania")
	expect(page).to_have_url(re.compile(r"/RES-[^/]+/contact$"))


def test_what_is_entered_is_saved_when_the_page_is_left(
	served_site: ServedSite, open_page: OpenPage, draft: str
) -> None:
	page = open_setup(open_page, draft, "contact")
	fill(page, city="Rethymno")
	page.locator("[data-action=leave]").click()
	expect(page.locator(".form-message")).to_be_visible(timeout=30_000)
	assert served_site.run(staging_resellers.stored, draft)["city"] == "Rethymno"
	page.get_by_role("button", name="Continue Setup").click()
	expect_step(page, "Requirements")


def test_browser_goes_back_and_forth_between_steps(
	served_site: ServedSite, open_page: OpenPage, draft: str
) -> None:
	page = open_setup(open_page, draft, "kind")
	go_on(page, "Customer")
	fill(page, crm_id="D-17")
	page.go_back()
	expect_step(page, "Kind")
	expect(page.locator("#navbar-breadcrumbs")).to_contain_text("Reseller Customer")
	page.go_forward()
	expect_step(page, "Customer")
	expect(field(page, "crm_id")).to_have_value("D-17")
	expect(page.locator(".reseller-setup")).to_have_attribute("aria-busy", "false")
	assert served_site.run(staging_resellers.stored, draft)["crm_id"] == "D-17"


def test_what_cannot_be_saved_stays_where_it_was_entered(
	served_site: ServedSite, open_page: OpenPage, draft: str
) -> None:
	page = open_setup(open_page, draft, "contact")
	fill(page, city="Rethymno")
	page.route(re.compile("resellers.save_step"), lambda route: route.abort())
	step(page, "Kind").click()
	expect(page.locator("#alert-container")).to_contain_text("Check your internet connection")
	expect_step(page, "Contact")
	expect(field(page, "city")).to_have_value("Rethymno")
	page.unroute(re.compile("resellers.save_step"))
	step(page, "Kind").click()
	expect_step(page, "Kind")
	assert served_site.run(staging_resellers.stored, draft)["city"] == "Rethymno"


def test_change_after_the_check_needs_a_new_one(
	served_site: ServedSite, open_page: OpenPage, workspace: str
) -> None:
	customer = served_site.run(staging_resellers.customer, "Checked")
	page = open_setup(open_page, customer)
	expect_step(page, "Account")
	step(page, "Contact").click()
	expect_step(page, "Contact")
	fill(page, city="Rethymno")
	go_on(page, "Review")
	expect(step(page, "Account")).to_be_disabled()
	page.locator("[data-action=finish]").click()
	expect_step(page, "Account")


def test_answers_are_kept_as_they_are_once_the_account_is_there(
	served_site: ServedSite, open_page: OpenPage, workspace: str
) -> None:
	customer = served_site.run(staging_resellers.customer, "Created")
	page = open_setup(open_page, customer, "customer")
	expect(page.locator(".reseller-step")).to_contain_text("The account is there")
	expect(field(page, "organization_name")).to_be_disabled()


# An import


def test_import_needs_consent_and_then_goes_to_the_account(
	served_site: ServedSite, open_page: OpenPage, workspace: str
) -> None:
	page = begin_setup(open_page, origin="Import", to="Customer")
	fill(page, organization_name="Harbor Foods", domain="harborfoods.com")
	fill(page, primary_email="admin@harborfoods.com")
	go_on(page, "Requirements")
	prove_all(page)
	go_on(page, "Consent")
	expect(page.locator("[data-consent=state]")).to_contain_text("has not agreed yet")
	expect(page.locator(".reseller-letter")).to_contain_text("Transfer page of your Admin console")
	go_on(page, "Contact")
	fill(page, alternate_email="harbor@gmail.com")
	choose_link(page, "country", "Greece")
	go_on(page, "Review")
	page.locator("[data-action=finish]").click()
	wait_for_dialog(page)
	expect(dialog(page)).to_contain_text("has not agreed yet")
	page.keyboard.press("Escape")
	wait_for_no_dialog(page)
	step(page, "Consent").click()
	record_consent(page)
	expect(page.locator("[data-consent=state]")).to_contain_text("The customer has consented")
	expect(page.locator("[data-consent=row]")).to_contain_text("Mali Georgiou")
	page.locator("[data-action=set-token]").click()
	answer(page, "Save", token="a-secret-token")
	expect(page.locator("[data-consent=token]")).to_contain_text("A transfer token is stored")
	assert "a-secret-token" not in page.content()
	step(page, "Review").click()
	page.locator("[data-action=finish]").click()
	expect_step(page, "Account")
	note_account(page, "C05import")
	expect(page.locator("[data-account=ready]")).to_contain_text("The customer is imported")
	known = served_site.run(staging_resellers.newest)
	assert (known["status"], known["vendor_account"]) == ("Imported", "C05import")
	assert known["consents"][0]["evidence"] == "Mail of this morning"


def test_withdrawn_consent_does_not_count(
	served_site: ServedSite, open_page: OpenPage, workspace: str
) -> None:
	customer = served_site.run(lambda: staging_resellers.customer(origin="Import"))
	page = open_setup(open_page, customer, "consent")
	expect(page.locator("[data-consent=state]")).to_contain_text("The customer has consented")
	page.get_by_role("button", name="Withdraw the consent of Mali Georgiou").click()
	answer(page, "Withdraw")
	expect(page.locator("[data-consent=state]")).to_contain_text("has withdrawn the consent")
	expect(page.locator("[data-consent=row]")).to_contain_text("Withdrawn on")


def test_instructions_go_to_the_customer(
	served_site: ServedSite, open_page: OpenPage, workspace: str
) -> None:
	customer = served_site.run(lambda: staging_resellers.customer(origin="Import"))
	page = open_setup(open_page, customer, "consent")
	page.locator("[data-action=send-instructions]").click()
	expect(page.locator("#alert-container")).to_contain_text("The instructions were sent")
	(mail,) = served_site.run(staging_resellers.mails)
	assert "Transfer page" in mail


# The connection


def test_vendor_is_asked_and_its_answer_arrives_by_itself(
	served_site: ServedSite, open_page: OpenPage, connected: str
) -> None:
	page = open_setup(open_page, connected)
	wait_until_live(served_site, page, ROOM)
	expect(page.locator("[data-action=open-account]")).to_have_text("Create Customer")
	page.locator("[data-action=open-account]").click()
	# nobody has set the connection up on this site, and that is what the user reads
	failed = page.locator("[data-request=Failed]")
	expect(failed).to_contain_text("The vendor did not do it", timeout=60_000)
	expect(failed.get_by_role("alert")).to_contain_text(re.compile("Lead Inbox Settings|pip install"))
	page.locator("[data-action=retry]").click()
	expect(page.locator("[data-request]")).to_be_visible()


def test_nothing_can_be_changed_while_the_vendor_is_asked(
	served_site: ServedSite, open_page: OpenPage, connected: str
) -> None:
	page = open_setup(open_page, connected)
	wait_until_live(served_site, page, ROOM)
	served_site.run(staging_resellers.wait_for_vendor, connected, "The vendor is busy.")
	waiting = page.locator("[data-request=Waiting]")
	expect(waiting).to_contain_text("The vendor is busy.")
	expect(waiting).to_contain_text("The next attempt is")
	step(page, "Contact").click()
	expect(field(page, "city")).to_be_disabled()
	served_site.run(staging_resellers.vendor_refuses, connected, "The vendor does not know this country.")
	expect(field(page, "city")).to_be_enabled()
	step(page, "Account").click()
	expect(page.locator("[data-request=Failed]")).to_contain_text("does not know this country")


def test_account_that_was_made_in_the_console_is_noted_in_spite_of_a_connection(
	open_page: OpenPage, connected: str
) -> None:
	page = open_setup(open_page, connected)
	page.get_by_text("It was done in the vendor's console").click()
	page.locator("[data-action=note-account]").click()
	expect(page.locator("#reseller-account-name")).to_be_focused()
	expect(page.locator("#reseller-account-fault")).to_contain_text("Enter the account")
	note_account(page, "C06byhand")
	expect(page.locator("[data-account=ready]")).to_contain_text("C06byhand")


def test_account_appears_when_the_vendor_has_made_it(
	served_site: ServedSite, open_page: OpenPage, connected: str
) -> None:
	served_site.run(staging_resellers.wait_for_vendor, connected)
	page = open_setup(open_page, connected)
	wait_until_live(served_site, page, ROOM)
	expect(page.locator("[data-request=Waiting]")).to_contain_text("The vendor is being asked")
	step(page, "Review").click()
	expect_step(page, "Review")
	served_site.run(staging_resellers.vendor_creates, connected)
	expect_step(page, "Account")
	expect(page.locator("[data-account=ready]")).to_contain_text("The customer is created")


# The keyboard, and small screens


def test_keyboard_alone_goes_through_the_form(
	served_site: ServedSite, open_page: OpenPage, workspace: str
) -> None:
	page = open_setup(open_page)
	page.get_by_role("radio", name=re.compile("^New customer")).focus()
	page.keyboard.press("Enter")
	expect_step(page, "Kind")
	expect(page.get_by_role("heading", name="Kind")).to_be_focused()
	field(page, "is_educational").focus()
	page.keyboard.press("Space")
	page.keyboard.press("Enter")
	expect_step(page, "Customer")
	expect(page.get_by_role("heading", name="Customer", exact=True)).to_be_focused()
	page.keyboard.press("Tab")
	expect(field(page, "organization_name")).to_be_focused()
	page.keyboard.type("Delta Mills Ltd.")
	page.keyboard.press("Tab")
	page.keyboard.type("nowhere")
	page.keyboard.press("Enter")
	expect(field(page, "domain")).to_be_focused()
	expect(fault(page, "domain")).to_contain_text("This is no domain")
	page.keyboard.press("Control+a")
	page.keyboard.type("deltamills.com")
	page.keyboard.press("Tab")
	page.keyboard.type("admin@deltamills.com")
	page.keyboard.press("Enter")
	expect_step(page, "Requirements")
	page.keyboard.press("Tab")
	expect(requirement(page, "domain registered").get_by_label("Not checked", exact=True)).to_be_focused()
	page.keyboard.press("ArrowRight")
	expect(requirement(page, "domain registered").get_by_label("Yes", exact=True)).to_be_checked()
	assert served_site.run(staging_resellers.newest)["is_educational"]


def test_steps_are_told_to_a_screen_reader(open_page: OpenPage, draft: str) -> None:
	page = open_setup(open_page, draft)
	rail = page.get_by_role("navigation", name="Steps")
	expect(rail.get_by_role("button", name="Customer done")).to_be_visible()
	expect(rail.get_by_role("button", name="Requirements", exact=True)).to_have_attribute(
		"aria-current", "step"
	)


def test_narrow_screen_has_the_steps_above(open_page: OpenPage, draft: str) -> None:
	page = open_setup(open_page, draft, **NARROW)
	expect(page.locator(".reseller-place")).to_have_text("Step 3 of 6: Requirements")
	expect_no_sideways_scrolling(page)
	step(page, "Contact").click()
	expect_step(page, "Contact")
	expect_no_sideways_scrolling(page)


def test_nothing_to_sell_leads_to_the_families(open_page: OpenPage) -> None:
	page = open_page(PATH, **WIDE)
	expect(page.locator(".reseller-setup")).to_contain_text("There is nothing to sell yet", timeout=30_000)
	expect(page.get_by_role("link", name="Add a Product Family")).to_be_visible()


def test_customer_that_is_gone_is_said_to_be(open_page: OpenPage, workspace: str) -> None:
	page = open_page(f"{PATH}/RES-0000-00000", **AS_JUN, **WIDE)
	expect(page.get_by_role("alert")).to_contain_text("could not be loaded", timeout=30_000)
	expect(page.get_by_role("button", name="Retry")).to_be_visible()


# From a lead, from a Customer, and back


def test_lead_is_made_a_reseller_customer(
	served_site: ServedSite, open_page: OpenPage, workspace: str
) -> None:
	lead = served_site.run(staging_resellers.lead)
	page = open_page(f"/app/lead/{lead}", **AS_JUN, **WIDE)
	choose(page, "Create", "Reseller Customer")
	expect(page.locator("[data-start=source]")).to_contain_text("Mali Georgiou")
	begin(page)
	go_on(page, "Customer")
	expect(field(page, "domain")).to_have_value("deltamills.com")
	known = served_site.run(staging_resellers.newest)
	assert (known["lead"], known["crm_id"]) == (lead, lead)


def test_customer_is_made_a_reseller_customer_once_knowingly(
	served_site: ServedSite, open_page: OpenPage, workspace: str
) -> None:
	party = served_site.run(staging_resellers.erpnext_customer)
	page = open_page(f"/app/customer/{party}", **AS_JUN, **WIDE)
	choose(page, "Create", "Reseller Customer")
	begin(page)
	page.goto(f"{PATH}/new/Customer/{party}")
	expect(page.locator(".reseller-begun")).to_contain_text("There is already")
	expect(page.locator(".reseller-begun")).to_contain_text("Delta Mills Ltd.")


# The form of the record


def test_form_says_for_what_it_waits_and_leads_on(open_page: OpenPage, draft: str) -> None:
	page = open_record(open_page, draft)
	expect(page.locator(".form-message")).to_contain_text("Waits for: Us · the form")
	page.get_by_role("button", name="Continue Setup").click()
	expect_step(page, "Requirements")


def test_order_begins_with_what_may_be_bought(
	served_site: ServedSite, open_page: OpenPage, workspace: str
) -> None:
	party = served_site.run(staging_resellers.erpnext_customer)
	customer = served_site.run(lambda: staging_resellers.customer("Created", customer=party))
	page = open_setup(open_page, customer)
	vault = page.locator(".reseller-products li", has_text=VAULT)
	expect(vault).to_contain_text("verify its domain first")
	page.locator("[data-action=quotation]").click()
	expect(page.locator(".grid-row [data-fieldname=item_code]").filter(has_text=STARTER)).to_be_visible(
		timeout=30_000
	)


def test_order_of_who_is_no_customer_yet_makes_one_first(
	served_site: ServedSite, open_page: OpenPage, workspace: str
) -> None:
	customer = served_site.run(staging_resellers.customer, "Created")
	page = open_setup(open_page, customer)
	page.locator("[data-action=sales-order]").click()
	answer(page, "Make the Connection")
	expect(page).to_have_url(re.compile("/app/sales-order/new-"), timeout=30_000)
	expect(page.locator(".grid-row [data-fieldname=item_code]").filter(has_text=STARTER)).to_be_visible(
		timeout=30_000
	)
	assert served_site.run(staging_resellers.stored, customer)["customer"]


def test_first_tie_makes_the_customer_of_erpnext(
	served_site: ServedSite, open_page: OpenPage, workspace: str
) -> None:
	customer = served_site.run(staging_resellers.customer, "Created")
	page = open_record(open_page, customer)
	choose(page, "Create", "Customer")
	wait_for_dialog(page)
	expect(dialog(page).get_by_role("radio", name="New Customer")).to_be_checked()
	dialog(page).get_by_role("button", name="Make the Connection").click()
	wait_for_no_dialog(page)
	expect(page.locator("#alert-container")).to_contain_text("Tied to Delta Mills Ltd.")
	assert served_site.run(staging_resellers.stored, customer)["customer"]


def test_terms_activation_and_transfer_are_recorded(
	served_site: ServedSite, open_page: OpenPage, workspace: str
) -> None:
	customer = served_site.run(staging_resellers.customer, "Ordered")
	page = open_record(open_page, customer)
	expect(page.locator(".form-message")).to_contain_text("the terms of service")
	page.get_by_role("button", name="Terms Accepted").click()
	answer(page, "Record")
	page.get_by_role("button", name="Activate").click()
	answer(page, "Activate")
	expect(page.locator(".indicator-pill", has_text="Active").first).to_be_visible()
	choose(page, "Actions", "Transfer Out")
	answer(page, "Transfer Out", reason="Found a nearer one")
	expect(page.locator(".form-message")).to_contain_text("Nothing has to be done")
	assert served_site.run(staging_resellers.stored, customer)["status"] == "Transferred Out"


def test_team_that_verifies_its_domain_may_buy_more(
	served_site: ServedSite, open_page: OpenPage, workspace: str
) -> None:
	customer = served_site.run(staging_resellers.team, "Created")
	page = open_record(open_page, customer)
	choose(page, "Actions", "Domain Verified")
	answer(page, "Record", domain="deltamills.com")
	expect(page.locator(".layout-main-section [data-fieldname=domain] .control-value")).to_have_text(
		"deltamills.com"
	)
	page.goto(f"{PATH}/{customer}")
	expect(page.locator(".reseller-products li", has_text=VAULT)).not_to_contain_text("verify")


def test_tips_are_ticked_and_assigned(served_site: ServedSite, open_page: OpenPage, workspace: str) -> None:
	customer = served_site.run(staging_resellers.customer, "Created")
	page = open_record(open_page, customer)
	page.get_by_role("tab", name="Follow-up").click()
	tips = page.locator(".reseller-tips")
	expect(tips).to_contain_text("0 of 3 done")
	tips.get_by_role("checkbox", name=re.compile("^Language and time zone")).check()
	expect(tips).to_contain_text("1 of 3 done")
	expect(tips).to_contain_text("Done by Jun Kim")
	tips.get_by_role("button", name="Smart features: assign").click()
	wait_for_dialog(page)
	user = dialog(page).locator("[data-fieldname=user] input")
	user.fill(staging.SARA)
	page.locator(".modal.show [role=option]", has_text=staging.SARA).first.click()
	dialog(page).get_by_role("button", name="Assign", exact=True).click()
	wait_for_no_dialog(page)
	expect(tips).to_contain_text("Sara Moss")
	rows = served_site.run(staging_resellers.stored, customer)["tips"]
	assert [(bool(tip["done"]), tip["assigned_to"]) for tip in rows] == [
		(True, None),
		(False, staging.SARA),
		(False, None),
	]


def test_answer_about_details_is_recorded_with_what_changed(
	served_site: ServedSite, open_page: OpenPage, workspace: str
) -> None:
	customer = served_site.run(staging_resellers.customer, "Active")
	page = open_record(open_page, customer)
	choose(page, "Actions", "Record Details")
	answer(page, "Record", organization_name="Delta Mills SA", note="Mali, by phone")
	expect(page.locator(".title-text")).to_contain_text("Delta Mills SA")
	known = served_site.run(staging_resellers.stored, customer)
	(check,) = known["detail_checks"]
	assert (known["organization_name"], check["outcome"], check["note"]) == (
		"Delta Mills SA",
		"Changed",
		"Mali, by phone",
	)


def test_new_in_the_list_begins_with_the_guided_form(open_page: OpenPage, workspace: str) -> None:
	page = open_page(f"{FORM}/new", **AS_JUN, **WIDE)
	expect(page.locator(".reseller-start")).to_be_visible(timeout=30_000)
