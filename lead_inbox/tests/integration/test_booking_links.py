"""Signed links that open a customer's page without a login: requirements BO-5, QU-3."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import frappe
import pytest
from frappe.utils import now_datetime

from lead_inbox.api import desk
from lead_inbox.bookings.pages import links
from lead_inbox.bookings.pages.links import BOOKED, REVIEW, SERVICE, LinkExpired, LinkForged
from lead_inbox.inbox.merging import merging
from lead_inbox.sequences.enrollment import sending
from lead_inbox.sequences.planning import trials
from lead_inbox.tests.integration.booking_builders import in_days, insert_booking
from lead_inbox.tests.integration.builders import make_lead


@pytest.fixture
def lead() -> str:
	return make_lead(first_name="Naree", email_id="naree@customer.example").name


@pytest.fixture
def booking(lead: str) -> str:
	return insert_booking(None, in_days(3), lead=lead)


def token_of(link: str) -> str:
	return parse_qs(urlsplit(link).query)["link"][0]


def days_from_now(days: float) -> datetime:
	return now_datetime() + timedelta(days=days)


def test_a_link_opens_what_it_was_made_for(lead, booking):
	service = links.opened(token_of(links.service_link(lead)), SERVICE)
	booked = links.opened(token_of(links.booking_link(booking)), BOOKED)
	review = links.opened(token_of(links.review_link(booking)), REVIEW)

	assert (service.lead, service.booking) == (lead, "")
	assert (booked.lead, booked.booking) == (lead, booking) == (review.lead, review.booking)


def test_leads_to_the_page_of_its_purpose_on_this_site(lead, booking):
	site = frappe.utils.get_url()
	assert links.service_link(lead).startswith(f"{site}/booking?link=")
	assert links.booking_link(booking).startswith(f"{site}/booking?link=")
	assert links.review_link(booking).startswith(f"{site}/booking-review?link=")


def test_a_link_for_another_purpose_opens_nothing(lead, booking):
	made = {
		SERVICE: links.service_link(lead),
		BOOKED: links.booking_link(booking),
		REVIEW: links.review_link(booking),
	}
	for purpose, link in made.items():
		for other in {*made} - {purpose}:
			with pytest.raises(LinkForged):
				links.opened(token_of(link), other)


def test_one_sign_more_less_or_another_opens_nothing(booking):
	token = token_of(links.booking_link(booking))
	for position in range(len(token)):
		other = "A" if token[position] != "A" else "B"
		for changed in (
			token[:position] + other + token[position + 1 :],
			token[:position] + token[position + 1 :],
		):
			with pytest.raises(LinkForged):
				links.opened(changed, BOOKED)


@pytest.mark.parametrize("token", ["", ".", "x", "BOOK-1", "é" * 40, "a" * 100_000, "W10.abc"])
def test_what_was_not_made_here_opens_nothing(token):
	with pytest.raises(LinkForged):
		links.opened(token, SERVICE, BOOKED)


def test_a_link_to_book_ends_after_the_days_of_the_settings(lead):
	frappe.db.set_single_value("Lead Inbox Settings", "booking_link_days", 5)
	token = token_of(links.service_link(lead))

	assert links.opened(token, SERVICE, now=days_from_now(4.9)).lead == lead
	with pytest.raises(LinkExpired):
		links.opened(token, SERVICE, now=days_from_now(5.1))


def test_without_a_setting_it_is_good_for_a_month(lead):
	frappe.db.set_single_value("Lead Inbox Settings", "booking_link_days", 0)
	token = token_of(links.service_link(lead))

	assert links.opened(token, SERVICE, now=days_from_now(29)).lead == lead
	with pytest.raises(LinkExpired):
		links.opened(token, SERVICE, now=days_from_now(31))


def test_a_link_to_a_booking_outlives_it_however_far_ahead_it_is(lead):
	frappe.db.set_single_value("Lead Inbox Settings", "booking_link_days", 5)
	booking = insert_booking(None, in_days(50), lead=lead)
	token = token_of(links.booking_link(booking))

	assert links.opened(token, BOOKED, now=days_from_now(52)).booking == booking
	with pytest.raises(LinkExpired):
		links.opened(token, BOOKED, now=days_from_now(57))


def test_of_a_lead_that_was_merged_away_it_opens_the_winner(lead, booking):
	tokens = token_of(links.service_link(lead)), token_of(links.booking_link(booking))
	winner = make_lead(first_name="Naree", email_id="n@customer.example").name
	merging.merge(winner, lead)

	assert links.opened(tokens[0], SERVICE).lead == winner
	assert links.opened(tokens[1], BOOKED).lead == winner


def test_of_what_was_deleted_it_says_so(lead, booking):
	tokens = token_of(links.service_link(lead)), token_of(links.booking_link(booking))
	frappe.delete_doc("Lead", lead)

	for token in tokens:
		with pytest.raises(LinkExpired):
			links.opened(token, SERVICE, BOOKED)


def test_a_booking_without_a_lead_has_a_link_too():
	booking = insert_booking(None, in_days(3))
	opened = links.opened(token_of(links.booking_link(booking)), BOOKED)

	assert (opened.booking, opened.lead) == (booking, "")


def test_tells_nothing_of_the_key_and_is_short_enough_for_an_sms(lead, booking):
	assert frappe.utils.password.get_encryption_key() not in links.booking_link(booking)
	assert len(token_of(links.booking_link(booking))) < 120


class TestInTemplates:
	@pytest.fixture
	def template(self) -> str:
		values = {"subject": "Hello", "response": "<p>Book here: {{ booking_link }}</p>"}
		return frappe.get_doc(doctype="Email Template", name="Book", **values).insert().name

	def opens(self, content: str, lead: str) -> bool:
		return links.opened(token_of(content.removeprefix("Book here: ")), SERVICE).lead == lead

	def test_a_reply_can_carry_the_link(self, lead, template):
		assert self.opens(desk.get_template(lead, template)["content"], lead)

	def test_a_step_of_a_sequence_can_carry_the_link(self, lead, template):
		assert self.opens(sending.fill_mail("Lead", lead, lead, template)["content"], lead)
		assert self.opens(sending.fill_text("Lead", lead, lead, "Book here: {{ booking_link }}"), lead)

	@pytest.mark.parametrize("doctype", ["Lead", "Opportunity"])
	def test_a_plan_knows_it_before_there_is_any_record(self, doctype):
		values = trials.values_for_templates(doctype)

		assert trials.template_problem("{{ booking_link }}", values) is None
		assert trials.template_problem("{{ boking_link }}", values)
