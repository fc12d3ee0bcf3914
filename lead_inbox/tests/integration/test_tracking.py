"""Hearing that a customer opened a mail or followed a link in it: requirement SQ-1.

The first half looks at the mails that leave, the second calls the site as a mail program and a browser do.
"""

from __future__ import annotations

import email
import email.policy
import http.client
import io
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import frappe
import pytest

from lead_inbox.inbox.replies import mailing, outbox, tracking
from lead_inbox.tests.integration.builders import make_lead, make_outgoing_account, make_user
from lead_inbox.tests.integration.outgoing import deliver, mails_leave
from lead_inbox.tests.integration.sequence_builders import (
	activity_of,
	advance,
	enroll,
	enrollment_of,
	make_sequence,
	make_template,
	step,
)

TARGET = "https://company.example/prices?a=1&b=2"
FOLLOW = "/api/method/lead_inbox.api.links.follow"
PIXEL = "/api/method/frappe.core.doctype.communication.email.mark_email_as_seen"
PASSWORD = "a long password of the tests 1!"


def track_mails(setting: bool = True, account: bool = True) -> None:
	frappe.db.set_single_value("Lead Inbox Settings", "track_mails", int(setting))
	frappe.db.set_value("Email Account", "Outgoing", "track_email_status", int(account))
	frappe.db.commit()  # first, or another process fills the caches with what was
	frappe.clear_document_cache("Lead Inbox Settings", "Lead Inbox Settings")
	frappe.clear_document_cache("Email Account", "Outgoing")


def submit(text: str = f"Our <prices>: {TARGET}.\nJun") -> str:
	lead = make_lead(first_name="Naree", email_id=f"{frappe.generate_hash(length=8)}@customer.example")
	return outbox.submit(lead.name, "Email", text, subject="Prices", automated=True)


def links_in(html: str) -> list[str]:
	return [unescape(link) for link in re.findall(r'href="([^"]*)"', html) if FOLLOW in link]


# The mails


@pytest.fixture
def server(monkeypatch, jobs):
	with mails_leave(monkeypatch) as double:
		yield double


def test_links_lead_through_our_site_and_still_read_as_they_were_written(server):
	track_mails()
	message = submit()
	deliver()
	mail = server.mails[0]

	(link,) = links_in(mail.html)
	assert parse_qs(urlsplit(link).query)["target"] == [TARGET]
	assert ">https://company.example/prices?a=1&amp;b=2</a>." in mail.html
	assert "Our &lt;prices&gt;: " in mail.html
	assert f"Our <prices>: {TARGET}." in mail.text and FOLLOW not in mail.text
	communication = frappe.db.get_value("Lead Message", message, "communication")
	assert FOLLOW not in frappe.db.get_value("Communication", communication, "content")


@pytest.mark.parametrize(("setting", "account"), [(False, True), (True, False), (False, False)])
def test_no_link_is_touched_unless_both_the_settings_and_the_account_allow_it(server, setting, account):
	track_mails(setting, account)
	submit()
	deliver()
	assert links_in(server.mails[0].html) == [] and "company.example/prices" in server.mails[0].html


def test_a_new_site_tracks_nothing(server):
	submit()
	deliver()
	assert links_in(server.mails[0].html) == []


def times_of(message: str) -> Any:
	return frappe.db.get_value("Lead Message", message, ["opened_on", "clicked_on"])


def test_the_first_opening_and_the_first_click_are_kept(server):
	track_mails()
	message = submit()
	deliver()
	communication = frappe.db.get_value("Lead Message", message, "communication")

	tracking.opened(communication)
	opened_on, clicked_on = times_of(message)
	assert opened_on and not clicked_on
	tracking.clicked(message)
	first = times_of(message)
	assert first[0] == opened_on and first[1]
	tracking.opened(communication)
	tracking.clicked(message)
	assert times_of(message) == first


def test_a_click_shows_that_the_mail_was_opened_though_its_images_were_not_loaded(server):
	track_mails()
	message = submit()
	deliver()
	tracking.clicked(message)
	assert all(times_of(message))


def test_what_no_message_stands_for_is_not_noted():
	track_mails()
	mail = frappe.get_doc(
		doctype="Communication", communication_medium="Email", sent_or_received="Sent", subject="A bill"
	).insert()
	for communication in (mail.name, "gone", ""):
		tracking.opened(communication)
	tracking.clicked("gone")
	assert not frappe.db.exists("Lead Message", {"opened_on": ["is", "set"]})


@pytest.mark.parametrize(("branch", "customer_does"), [("Link Clicked", "clicked"), ("Opened", "opened")])
def test_what_the_customer_does_with_a_mail_of_a_sequence_decides_where_they_go(
	server, branch, customer_does
):
	track_mails()
	template = make_template(f"Our prices: {TARGET}")
	mail = step("Mail", "Email", automatic=1, email_template=template)
	mail.update(branch_on=branch, branch_within=2, yes_step="Call")
	lead = make_lead(email_id="naree@customer.example")
	enrollment = enroll(make_sequence([mail, "Write again", "Call"]), lead)
	advance()
	deliver()
	message = activity_of(enrollment).message
	assert links_in(server.mails[0].html) and enrollment_of(enrollment).phase == "Watching"

	communication = frappe.db.get_value("Lead Message", message, "communication")
	{"clicked": lambda: tracking.clicked(message), "opened": lambda: tracking.opened(communication)}[
		customer_does
	]()
	assert enrollment_of(enrollment).step_title == "Call"


# The site


@dataclass(frozen=True)
class Sent:
	"""A mail that a customer has: its message, its Communication, and the path of its link."""

	message: str
	communication: str
	link: str


@pytest.fixture
def site_that_tracks(live_site) -> Iterator[Any]:
	live_site.run(make_muted_account)
	live_site.run(track_mails)
	yield live_site
	live_site.run(track_mails, False)


def make_muted_account() -> None:
	frappe.flags.in_test = True  # or Frappe would ask the mail server whether it is there
	make_outgoing_account()


@pytest.fixture
def sent(site_that_tracks) -> Sent:
	return site_that_tracks.run(send_one)


def send_one() -> Sent:
	"""A mail as the customer has it. It counts as sent when it is committed, so no worker takes it up."""
	message = submit()
	row = frappe.db.get_value("Lead Message", message, outbox.ROW_FIELDS, as_dict=True)
	made = mailing.prepare(row, None)
	frappe.db.set_value("Lead Message", message, {**made, "delivery_status": "Sent", "next_attempt_on": None})
	raw = frappe.db.get_value("Email Queue", made["email_queue"], "message")
	mail = email.message_from_string(raw, policy=email.policy.default)
	(link,) = links_in(mail.get_body(("html",)).get_content())
	parts = urlsplit(link)
	return Sent(message, made["communication"], f"{parts.path}?{parts.query}")


def call(site: Any, path: str, method: str = "GET", **headers: str) -> tuple[int, str | None, str]:
	"""Status, where it leads, and the body. Comes back when the server has done all that the request takes."""
	lines = [
		f"{method} {quote(path, safe='/?&=%:+-._~')} HTTP/1.1",
		f"Host: {site.name}:{site.port}",
		"Connection: close",
	]
	lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
	with socket.create_connection(("127.0.0.1", site.port), timeout=60) as connection:
		connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
		raw = b"".join(iter(lambda: connection.recv(65536), b""))
	head, _blank, body = raw.partition(b"\r\n\r\n")
	status_line, _end, fields = head.partition(b"\r\n")
	headers_in = http.client.parse_headers(io.BytesIO(fields + b"\r\n\r\n"))
	return int(status_line.split()[1]), headers_in["Location"], body.decode(errors="replace")


def noted(site: Any, sent: Sent) -> tuple[bool, bool]:
	"""Whether the mail is known to be opened, and its link to be clicked."""
	opened_on, clicked_on = site.run(times_of, sent.message)
	return bool(opened_on), bool(clicked_on)


def test_a_link_leads_on_and_is_noted_once(site_that_tracks, sent):
	status, location, _body = call(site_that_tracks, sent.link)
	assert (status, location) == (302, TARGET)
	assert noted(site_that_tracks, sent) == (True, True)

	first = site_that_tracks.run(times_of, sent.message)
	assert call(site_that_tracks, sent.link)[:2] == (302, TARGET)
	assert site_that_tracks.run(times_of, sent.message) == first


FORGERIES = (
	{"target": "https://evil.example/"},
	{"target": TARGET + "3"},
	{"target": TARGET.replace("company.example", "company.example@evil.example")},
	{"target": "//evil.example"},
	{"target": TARGET + "\r\nSet-Cookie: sid=1"},
	{"target": ""},
	{"message": "another"},
	{"message": ""},
	{"signature": ""},
	{"signature": "A" * 43},
	{"signature": "é\0"},
)


def test_a_forged_link_leads_nowhere_and_says_so(site_that_tracks, sent):
	query = {name: values[0] for name, values in parse_qs(urlsplit(sent.link).query).items()}
	for forged in FORGERIES:
		path = f"{FOLLOW}?{urlencode({**query, **forged})}"
		status, location, body = call(site_that_tracks, path)
		assert (status, location) == (404, None), forged
		assert "This link leads nowhere" in body and "Traceback" not in body and "evil.example" not in body
	assert call(site_that_tracks, FOLLOW)[:2] == (404, None)
	assert noted(site_that_tracks, sent) == (False, False)


def test_a_target_that_is_given_twice_does_not_lead_elsewhere(site_that_tracks, sent):
	evil = quote("https://evil.example/", safe="")
	before = sent.link.replace("?", f"?target={evil}&")
	locations = {call(site_that_tracks, path)[1] for path in (before, f"{sent.link}&target={evil}")}
	assert locations <= {TARGET, None}


LOOKS = (
	("HEAD", {}),
	("GET", {"Sec_Purpose": "prefetch;prerender"}),
	("GET", {"Purpose": "prefetch"}),
	("GET", {"X_Moz": "prefetch"}),
)


def test_looking_at_a_link_is_no_click(site_that_tracks, sent):
	for method, headers in LOOKS:
		assert call(site_that_tracks, sent.link, method, **headers)[:2] == (302, TARGET)
	assert noted(site_that_tracks, sent) == (False, False)


def test_a_colleague_who_tries_the_link_is_not_the_customer(site_that_tracks, sent):
	def give_password() -> str:
		user = make_user(f"{frappe.generate_hash(length=8)}@company.example")
		doc = frappe.get_doc("User", user)
		doc.update({"new_password": PASSWORD})
		doc.save()
		return user

	session = site_that_tracks.log_in(site_that_tracks.run(give_password), PASSWORD)
	assert call(site_that_tracks, sent.link, Cookie=f"sid={session}")[:2] == (302, TARGET)
	assert noted(site_that_tracks, sent) == (False, False)


def test_with_tracking_off_old_links_lead_on_and_nothing_is_written_down(site_that_tracks, sent):
	for switches in ((False, True), (True, False)):
		site_that_tracks.run(track_mails, *switches)
		assert call(site_that_tracks, sent.link)[:2] == (302, TARGET)
		assert call(site_that_tracks, f"{PIXEL}?name={sent.communication}")[0] == 200
	assert noted(site_that_tracks, sent) == (False, False)


def test_a_link_outlives_its_message(site_that_tracks, sent):
	site_that_tracks.run(frappe.delete_doc, "Lead Message", sent.message)
	assert call(site_that_tracks, sent.link)[:2] == (302, TARGET)
	assert site_that_tracks.run(frappe.db.count, "Error Log") == 0


def test_frappe_s_pixel_tells_that_a_mail_was_opened(site_that_tracks, sent):
	path = f"{PIXEL}?name={sent.communication}"
	assert call(site_that_tracks, path)[0] == 200
	assert noted(site_that_tracks, sent) == (True, False)
	assert (
		site_that_tracks.run(frappe.db.get_value, "Communication", sent.communication, "delivery_status")
		== "Read"
	)

	first = site_that_tracks.run(times_of, sent.message)
	call(site_that_tracks, path)
	assert site_that_tracks.run(times_of, sent.message) == first


def test_a_pixel_of_no_mail_is_answered_all_the_same(site_that_tracks):
	for name in ("gone", "", "é"):
		assert call(site_that_tracks, f"{PIXEL}?name={quote(name)}")[0] == 200
	assert site_that_tracks.run(frappe.db.count, "Error Log") == 0
