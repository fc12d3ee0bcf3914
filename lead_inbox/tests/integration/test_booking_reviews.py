"""Reviews of completed bookings, the page they are given on, and our answers: requirement BO-8."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import frappe
import pytest
from frappe.utils import add_to_date, now_datetime, set_request
from frappe.website.serve import get_response

from lead_inbox.api import reviews as api
from lead_inbox.bookings import booking as bookings
from lead_inbox.bookings.booking import Request
from lead_inbox.bookings.pages import limits, links
from lead_inbox.bookings.reviewing import review_rules, reviews
from lead_inbox.bookings.telling import reminders
from lead_inbox.inbox import messages, privacy
from lead_inbox.inbox.contact import refusals
from lead_inbox.inbox.merging import merging
from lead_inbox.patches import booking_settings_of_earlier_sites
from lead_inbox.tests.integration.booking_builders import make_service
from lead_inbox.tests.integration.builders import make_lead, make_user
from lead_inbox.tests.integration.conversion_builders import make_customer

INSPECTION = "Roof Inspection"
SCRIPT = "<script>alert('x')</script><img src=x onerror=alert(1)>"


@dataclass(frozen=True)
class Shown:
	status: int
	html: str
	location: str

	@property
	def has_form(self) -> bool:
		return 'name="stars"' in self.html


@pytest.fixture
def jun() -> str:
	return make_user("jun@company.example")


@pytest.fixture
def service(jun: str) -> str:
	make_service(INSPECTION, jun)
	return INSPECTION


@pytest.fixture
def lead() -> str:
	return make_lead(first_name="Naree", email_id="naree@customer.example", phone="+14155550123").name


@pytest.fixture
def customers_browser() -> Any:
	"""Opens the page, or sends its form, as somebody without a login."""
	before = {name: getattr(frappe.local, name, None) for name in ("request", "request_ip")}

	def visit(link: str, **sent: str) -> Shown:
		method = "POST" if sent else "GET"
		frappe.set_user("Guest")
		set_request(method=method, path="/booking-review")
		frappe.local.request_ip = "203.0.113.9"
		frappe.local.form_dict = frappe._dict(link=token_of(link), **sent)
		response = get_response()
		frappe.set_user("Administrator")
		return Shown(
			response.status_code, response.get_data(as_text=True), response.headers.get("Location", "")
		)

	yield visit
	for name, value in before.items():
		setattr(frappe.local, name, value)


Visit = Callable[..., Shown]


def token_of(link: str) -> str:
	return parse_qs(urlsplit(link).query)["link"][0] if "link=" in link else link


def book(lead: str, **values: Any) -> str:
	"""A booking whose time has come."""
	starts_on = (now_datetime() + timedelta(days=2)).replace(hour=10, minute=0, second=0, microsecond=0)
	request = Request(
		**{"service": INSPECTION, "lead": lead, "starts_on": starts_on, "by_hand": True, **values}
	)
	booking = bookings.book(request)
	now = now_datetime().replace(microsecond=0)
	times = {"starts_on": now - timedelta(hours=2), "ends_on": now - timedelta(hours=1)}
	frappe.db.set_value("Booking", booking, times)
	return booking


def complete(lead: str, **values: Any) -> str:
	booking = book(lead, **values)
	bookings.complete(booking)
	return booking


def review_of(booking: str) -> frappe._dict | None:
	return frappe.db.get_value("Booking Review", {"booking": booking}, "*", as_dict=True)


def give(booking: str, stars: int = 5, words: str = "Very good") -> str:
	return reviews.give(booking, review_rules.read(str(stars), words))


def question(booking: str) -> frappe._dict | None:
	return frappe.db.get_value("Booking Reminder", {"booking": booking, "kind": "Review"}, "*", as_dict=True)


def let_hours_pass(booking: str) -> None:
	past = add_to_date(now_datetime(), minutes=-1)
	frappe.db.set_value("Booking Reminder", {"booking": booking, "kind": "Review"}, "due_on", past)


def ask(booking: str) -> None:
	"""The hours pass and the job comes by."""
	let_hours_pass(booking)
	reminders.send_due(60)


def written_to(lead: str) -> list[frappe._dict]:
	"""Messages that ask for a review."""
	rows = frappe.get_all(
		"Lead Message",
		filters={"lead": lead, "direction": "Out", "content": ["like", "%/booking-review?link=%"]},
		fields=["name", "kind", "subject", "content", "automated"],
		order_by="creation asc",
	)
	return rows


def set_settings(**values: Any) -> None:
	settings = frappe.get_doc("Lead Inbox Settings")
	settings.update(values)
	settings.save()


class TestAsking:
	def test_waits_some_hours_after_completion(self, service, lead):
		set_settings(ask_for_reviews=1, review_after_hours=3)
		before = now_datetime()
		booking = complete(lead)

		asked = question(booking)
		assert (asked.status, asked.audience) == ("Waiting", "Customer")
		earliest, latest = (review_rules.by_day(on + timedelta(hours=3)) for on in (before, now_datetime()))
		assert earliest <= asked.due_on <= latest
		reminders.send_due(60)
		assert written_to(lead) == []

	def test_goes_out_once_with_a_link_to_the_page(self, service, lead, customers_browser):
		booking = complete(lead)
		ask(booking)
		ask(booking)

		(mail,) = written_to(lead)
		assert (mail.kind, mail.automated) == ("Email", 1)
		assert INSPECTION in mail.subject + mail.content
		assert question(booking).status == "Sent"
		link = next(word for word in messages.as_text(mail.content).split() if "/booking-review?" in word)
		assert customers_browser(link).has_form

	def test_is_not_asked_again_when_the_status_is_corrected_to_and_fro(self, service, lead):
		booking = complete(lead)
		ask(booking)
		bookings.mark_no_show(booking)
		bookings.complete(booking)
		ask(booking)

		assert len(written_to(lead)) == 1

	def test_is_taken_back_when_the_customer_was_not_there(self, service, lead):
		booking = complete(lead)
		bookings.mark_no_show(booking)
		ask(booking)

		assert written_to(lead) == []
		bookings.complete(booking)
		ask(booking)
		assert len(written_to(lead)) == 1

	def test_of_a_no_show_nobody_is_asked(self, service, lead):
		booking = book(lead)
		bookings.mark_no_show(booking)

		assert question(booking) is None

	def test_is_not_asked_where_the_administrator_does_not_want_it(self, service, lead):
		set_settings(ask_for_reviews=0)

		assert question(complete(lead)) is None

	def test_a_site_with_older_settings_asks(self, service, lead):
		frappe.db.delete("Singles", {"doctype": "Lead Inbox Settings", "field": ["like", "%review%"]})
		booking_settings_of_earlier_sites.execute()
		frappe.clear_document_cache("Lead Inbox Settings", "Lead Inbox Settings")

		assert question(complete(lead)).due_on > now_datetime() + timedelta(hours=1)

	def test_uses_the_words_of_the_administrators_template(self, service, lead):
		template = frappe.get_doc(
			doctype="Email Template",
			name="Ask for a review",
			subject="Well, {{ first_name }}?",
			use_html=1,
			response_html="<p>{{ booking.service }}: {{ review_link }}</p>",
		).insert()
		set_settings(review_template=template.name)
		ask(complete(lead))

		(mail,) = written_to(lead)
		assert mail.subject == "Well, Naree?"
		assert messages.as_text(mail.content).startswith(f"{INSPECTION}: http")

	def test_leaves_those_alone_who_do_not_want_mails(self, service):
		lead = make_lead(first_name="Quiet", email_id="quiet@customer.example").name
		refusals.refuse(lead, "Email", True)
		booking = complete(lead)
		ask(booking)

		assert written_to(lead) == []
		asked = question(booking)
		assert asked.status == "Skipped" and asked.error

	def test_after_a_review_nobody_is_asked(self, service, lead):
		booking = complete(lead)
		give(booking)
		ask(booking)

		assert written_to(lead) == []


class TestPage:
	def test_takes_stars_and_words_and_thanks(self, service, lead, jun, customers_browser: Visit):
		booking = complete(lead, user=jun)
		link = links.review_link(booking)
		sent = customers_browser(link, stars="4", words="  On time.\r\nAnd tidy ")

		assert sent.status == 303
		review = review_of(booking)
		assert (review.stars, review.words, review.verified) == (4, "On time.\nAnd tidy", 1)
		assert (review.lead, review.service, review.user) == (lead, INSPECTION, jun)
		assert (review.customer_name, review.lead_email) == ("Naree", "naree@customer.example")
		after = customers_browser(sent.location)
		assert after.status == 200 and "On time." in after.html and "4 of 5 stars" in after.html
		assert not after.has_form

	def test_can_be_used_without_scripts_and_by_keyboard(self, service, lead, customers_browser: Visit):
		page = customers_browser(links.review_link(complete(lead))).html

		assert '<form method="post"' in page and "<fieldset" in page and "<legend>" in page
		assert page.count('<input type="radio" name="stars"') == 5
		assert "1 of 5 stars" in page and INSPECTION in page

	def test_a_second_review_changes_nothing(self, service, lead, customers_browser: Visit):
		booking = complete(lead)
		link = links.review_link(booking)
		customers_browser(link, stars="5", words="First")
		again = customers_browser(link, stars="1", words="Second")

		assert again.status == 303
		assert (review_of(booking).stars, review_of(booking).words) == (5, "First")
		assert frappe.db.count("Booking Review", {"booking": booking}) == 1

	def test_a_link_is_good_for_so_many_forms_an_hour(
		self, service, lead, customers_browser: Visit, monkeypatch: pytest.MonkeyPatch
	):
		monkeypatch.setattr(limits, "OF_LINK", (20, 2))
		link = links.review_link(complete(lead))
		answers = [customers_browser(link, stars="").status for _number in range(3)]

		assert answers == [422, 422, 429]
		assert customers_browser(link).has_form

	def test_asks_for_stars_and_keeps_what_was_written(self, service, lead, customers_browser: Visit):
		booking = complete(lead)
		page = customers_browser(links.review_link(booking), stars="", words="5 > 4 & more")

		assert page.status == 422 and page.has_form
		assert "Choose one to five stars." in page.html and "5 &gt; 4 &amp; more" in page.html
		assert review_of(booking) is None

	def test_says_when_there_are_too_many_words(self, service, lead, customers_browser: Visit):
		booking = complete(lead)
		words = "x" * (review_rules.LONGEST + 1)
		page = customers_browser(links.review_link(booking), stars="5", words=words)

		assert page.status == 422 and "2000 characters" in page.html and words in page.html
		assert review_of(booking) is None

	def test_a_script_is_only_text(self, service, lead, customers_browser: Visit):
		booking = complete(lead)
		link = links.review_link(booking)
		refused = customers_browser(link, stars='"><script>', words=SCRIPT + "</textarea>" + SCRIPT)
		assert SCRIPT not in refused.html and 'value=""><script>' not in refused.html
		customers_browser(link, stars="1", words=SCRIPT)

		assert "<" not in review_of(booking).words
		assert messages.as_text(review_of(booking).words) == SCRIPT
		page = customers_browser(link).html
		assert SCRIPT not in page and SCRIPT in unescape(page)

	@pytest.mark.parametrize(
		"token", ["", "x", "eyJib29raW5nIjoiQk9PSy0xIn0.abc", "<script>alert(1)</script>"]
	)
	def test_a_forged_link_shows_nothing_and_keeps_nothing(
		self, service, lead, token, customers_browser: Visit
	):
		complete(lead)
		assert not customers_browser(token).has_form
		sent = customers_browser(token, stars="5", words="Mine")

		assert sent.status >= 400 and INSPECTION not in sent.html and "<script>alert(1)" not in sent.html
		assert frappe.db.count("Booking Review") == 0

	def test_a_link_to_the_booking_itself_does_not_review_it(self, service, lead, customers_browser: Visit):
		booking = complete(lead)
		customers_browser(links.booking_link(booking), stars="5", words="Mine")

		assert review_of(booking) is None

	@pytest.mark.parametrize("status", ["Confirmed", "No Show", "Cancelled"])
	def test_only_what_was_completed_can_be_reviewed(self, service, lead, status, customers_browser: Visit):
		booking = book(lead)
		frappe.db.set_value("Booking", booking, "status", status)
		link = links.review_link(booking)

		page = customers_browser(link)
		assert page.status == 410 and not page.has_form
		customers_browser(link, stars="5", words="")
		assert review_of(booking) is None

	def test_a_review_stays_when_the_booking_is_corrected(self, service, lead, customers_browser: Visit):
		booking = complete(lead)
		give(booking, 3)
		bookings.mark_no_show(booking)

		page = customers_browser(links.review_link(booking))
		assert page.status == 200 and "3 of 5 stars" in page.html and not page.has_form

	def test_of_a_lead_that_was_merged_the_review_is_the_winners(
		self, service, lead, customers_browser: Visit
	):
		booking = complete(lead)
		link = links.review_link(booking)
		winner = make_lead(first_name="Naree", email_id="n@customer.example").name
		merging.merge(winner, lead)
		customers_browser(link, stars="5", words="Fine")

		assert review_of(booking).lead == winner

	def test_a_review_goes_with_the_lead_into_a_merge(self, service, lead):
		booking = complete(lead)
		give(booking)
		winner = make_lead(first_name="Naree", email_id="n@customer.example").name
		merging.merge(winner, lead)

		assert review_of(booking).lead == winner

	def test_of_a_lead_that_was_erased_a_review_names_nobody(self, service, lead, customers_browser: Visit):
		booking = complete(lead)
		link = links.review_link(booking)
		privacy.erase(lead)
		customers_browser(link, stars="5", words="Fine")

		review = review_of(booking)
		assert review.stars == 5
		assert "Naree" not in str(review.customer_name) and not review.lead_email

	def test_of_a_deleted_lead_nothing_can_be_reviewed(self, service, lead, customers_browser: Visit):
		link = links.review_link(complete(lead))
		frappe.delete_doc("Lead", lead)

		page = customers_browser(link)
		assert page.status >= 400 and not page.has_form
		assert customers_browser(link, stars="5", words="").status in (303, 404, 410)
		assert frappe.db.count("Booking Review") == 0


class TestPersonalData:
	def test_is_erased_with_the_lead_but_the_stars_stay(self, service, lead):
		booking = complete(lead)
		give(booking, 2, "Naree was here")
		privacy.erase(lead)

		review = review_of(booking)
		assert review.stars == 2
		assert not review.words and not review.lead_email and "Naree" not in str(review.customer_name)

	def test_goes_with_the_lead_when_it_is_deleted(self, service, lead):
		booking = complete(lead)
		give(booking)
		frappe.delete_doc("Lead", lead)

		assert review_of(booking) is None


class TestColleagues:
	def alerts_of(self, user: str) -> list[frappe._dict]:
		return frappe.get_all(
			"Notification Log",
			filters={"for_user": user, "document_type": "Booking Review"},
			fields=["subject", "email_content", "link", "document_name"],
			order_by="creation asc",
		)

	def test_who_did_it_and_who_has_the_lead_hear_of_it(self, service, lead, jun):
		sara = make_user("sara@company.example")
		frappe.desk.form.assign_to.add({"doctype": "Lead", "name": lead, "assign_to": [sara]})
		booking = complete(lead, user=jun)
		review = give(booking, 4, "Good & quick")

		for user in (jun, sara):
			(alert,) = self.alerts_of(user)
			assert "4 of 5 stars" in alert.subject and "Naree" in alert.subject
			assert alert.email_content == "Good &amp; quick"
			assert review in alert.link

	def test_who_turned_the_kind_off_does_not(self, service, lead, jun):
		frappe.db.set_value("Notification Settings", jun, "lead_inbox_booking", 0)
		give(complete(lead, user=jun))

		assert self.alerts_of(jun) == []

	def test_a_script_in_a_name_or_in_words_is_text(self, service, lead, jun):
		give(complete(lead, user=jun, customer_name="Naree <b>x</b>"), 1, SCRIPT)

		(alert,) = self.alerts_of(jun)
		assert "<script" not in alert.subject + alert.email_content
		assert "<img" not in alert.email_content and "<b>x" not in alert.subject


class TestAnswering:
	def test_is_kept_and_shown_to_the_customer(self, service, lead, jun, customers_browser: Visit):
		booking = complete(lead)
		review = give(booking)
		frappe.set_user(jun)
		api.answer(review, "  Thank you <3 ")
		frappe.set_user("Administrator")

		stored = review_of(booking)
		assert (stored.answer, stored.answered_by) == ("Thank you &lt;3", jun)
		assert stored.answered_on
		page = customers_browser(links.review_link(booking)).html
		assert "Thank you &lt;3" in page and "Our answer" in page

	def test_can_be_changed(self, service, lead):
		booking = complete(lead)
		review = give(booking)
		api.answer(review, "Thnks")
		api.answer(review, "Thanks")

		assert review_of(booking).answer == "Thanks"

	@pytest.mark.parametrize("text", ["", " \n ", "x" * (review_rules.LONGEST + 1)])
	def test_says_something_and_not_too_much(self, service, lead, text):
		booking = complete(lead)
		review = give(booking)
		with pytest.raises(frappe.ValidationError):
			api.answer(review, text)

		assert review_of(booking).answer is None

	def answers_to(self, lead: str) -> list[frappe._dict]:
		return frappe.get_all(
			"Lead Message",
			filters={"lead": lead, "kind": "Email", "content": ["like", "%So glad%"]},
			fields=["subject", "content", "user", "automated"],
			order_by="creation asc",
		)

	def test_is_sent_to_the_customer_when_the_user_says_so(self, service, lead):
		review = give(complete(lead), 5, "It is dry")
		assert api.answer(review, "So glad!") == {"told": False, "why": ""}
		assert self.answers_to(lead) == []
		assert api.answer(review, "So glad!", tell_customer=1) == {"told": True, "why": ""}

		(mail,) = self.answers_to(lead)
		assert mail.automated == 0 and "It is dry" in mail.content

	def test_is_not_sent_to_who_wants_no_mails_and_the_user_is_told_why(self, service, lead):
		review = give(complete(lead))
		refusals.refuse(lead, "Email", True)
		told = api.answer(review, "So glad!", tell_customer=1)

		assert not told["told"] and "mails" in told["why"]
		assert self.answers_to(lead) == []

	def test_does_not_make_the_lead_an_answered_one(self, service, lead):
		review = give(complete(lead))
		before = frappe.db.get_value("Lead", lead, ["inbox_status", "inbox_reason"])
		api.answer(review, "So glad!", tell_customer=1)

		assert frappe.db.get_value("Lead", lead, ["inbox_status", "inbox_reason"]) == before

	def test_is_for_who_may_write_the_lead(self, service, lead):
		reader = make_user("reader@company.example", "Sales User")
		other = make_lead(first_name="Other").name
		frappe.get_doc(doctype="User Permission", user=reader, allow="Lead", for_value=other).insert()
		booking = complete(lead)
		review = give(booking)
		frappe.set_user(reader)
		with pytest.raises(frappe.PermissionError):
			api.answer(review, "Mine")
		with pytest.raises(frappe.PermissionError):
			api.get_answer(review)
		frappe.set_user("Administrator")

		assert review_of(booking).answer is None

	def test_nobody_writes_a_review_past_the_page(self, service, lead, jun):
		review = give(complete(lead))
		frappe.set_user(jun)
		doc = frappe.get_doc("Booking Review", review)
		doc.stars = 1
		with pytest.raises(frappe.PermissionError):
			doc.save()
		with pytest.raises(frappe.PermissionError):
			frappe.get_doc(doctype="Booking Review", booking=doc.booking, stars=5).insert()


class TestSeeing:
	def test_a_user_sees_the_reviews_of_the_leads_they_may_see(self, service, lead):
		other = make_lead(first_name="Other", email_id="o@customer.example").name
		mine, theirs = give(complete(lead)), give(complete(other))
		user = make_user("sara@company.example")
		frappe.get_doc(doctype="User Permission", user=user, allow="Lead", for_value=lead).insert()
		frappe.set_user(user)

		assert frappe.get_list("Booking Review", pluck="name") == [mine]
		assert not frappe.has_permission("Booking Review", doc=theirs)
		assert frappe.has_permission("Booking Review", doc=mine)

	def test_of_a_customers_booking_who_may_see_the_customer(self, service):
		customer, other = make_customer("Acme").name, make_customer("Other").name
		acme = give(complete("", customer=customer))
		give(complete("", customer=other))
		user = make_user("sara@company.example")
		frappe.get_doc(doctype="User Permission", user=user, allow="Customer", for_value=customer).insert()
		frappe.set_user(user)

		assert frappe.get_list("Booking Review", pluck="name") == [acme]

	def test_averages_by_service_and_by_user(self, service, lead, jun):
		sara = make_user("sara@company.example")
		make_service("Repair", sara)
		give(complete(lead, user=jun), 5)
		give(complete(lead, user=jun), 2)
		give(complete(lead, service="Repair", user=sara), 4)

		by_service = reviews.averages("service")
		assert (by_service[INSPECTION].stars, by_service[INSPECTION].reviews) == (3.5, 2)
		assert by_service["Repair"].stars == 4
		assert reviews.averages("user", [sara, "nobody@company.example"]) == {sara: reviews.Average(4, 1)}
		assert reviews.averages("user", []) == {}

	def test_the_form_of_a_service_tells_its_average(self, service, lead):
		def told() -> dict | None:
			doc = frappe.get_doc("Bookable Service", INSPECTION)
			doc.run_method("onload")
			return doc.get_onload("average")

		assert told() is None
		give(complete(lead), 5)
		give(complete(lead), 4)
		assert told() == {"stars": 4.5, "reviews": 2}

	def test_the_number_card_tells_what_the_user_may_see(self, service, lead):
		assert api.average_stars() == "–"
		give(complete(lead), 5)
		other = make_lead(first_name="Other", email_id="o@customer.example").name
		give(complete(other), 2)
		user = make_user("sara@company.example")
		frappe.get_doc(doctype="User Permission", user=user, allow="Lead", for_value=lead).insert()

		assert api.average_stars()["value"] == 3.5
		frappe.set_user(user)
		assert api.average_stars()["value"] == 5
