"""A reminder is sent once, whoever dies or hurries: BO-7 between real processes and transactions.

On the live site, with its worker stopped: here the tests themselves are the jobs.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import frappe
import pytest
from frappe.utils import now_datetime

from lead_inbox.bookings.rules import Origin
from lead_inbox.bookings.telling import reminders
from lead_inbox.tests.doubles.smtp import mail_server
from lead_inbox.tests.integration.booking_builders import make_booking, make_service
from lead_inbox.tests.integration.builders import make_lead
from lead_inbox.tests.integration.test_outbox_once import make_account

# A job that dies: before its work is committed, or right after it.
JOB = """
import os, signal, sys, frappe
frappe.init(site=sys.argv[1], sites_path=sys.argv[2])
frappe.connect()
from lead_inbox.bookings.telling import reminders
reminders.send(sys.argv[3])
if sys.argv[4] == "after":
	frappe.db.commit()
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def quiet_site(live_site):
	live_site.worker.stop()
	with mail_server() as server:
		live_site.run(make_account, server.port)
		yield live_site


def make_due(count: int) -> list[str]:
	"""Bookings of one lead each, whose customers are to be reminded now. Returns the leads."""
	service = make_service(capacity=count)
	leads = [
		make_lead(first_name="Naree", email_id=f"naree{index}@customer.example").name
		for index in range(count)
	]
	for lead in leads:
		make_booking(service, lead=lead, origin=Origin.USER)
	due = {"lead": ["in", leads], "audience": "Customer", "minutes_before": 1440}
	frappe.db.set_value("Booking Reminder", due, "due_on", now_datetime() - timedelta(seconds=1))
	return leads


def told(leads: list[str]) -> list[int]:
	return [frappe.db.count("Lead Message", {"lead": lead, "kind": "Email"}) for lead in leads]


def statuses(leads: list[str]) -> list[str]:
	due = {"lead": ["in", leads], "audience": "Customer", "minutes_before": 1440}
	return frappe.get_all("Booking Reminder", due, pluck="status")


def name_of_due(lead: str) -> str:
	return frappe.db.get_value(
		"Booking Reminder", {"lead": lead, "audience": "Customer", "minutes_before": 1440}, "name"
	)


def test_each_customer_is_reminded_once_though_two_workers_begin_together(quiet_site):
	leads = quiet_site.run(make_due, 6)
	start = threading.Barrier(2)
	with ThreadPoolExecutor(2) as threads:
		assert all(threads.map(lambda _turn: quiet_site.run(send_together, start), range(2)))
	assert quiet_site.run(told, leads) == [1] * 6
	assert quiet_site.run(statuses, leads) == ["Sent"] * 6


def send_together(start: threading.Barrier) -> bool:
	start.wait(60)
	return reminders.send_due(60)


@pytest.mark.parametrize(("moment", "left"), [("before", "Waiting"), ("after", "Sent")])
def test_a_job_that_is_killed_leaves_a_reminder_that_is_sent_once(quiet_site, moment, left):
	leads = quiet_site.run(make_due, 1)
	arguments = [quiet_site.name, quiet_site.sites_path, quiet_site.run(name_of_due, leads[0]), moment]
	job = subprocess.run([sys.executable, "-c", JOB, *arguments], cwd=quiet_site.sites_path, timeout=120)
	assert job.returncode == -signal.SIGKILL
	assert quiet_site.run(statuses, leads) == [left]

	quiet_site.run(reminders.send_due, 60)
	quiet_site.run(reminders.send_due, 60)
	assert quiet_site.run(statuses, leads) == ["Sent"]
	assert quiet_site.run(told, leads) == [1]
