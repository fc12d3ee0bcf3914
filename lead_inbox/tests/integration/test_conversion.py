"""Converting a lead: requirements CO-2, CO-3, CO-6 and CO-9."""

import frappe
import pytest

from lead_inbox.api import conversion as api
from lead_inbox.conversion import records
from lead_inbox.conversion.making.converting import AlreadyConverted
from lead_inbox.conversion.making.filling import ConversionRefused
from lead_inbox.inbox import lifecycle
from lead_inbox.inbox.rules import Happening
from lead_inbox.tests.integration.builders import make_lead, make_user, receive_mail, state_of, transitions_of
from lead_inbox.tests.integration.conversion_builders import (
	NONE,
	changes_of_lead,
	convert,
	entries_of,
	existing,
	linked_with,
	make_address,
	make_business_lead,
	make_contact,
	make_customer,
	make_item,
	make_opportunity,
)

EVERYTHING = ("Customer", "Contact", "Opportunity", "Quotation", "Lead Conversion", "Dynamic Link")


def contact_of(lead) -> str:
	return frappe.db.get_value("Dynamic Link", {"link_name": lead.name, "parenttype": "Contact"}, "parent")


def values_of(doctype: str, name: str, *fields: str) -> tuple:
	return frappe.db.get_value(doctype, name, fields)


def all_counts() -> dict[str, int]:
	return {doctype: frappe.db.count(doctype) for doctype in EVERYTHING}


def disable(user: str) -> None:
	frappe.db.set_value("User", user, "enabled", 0)


# --- what is made


def test_a_lead_becomes_a_customer_a_contact_and_an_opportunity():
	lead = make_business_lead()
	made = convert(lead.name)

	assert values_of(
		"Customer", made.customer, "customer_name", "customer_type", "lead_name", "territory"
	) == (
		"Phan Plumbing",
		"Company",
		lead.name,
		"United States",
	)
	assert values_of("Customer", made.customer, "customer_primary_contact", "email_id", "mobile_no") == (
		made.contact,
		"naree@phan.example",
		"+14155550124",
	)
	assert values_of(
		"Opportunity", made.opportunity, "opportunity_from", "party_name", "inbox_lead", "city"
	) == (
		"Customer",
		made.customer,
		lead.name,
		"Oakland",
	)
	assert values_of(
		"Opportunity", made.opportunity, "contact_person", "contact_email", "contact_mobile"
	) == (
		made.contact,
		"naree@phan.example",
		"+14155550124",
	)

	assert (made.quotation, frappe.db.count("Quotation")) == ("", 0)


def test_the_lead_s_own_contact_goes_on_as_the_customer_s():
	lead = make_business_lead()
	contacts = frappe.db.count("Contact")
	made = convert(lead.name)
	assert frappe.db.count("Contact") == contacts
	assert made.contact == contact_of(lead)
	assert linked_with("Contact", made.contact) == {("Lead", lead.name), ("Customer", made.customer)}
	assert frappe.db.get_value("Contact", made.contact, "inbox_lead") == lead.name


def test_a_lead_without_a_contact_gets_one():
	frappe.db.set_single_value("CRM Settings", "auto_creation_of_contact", 0)
	lead = make_business_lead()
	made = convert(lead.name)
	contact = frappe.get_doc("Contact", made.contact)
	assert (contact.full_name, contact.designation, contact.email_id) == (
		"Naree Phan",
		"Owner",
		"naree@phan.example",
	)
	assert (contact.phone, contact.mobile_no) == ("+14155550123", "+14155550124")
	assert (contact.inbox_lead, linked_with("Contact", contact.name)) == (
		lead.name,
		{("Customer", made.customer)},
	)


def test_a_person_without_a_company_is_an_individual():
	made = convert(make_business_lead(company_name=None).name)
	assert values_of("Customer", made.customer, "customer_name", "customer_type") == (
		"Naree Phan",
		"Individual",
	)


def test_the_lead_keeps_its_numbers():
	"""ERPNext writes a Contact's numbers over its lead's whenever the Contact is saved."""
	lead = make_business_lead()
	frappe.db.set_value("Lead", lead.name, "mobile_no", "+14155550777")
	convert(lead.name)
	assert values_of("Lead", lead.name, "phone", "mobile_no") == ("+14155550123", "+14155550777")


def test_nobody_asks_the_internet_for_a_picture(monkeypatch):
	frappe.db.set_single_value("CRM Settings", "auto_creation_of_contact", 0)
	lead = make_business_lead()
	asked = []
	monkeypatch.setattr("requests.get", lambda *arguments, **_options: asked.append(arguments))
	monkeypatch.setitem(frappe.flags, "in_test", False)
	convert(lead.name)
	assert asked == []


def test_no_opportunity_when_it_is_declined():
	made = convert(make_business_lead().name, opportunity=NONE)
	assert (made.opportunity, frappe.db.count("Opportunity")) == ("", 0)


def test_a_quotation_is_a_draft_for_the_customer():
	lead = make_business_lead()
	made = convert(lead.name, quotation=True)
	fields = ("quotation_to", "party_name", "inbox_lead", "docstatus", "opportunity", "contact_person")
	assert values_of("Quotation", made.quotation, *fields) == (
		"Customer",
		made.customer,
		lead.name,
		0,
		made.opportunity,
		made.contact,
	)


def test_a_quotation_takes_the_items_of_the_opportunity_that_is_attached():
	lead = make_business_lead()
	items = [{"item_code": make_item(), "qty": 2, "rate": 50, "uom": "Nos"}]
	opportunity = make_opportunity(lead, items=items)
	made = convert(lead.name, opportunity=existing(opportunity.name), quotation=True)
	quotation = frappe.get_doc("Quotation", made.quotation)
	assert [(row.item_code, row.qty) for row in quotation.items] == [("Boiler Service", 2)]


def test_all_people_and_places_of_the_lead_become_the_customer_s():
	lead = make_business_lead()
	address = make_address("Lead", lead.name)
	other = make_contact("", links=[{"link_doctype": "Lead", "link_name": lead.name}], first_name="Partner")
	made = convert(lead.name)
	assert ("Customer", made.customer) in linked_with("Address", address.name)
	assert ("Customer", made.customer) in linked_with("Contact", other.name)
	assert frappe.db.get_value("Customer", made.customer, "customer_primary_address") == address.name
	assert frappe.db.get_value("Opportunity", made.opportunity, "customer_address") == address.name


def test_an_open_form_of_a_contact_that_was_linked_must_be_reloaded():
	lead = make_business_lead()
	other = make_contact("", links=[{"link_doctype": "Lead", "link_name": lead.name}], first_name="Partner")
	convert(lead.name)
	with pytest.raises(frappe.TimestampMismatchError):
		other.save()


def test_notes_are_not_copied():
	lead = make_business_lead(notes=[{"note": "Called at noon"}])
	made = convert(lead.name)
	assert frappe.get_doc("Opportunity", made.opportunity).notes == []


def test_erpnext_copies_nothing_either():
	"""Its setting to carry forward copies each comment and saves each mail, which may be thousands."""
	frappe.db.set_single_value("CRM Settings", "carry_forward_communication_and_comments", 1)
	lead = make_business_lead()
	frappe.get_doc("Lead", lead.name).add_comment("Comment", "A good one")
	receive_mail("naree@phan.example", "It drips", reference_doctype="Lead", reference_name=lead.name)
	comments = {"comment_type": "Comment"}
	before = (frappe.db.count("Comment", comments), frappe.db.count("Communication"))
	made = convert(lead.name)
	assert (frappe.db.count("Comment", comments), frappe.db.count("Communication")) == before
	links = {"link_doctype": "Customer", "link_name": made.customer, "parenttype": "Communication"}
	assert frappe.db.count("Communication Link", links) == 1


# --- the lead


def test_the_lead_says_what_it_became():
	lead = make_business_lead()
	made = convert(lead.name, quotation=True)
	row = frappe.db.get_value("Lead", lead.name, "*", as_dict=True)
	assert (row.inbox_converted, row.inbox_converted_by, row.inbox_stage) == (1, "Administrator", "Customer")
	assert row.inbox_converted_on
	assert (row.inbox_customer, row.inbox_contact, row.inbox_opportunity, row.inbox_quotation) == (
		made.customer,
		made.contact,
		made.opportunity,
		made.quotation,
	)
	assert (row.status, state_of(lead.name)) == ("Converted", ("Closed", "Converted"))
	found = api.get_conversion(lead.name)
	assert (found["conversion"], found["customer"], found["undo"]["allowed"]) == (
		made.conversion,
		made.customer,
		True,
	)


def test_a_lead_that_is_not_converted_has_no_conversion():
	assert api.get_conversion(make_lead().name) is None


def test_converted_leads_are_found_by_the_fields():
	lead = make_business_lead()
	made = convert(lead.name)
	filters = {"inbox_converted": 1, "inbox_customer": made.customer}
	assert frappe.get_list("Lead", filters=filters, pluck="name", order_by="name asc") == [lead.name]


def test_what_changed_about_the_lead_is_written_down():
	lead = make_business_lead(qualification_status="In Process")
	made = convert(lead.name, qualification="Qualified")
	changes = changes_of_lead(made.conversion)
	assert changes["status"] == ["Lead", "Converted"]
	assert changes["qualification_status"] == ["In Process", "Qualified"]
	assert changes["inbox_status"] == ["New", "Closed"]
	assert changes["inbox_customer"] == [None, made.customer]
	assert "inbox_arrived_on" not in changes


def test_what_was_done_is_written_down():
	lead = make_business_lead()
	made = convert(lead.name)
	assert entries_of(made.conversion, "Created") == [
		("Customer", made.customer, ""),
		("Opportunity", made.opportunity, ""),
	]
	assert entries_of(made.conversion, "Filled") == [("Contact", made.contact, "inbox_lead")]
	conversion = frappe.get_doc("Lead Conversion", made.conversion)
	assert (conversion.origin, conversion.status, conversion.converted_by) == (
		"Convert",
		"Converted",
		"Administrator",
	)
	assert records.in_force(lead.name) == made.conversion


def test_a_declined_lead_can_be_converted():
	lead = make_business_lead()
	lifecycle.apply(lead.name, Happening.DECLINED)
	convert(lead.name)
	assert state_of(lead.name) == ("Closed", "Converted")


def test_a_lead_that_must_not_be_contacted_can_be_converted_by_hand():
	lead = make_business_lead(status="Do Not Contact")
	convert(lead.name)
	assert transitions_of(lead.name)[-1] == ("Closed", "Closed", "Converted")


# --- what is there already


def test_an_existing_customer_only_has_empty_fields_filled():
	customer = make_customer(website="https://old.example")
	lead = make_business_lead()
	made = convert(lead.name, customer=existing(customer.name))
	assert (made.customer, frappe.db.count("Customer", {"customer_name": "Phan Plumbing"})) == (
		customer.name,
		1,
	)
	assert values_of("Customer", customer.name, "website", "territory", "lead_name") == (
		"https://old.example",
		"United States",
		lead.name,
	)
	filled = {
		field for doctype, _name, field in entries_of(made.conversion, "Filled") if doctype == "Customer"
	}
	assert {"territory", "lead_name", "customer_primary_contact"} <= filled
	assert "website" not in filled


def test_a_customer_keeps_the_lead_that_it_came_from():
	first, second = make_business_lead(), make_business_lead(email_id="other@phan.example")
	customer = convert(first.name).customer
	convert(second.name, customer=existing(customer))
	assert frappe.db.get_value("Customer", customer, "lead_name") == first.name
	assert frappe.db.get_value("Lead", second.name, "inbox_customer") == customer


def test_a_company_does_not_get_the_gender_of_the_person():
	customer = make_customer()
	lead = make_business_lead(gender="Female")
	convert(lead.name, customer=existing(customer.name))
	assert not frappe.db.get_value("Customer", customer.name, "gender")


def test_a_contact_that_is_picked_is_filled_and_the_lead_s_own_stays_apart():
	"""Nobody appears twice among the customer's contacts."""
	customer = make_customer()
	contact = make_contact(
		customer.name, phone_nos=[{"phone": "+14155559999", "is_primary_phone": 1}], designation="Boss"
	)
	lead = make_business_lead()
	own = contact_of(lead)
	made = convert(lead.name, customer=existing(customer.name), contact=existing(contact.name))

	assert made.contact == contact.name
	fields = ("email_id", "phone", "mobile_no", "designation", "inbox_lead")
	assert values_of("Contact", contact.name, *fields) == (
		"naree@phan.example",
		"+14155559999",
		"+14155550124",
		"Boss",
		lead.name,
	)
	assert linked_with("Contact", own) == {("Lead", lead.name)}
	assert frappe.db.get_value("Lead", lead.name, "inbox_contact") == contact.name
	added = {doctype for doctype, _name, _field in entries_of(made.conversion, "Linked")}
	assert {"Contact Email", "Contact Phone"} <= added


def test_a_number_that_a_contact_lists_is_not_added_again():
	customer = make_customer()
	contact = make_contact(customer.name, phone_nos=[{"phone": "+14155550123"}, {"phone": "+14155550124"}])
	made = convert(
		make_business_lead().name, customer=existing(customer.name), contact=existing(contact.name)
	)
	assert len(frappe.get_doc("Contact", made.contact).phone_nos) == 2


def test_a_new_customer_can_have_an_existing_contact():
	contact = make_contact("", links=[])
	lead = make_business_lead()
	made = convert(lead.name, contact=existing(contact.name))
	assert linked_with("Contact", contact.name) == {("Customer", made.customer)}
	assert ("Customer", made.customer) not in linked_with("Contact", contact_of(lead))


def test_an_opportunity_of_the_customer_is_attached_and_filled():
	customer = make_customer()
	opportunity = make_opportunity(customer, website="https://old.example")
	lead = make_business_lead()
	made = convert(lead.name, customer=existing(customer.name), opportunity=existing(opportunity.name))
	assert (made.opportunity, frappe.db.count("Opportunity")) == (opportunity.name, 1)
	assert values_of("Opportunity", opportunity.name, "inbox_lead", "website", "contact_person") == (
		lead.name,
		"https://old.example",
		made.contact,
	)


def test_the_lead_s_own_opportunity_goes_over_to_the_customer():
	lead = make_business_lead()
	opportunity = make_opportunity(lead)
	made = convert(lead.name, opportunity=existing(opportunity.name))
	assert values_of("Opportunity", opportunity.name, "opportunity_from", "party_name", "customer_name") == (
		"Customer",
		made.customer,
		"Phan Plumbing",
	)
	assert ("Opportunity", opportunity.name, "") in entries_of(made.conversion, "Moved")


# --- who has it


def test_the_owner_of_the_lead_has_what_is_made():
	seller = make_user("seller@company.example")
	made = convert(make_business_lead(lead_owner=seller).name)
	assert frappe.db.get_value("Customer", made.customer, "account_manager") == seller
	assert frappe.db.get_value("Opportunity", made.opportunity, "opportunity_owner") == seller


def test_another_owner_can_be_chosen():
	seller, other = make_user("seller@company.example"), make_user("other@company.example")
	made = convert(make_business_lead(lead_owner=seller).name, owner=other)
	assert frappe.db.get_value("Customer", made.customer, "account_manager") == other
	assert frappe.db.get_value("Opportunity", made.opportunity, "opportunity_owner") == other


def test_the_assignee_has_it_when_the_owner_is_disabled():
	seller, other = make_user("seller@company.example"), make_user("other@company.example")
	lead = make_business_lead(lead_owner=seller)
	lifecycle.set_assignee(lead.name, other)
	disable(seller)
	assert frappe.db.get_value("Customer", convert(lead.name).customer, "account_manager") == other


def test_a_disabled_owner_has_to_be_replaced():
	seller = make_user("seller@company.example")
	lead = make_business_lead(lead_owner=seller)
	disable(seller)
	with pytest.raises(ConversionRefused, match=r"seller@company\.example is disabled.*Choose another owner"):
		convert(lead.name)
	with pytest.raises(ConversionRefused, match="Choose another owner"):
		convert(lead.name, owner="nobody@company.example")
	assert convert(lead.name, owner="Administrator").customer


# --- bad input


def refusal(lead, **choice) -> str:
	"""The words of a refusal that leaves nothing behind."""
	before = all_counts()
	frappe.db.commit()
	with pytest.raises((ConversionRefused, frappe.PermissionError)) as refused:
		convert(lead.name, **choice)
	frappe.db.rollback()
	assert all_counts() == before
	assert frappe.db.get_value("Lead", lead.name, "inbox_converted") == 0 or isinstance(
		refused.value, AlreadyConverted
	)
	return str(refused.value)


def test_a_lead_is_converted_once():
	lead = make_business_lead()
	convert(lead.name)
	words = refusal(lead)
	assert "Phan Plumbing" in words and "Administrator" in words
	with pytest.raises(AlreadyConverted):
		convert(lead.name)


def test_a_lead_that_was_converted_before_conversions_were_kept_is_not_converted_again():
	lead, customer = make_business_lead(), make_customer()
	frappe.db.set_value("Lead", lead.name, {"inbox_converted": 1, "inbox_customer": customer.name})
	assert "Phan Plumbing" in refusal(lead)
	assert api.get_conversion(lead.name)["undo"]["allowed"] is False


def test_a_lead_that_is_gone():
	with pytest.raises(frappe.DoesNotExistError, match="NO-SUCH-LEAD does not exist any more"):
		convert("NO-SUCH-LEAD")


def test_a_lead_that_was_merged_away():
	lead, winner = make_business_lead(), make_lead(first_name="Winner")
	frappe.db.set_value("Lead", lead.name, "inbox_merged_into", winner.name)
	assert winner.name in refusal(lead)


def test_a_customer_that_is_gone_or_disabled():
	lead, customer = make_business_lead(), make_customer(disabled=1)
	assert "does not exist any more" in refusal(lead, customer=existing("Nobody"))
	assert "is disabled. Enable it" in refusal(lead, customer=existing(customer.name))


def test_a_contact_that_is_gone():
	assert "does not exist any more" in refusal(make_business_lead(), contact=existing("Nobody"))


@pytest.mark.parametrize("status", ["Lost", "Closed", "Converted"])
def test_an_opportunity_that_is_over(status):
	lead, customer = make_business_lead(), make_customer()
	opportunity = make_opportunity(customer)
	frappe.db.set_value("Opportunity", opportunity.name, "status", status)
	words = refusal(lead, customer=existing(customer.name), opportunity=existing(opportunity.name))
	assert f"is {status}. Open it again" in words


def test_an_opportunity_of_somebody_else():
	lead, other = make_business_lead(), make_customer("Another Company")
	opportunity = make_opportunity(other)
	assert "belongs to Customer Another Company" in refusal(lead, opportunity=existing(opportunity.name))
	customer = make_customer()
	words = refusal(lead, customer=existing(customer.name), opportunity=existing(opportunity.name))
	assert "belongs to Customer Another Company" in words


def test_a_qualification_that_there_is_not():
	assert "Choose one of these: Unqualified, In Process" in refusal(
		make_business_lead(), qualification="Hot"
	)


def test_a_territory_that_was_deleted_is_left_out():
	lead = make_business_lead()
	frappe.db.set_value("Lead", lead.name, "territory", "Atlantis")
	frappe.db.set_single_value("Selling Settings", "territory", "All Territories")
	made = convert(lead.name)
	assert frappe.db.get_value("Customer", made.customer, "territory") == "All Territories"


def test_a_customer_group_that_was_deleted_is_left_out():
	"""ERPNext keeps a copy of the default, which outlives the group."""
	frappe.db.set_default("customer_group", "Gone")
	made = convert(make_business_lead().name)
	assert not frappe.db.get_value("Customer", made.customer, "customer_group")


def require(doctype: str, fieldname: str) -> None:
	"""A site's administrator makes a field mandatory."""
	frappe.get_doc(
		doctype="Property Setter",
		doctype_or_field="DocField",
		doc_type=doctype,
		field_name=fieldname,
		property="reqd",
		property_type="Check",
		value="1",
	).insert()
	frappe.clear_cache(doctype=doctype)


def test_a_field_that_the_site_requires_of_customers():
	require("Customer", "tax_id")
	lead = make_business_lead()
	words = refusal(lead)
	assert "Customer needs a value for Tax ID" in words and "Lead Inbox Settings" in words
	customer = make_customer(tax_id="1")
	frappe.db.set_value("Customer", customer.name, "tax_id", "")
	assert "Phan Plumbing needs a value for Tax ID. Fill it there first" in refusal(
		lead, customer=existing(customer.name)
	)


def test_a_customer_group_that_the_site_requires():
	require("Customer", "customer_group")
	assert "Choose a default in Selling Settings" in refusal(make_business_lead())


def test_the_choice_of_a_page_that_went_wrong():
	with pytest.raises(frappe.ValidationError, match="contact must name a record"):
		api.convert(make_business_lead().name, {"contact": {"mode": "existing"}})


# --- rights


def as_user(*roles: str) -> str:
	user = make_user("member@company.example", *roles)
	frappe.set_user(user)
	return user


def test_a_sales_user_converts():
	lead = make_business_lead()
	as_user("Sales User")
	made = api.convert(lead.name, '{"quotation": true}')
	assert set(made) == {"conversion", "customer", "contact", "opportunity", "quotation"}
	assert all(made.values())
	assert frappe.db.get_value("Lead", lead.name, "inbox_converted_by") == "member@company.example"


def test_without_the_right_to_create_customers():
	lead = make_business_lead()
	as_user("Sales Manager")
	words = refusal(lead)
	assert "no right to create this: Customer" in words and "Sales Master Manager" in words


def test_an_existing_customer_needs_no_right_to_create_but_to_write_when_it_is_filled():
	lead, customer = make_business_lead(), make_customer()
	as_user("Sales Manager")
	words = refusal(lead, customer=existing(customer.name))
	assert "no right to write this: Customer Phan Plumbing" in words
	frappe.set_user("Administrator")
	other = make_business_lead(email_id="other@phan.example")
	convert(other.name, customer=existing(customer.name))
	frappe.db.set_value("Customer", customer.name, {"website": "x.example", "industry": "Energy"})
	frappe.set_user("member@company.example")
	assert convert(lead.name, customer=existing(customer.name)).customer == customer.name


def test_without_the_right_to_create_opportunities():
	lead = make_business_lead()
	as_user("Sales Master Manager")
	frappe.share.add_docshare(
		"Lead", lead.name, "member@company.example", read=1, write=1, flags={"ignore_share_permission": True}
	)
	words = refusal(lead)
	assert "no right to create this: Opportunity" in words
	assert convert(lead.name, opportunity=NONE).customer


def test_without_the_right_to_write_the_lead():
	lead = make_business_lead()
	as_user("Sales Master Manager")
	with pytest.raises(frappe.PermissionError):
		api.convert(lead.name)
	with pytest.raises(frappe.PermissionError):
		api.get_preview(lead.name)
	with pytest.raises(frappe.PermissionError):
		api.get_conversion(lead.name)
