"""`bench --site … lead-inbox audit` judges by the settings of its site, and reads where the user is."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from frappe.utils import get_system_timezone

from lead_inbox.inbox.aging import default_days
from lead_inbox.inbox.identity import region_of
from tools.bench import configured_bench

EVENTS = (
	{"id": "1", "occurred_at": "2026-03-02T09:00:00", "name": "Ada", "email": "ada@customer.example"},
	{"id": "2", "occurred_at": "2026-03-02T11:00:00", "name": "Ada", "email": "ADA@customer.example"},
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
	(tmp_path / "events.jsonl").write_text("".join(f"{json.dumps(event)}\n" for event in EVENTS))
	return tmp_path


def run_in_bench(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
	"""As the program `bench` runs it: from the folder of the sites, which its user's shell is not in."""
	bench = configured_bench()
	command = [str(bench.python), "-m", "frappe.utils.bench_helper", "frappe", *arguments]
	variables = {**os.environ, "PWD": str(folder)}
	return subprocess.run(command, cwd=bench.sites, env=variables, capture_output=True, text=True)


def test_days_zone_and_country_are_the_site_s(site: str, folder: Path) -> None:
	done = run_in_bench(folder, "--site", site, "lead-inbox", "audit", "events.jsonl", "--format", "json")
	assert done.returncode == 0, done.stderr
	told, days = json.loads(done.stdout), default_days()
	assert told["zone"] == get_system_timezone()
	assert told["rules"]["unanswered_after_days"] == days.unanswered
	assert told["rules"]["quiet_after_days"] == days.quiet
	assert (told["leads"], told["joins"]["e-mail"]) == (1, 1)


def test_a_number_without_a_code_is_one_of_the_site_s_country(site: str, folder: Path) -> None:
	assert region_of(None) == "US"
	numbers = ("(415) 555-0132", "+1 415 555 0132")
	lines = (
		json.dumps({"id": number, "occurred_at": "2026-03-02T09:00:00", "phone": number})
		for number in numbers
	)
	(folder / "events.jsonl").write_text("\n".join(lines))
	done = run_in_bench(folder, "--site", site, "lead-inbox", "audit", "events.jsonl", "--format", "json")
	assert json.loads(done.stdout)["leads"] == 1, done.stderr


def test_options_outrank_the_site(site: str, folder: Path) -> None:
	options = ("--zone", "Asia/Tokyo", "--days", "3,4", "--format", "json")
	done = run_in_bench(folder, "--site", site, "lead-inbox", "audit", "events.jsonl", *options)
	told = json.loads(done.stdout)
	assert (told["zone"], told["rules"]["unanswered_after_days"]) == ("Asia/Tokyo", 3)


@pytest.mark.parametrize("name", ["nowhere.localhost", "all"])
def test_without_one_site_it_says_what_is_missing(name: str, folder: Path) -> None:
	done = run_in_bench(folder, "--site", name, "lead-inbox", "audit", "events.jsonl")
	assert done.returncode == 2
	assert "site" in done.stderr
	assert "Traceback" not in done.stderr
