"""Nothing is sent twice, whoever dies or hurries: the outbox between real processes and transactions.

On the live site, with its worker stopped: here the tests themselves are the jobs.
"""

import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import frappe
import pytest
from frappe.email.queue import flush, retry_sending_emails
from frappe.utils import add_to_date, now_datetime

from lead_inbox.api import replies
from lead_inbox.inbox import conversation
from lead_inbox.inbox.replies import outbox
from lead_inbox.tests.doubles.smtp import mail_server
from lead_inbox.tests.integration.builders import make_lead, make_user
from lead_inbox.tests.integration.outgoing import delivery_of, let_time_pass

CUSTOMER = "naree@customer.example"
JOB = """
import sys, frappe
frappe.init(site=sys.argv[1], sites_path=sys.argv[2])
frappe.connect()
frappe.conf.mute_emails = 0
from lead_inbox.inbox.replies import outbox
outbox.deliver_due(60)
"""


@pytest.fixture
def sender(live_site):
	"""The live site with a mail server behind its outgoing account."""
	live_site.worker.stop()
	with mail_server() as server:
		live_site.run(make_account, server.port)
		yield live_site, server


def make_account(port: int) -> None:
	frappe.get_doc(
		doctype="Email Account",
		email_account_name="Outgoing",
		email_id="inbox@company.example",
		enable_outgoing=1,
		default_outgoing=1,
		smtp_server="127.0.0.1",
		smtp_port=port,
		no_smtp_authentication=1,
	).insert()


def submit_mails(count: int) -> list[str]:
	lead = make_lead(first_name="Naree", email_id=CUSTOMER).name
	return [outbox.submit(lead, "Email", f"Message {index}") for index in range(count)]


def unmuted(action, *arguments):
	frappe.conf.mute_emails = 0
	return action(*arguments)


def run_job(site) -> subprocess.Popen:
	return subprocess.Popen([sys.executable, "-c", JOB, site.name, site.sites_path], cwd=site.sites_path)


def frappe_tries_again() -> str:
	"""Twenty minutes later Frappe's scheduler looks for mails that got stuck, and sends what is due."""
	frappe.db.set_value(
		"Email Queue",
		{"status": "Sending"},
		"modified",
		add_to_date(now_datetime(), minutes=-20),
		update_modified=False,
	)
	retry_sending_emails()
	status = frappe.db.get_value("Email Queue", {"status": ["!=", "Sent"]}, "status")
	flush()
	return status


def test_a_job_that_is_killed_after_the_server_took_the_mail_sends_no_second_one(sender):
	site, server = sender
	(message,) = site.run(submit_mails, 1)
	jobs: list[subprocess.Popen] = []
	server.on_accept = lambda _mail: os.kill(jobs[0].pid, signal.SIGKILL)
	jobs.append(run_job(site))

	assert jobs[0].wait(60) == -signal.SIGKILL
	assert [mail.recipients for mail in server.mails] == [[CUSTOMER]]
	assert site.run(delivery_of, message) == ("Sending", "")

	assert site.run(unmuted, frappe_tries_again) == "Not Sent", "Frappe did not take it up again"
	site.run(unmuted, outbox.deliver_due, 60)
	assert site.run(delivery_of, message) == ("Sending", "")
	site.run(let_time_pass, message)
	site.run(unmuted, outbox.deliver_due, 60)
	status, error = site.run(delivery_of, message)
	assert status == "Failed" and "may have arrived" in error
	site.run(unmuted, frappe_tries_again)
	assert len(server.mails_to(CUSTOMER)) == 1


def test_scheduled_mails_go_once_though_two_sweepers_take_them_up_at_once(sender):
	site, server = sender
	names = site.run(submit_mails, 6)
	site.run(let_them_be_scheduled, names)
	start = threading.Barrier(2)

	def sweep() -> bool:
		return site.run(unmuted, deliver_together, start)

	with ThreadPoolExecutor(2) as threads:
		assert all(threads.map(lambda _turn: sweep(), range(2)))
	assert sorted(mail.text.split()[1] for mail in server.mails) == [str(index) for index in range(6)]
	assert {site.run(delivery_of, name) for name in names} == {("Sent", "")}


def let_them_be_scheduled(names: list[str]) -> None:
	frappe.db.set_value("Lead Message", {"name": ["in", names]}, "delivery_status", "Scheduled")


def deliver_together(start: threading.Barrier) -> bool:
	start.wait(60)
	return outbox.deliver_due(60)


def test_of_two_people_who_reply_at_once_the_second_is_asked_first(sender):
	site, _server = sender
	lead, note = site.run(make_conversation)
	start = threading.Barrier(2)
	with ThreadPoolExecutor(2) as threads:
		answers = list(
			threads.map(
				lambda user: site.run(reply_together, start, user, lead, note),
				("sara@company.example", "jun@company.example"),
			)
		)
	assert sorted("confirm" in answer for answer in answers) == [False, True]
	question = next(answer["confirm"] for answer in answers if "confirm" in answer)
	assert "has answered" in question
	assert site.run(frappe.db.count, "Lead Message", {"lead": lead, "direction": "Out"}) == 1


def make_conversation() -> tuple[str, str]:
	for user in ("sara@company.example", "jun@company.example"):
		make_user(user)
	lead = make_lead(first_name="Naree", email_id=CUSTOMER).name
	return lead, conversation.add_note(lead, "Who takes it?")


def reply_together(start: threading.Barrier, user: str, lead: str, seen: str) -> dict:
	"""Both transactions have their snapshot before either writes."""
	frappe.set_user(user)
	frappe.db.count("Lead Message", {"lead": lead})
	start.wait(60)
	return replies.send(lead, "Email", f"Yours, {user}", seen=seen)
