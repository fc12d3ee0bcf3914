"""Installing on a site with leads and leaving it without a trace: requirement QU-6."""

import os
import subprocess
from collections.abc import Iterator

import frappe
import pytest

from lead_inbox.tests.integration.builders import make_channel
from tools.bench import configured_bench
from tools.live import ServedSite
from tools.sites import Site, create_site_with_app
from tools.storage import MariaDB

NAME = "lead-inbox-leaving.localhost"
TRACES = {
	"custom fields": "select fieldname from `tabCustom Field` where fieldname like 'inbox\\_%'",
	"columns": "select column_name from information_schema.columns where table_schema = database() and column_name like 'inbox\\_%'",
	"indexes": "select index_name from information_schema.statistics where table_schema = database() and index_name like 'lead\\_inbox%'",
	"tables": "select table_name from information_schema.tables where table_schema = database() and table_name like 'tabLead %' and table_name != 'tabLead Source'",
	"roles": "select name from tabRole where name in ('Lead Partner', 'Converted Lead Editor')",
	"pages": "select name from tabPage where name = 'lead-inbox'",
	"workspaces": "select name from tabWorkspace where module = 'Lead Inbox'",
	"modules": "select name from `tabModule Def` where app_name = 'lead_inbox'",
	"jobs": "select name from `tabScheduled Job Type` where method like 'lead\\_inbox.%'",
	"settings": "select field from tabSingles where doctype = 'Lead Inbox Settings'",
	"secrets": "select name from __Auth where doctype like 'Lead %'",
}


@pytest.fixture
def own_site(site: str) -> ServedSite:
	create_site_with_app(Site(configured_bench(), NAME), MariaDB(configured_bench()), allow_tests=1)
	return ServedSite(name=NAME, port=0, sites_path=os.environ["SITES_PATH"])


@pytest.fixture(autouse=True)
def transaction() -> Iterator[None]:
	"""Nothing here touches the test site."""
	yield


@pytest.fixture(autouse=True)
def outgoing_mail() -> None:
	"""No mail is sent."""


def bench_command(*arguments: str) -> None:
	bench = configured_bench()
	command = [str(bench.python), "-m", "frappe.utils.bench_helper", "frappe", "--site", NAME, *arguments]
	done = subprocess.run(command, cwd=bench.sites, capture_output=True, text=True, env={**os.environ})
	assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


def work_a_little() -> str:
	make_channel()
	return frappe.get_doc(doctype="Lead", first_name="Ada", phone="+14155550101").insert().name


def traces() -> dict[str, list[str]]:
	found = {what: [row[0] for row in frappe.db.sql(query)] for what, query in TRACES.items()}
	return {what: names for what, names in found.items() if names}


def state_of(lead: str) -> tuple[str, str]:
	return frappe.db.get_value("Lead", lead, ["inbox_status", "inbox_phone_e164"])


def test_the_app_leaves_nothing_but_the_leads_and_takes_them_in_again(own_site):
	lead = own_site.run(work_a_little)
	assert set(own_site.run(traces)) == set(TRACES)

	bench_command("uninstall-app", "lead_inbox", "--yes", "--no-backup")
	assert own_site.run(traces) == {}
	assert own_site.run(frappe.db.exists, "Lead", lead)

	bench_command("install-app", "lead_inbox")
	assert own_site.run(state_of, lead) == ("New", "+14155550101")
