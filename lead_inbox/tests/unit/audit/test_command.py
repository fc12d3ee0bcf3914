"""`lead-inbox audit` as somebody types it: what it prints, writes and answers, whatever is typed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result

import lead_inbox.audit
from lead_inbox.audit.command import command_group
from lead_inbox.audit.surroundings import Surroundings
from lead_inbox.inbox.rules import AgingDays

REPO = Path(lead_inbox.audit.__file__).parents[2]
SAMPLES = sorted((Path(lead_inbox.audit.__file__).parent / "samples").iterdir())
ATHENS = ZoneInfo("Europe/Athens")
EVENTS = (
	{
		"id": "1",
		"occurred_at": "2026-03-02T09:00:00",
		"name": "Ada",
		"phone": "210 555 0101",
		"message": "Hi",
	},
	{
		"id": "2",
		"occurred_at": "2026-03-02T11:00:00",
		"name": "Ada",
		"phone": "+30 210 555 0101",
		"message": "?",
	},
)
OPTIONS = ("--as-of", "2026-03-06", "--format", "json")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
	lines = "".join(f"{json.dumps(event)}\n" for event in EVENTS)
	(tmp_path / "events.jsonl").write_text(lines)
	return tmp_path


def run(*arguments: str | Path, here: Surroundings | None = None) -> Result:
	group = command_group(lambda: here or Surroundings(ATHENS))
	return CliRunner().invoke(group, ["audit", *map(str, arguments)])


def report(result: Result) -> dict[str, Any]:
	assert result.exit_code == 0, result.output
	return json.loads(result.stdout)


@pytest.mark.parametrize("report_format", ["text", "json", "html"])
def test_the_samples_give_a_report_of_each_kind(report_format: str) -> None:
	result = run(*SAMPLES, "--as-of", "2026-03-27", "--format", report_format)
	assert result.exit_code == 0
	assert result.stdout.strip()
	assert not result.stderr


def test_what_is_typed_decides(folder: Path) -> None:
	typed = ("--zone", "Asia/Tokyo", "--days", "3,4", "--country", "gr", "--hours", "Mon-Fri 09:00-17:00")
	told = report(run(folder / "events.jsonl", *OPTIONS, *typed))
	assert told["zone"] == "Asia/Tokyo"
	assert told["leads"] == 1


def test_without_options_the_surroundings_decide(folder: Path) -> None:
	here = Surroundings(ATHENS, AgingDays(2, 2), "GR", folder)
	told = report(run("events.jsonl", *OPTIONS, here=here))
	assert told["zone"] == "Europe/Athens"
	assert told["states"]["Inactive"] == told["leads"] == 1


def test_numbers_of_no_country_are_not_the_same_person(folder: Path) -> None:
	assert report(run(folder / "events.jsonl", *OPTIONS))["leads"] == 2


@pytest.mark.parametrize(
	("option", "value"),
	[
		("--days", "soon"),
		("--hours", "always"),
		("--holidays", "christmas"),
		("--as-of", "yesterday"),
		("--zone", "Home"),
		("--country", "Greece"),
		("--format", "pdf"),
	],
)
def test_a_wrong_option_is_named_and_nothing_is_read(option: str, value: str, folder: Path) -> None:
	result = run(folder / "events.jsonl", option, value)
	assert result.exit_code == 2
	assert option in result.stderr
	assert not result.stdout


def test_a_file_is_needed() -> None:
	assert run().exit_code == 2


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n\0\0", b"colour,taste\nred,sweet\n"])
def test_when_nothing_can_be_read_the_status_says_so(content: bytes, tmp_path: Path) -> None:
	export = tmp_path / "export.csv"
	export.write_bytes(content)
	for path in (export, tmp_path / "missing.csv", tmp_path):
		result = run(path)
		assert result.exit_code == 1
		assert result.stderr.startswith("Error: ")
		assert isinstance(result.exception, SystemExit)


def test_the_report_goes_to_a_file(folder: Path) -> None:
	here = Surroundings(ATHENS, folder=folder)
	result = run("events.jsonl", *OPTIONS, "--output", "report.json", here=here)
	assert (result.exit_code, result.stdout) == (0, "")
	assert "report.json" in result.stderr
	assert json.loads((folder / "report.json").read_text(encoding="utf-8"))["leads"] == 2


@pytest.mark.parametrize(
	("output", "reason"),
	[
		("events.jsonl", "is one of the files to read"),
		(".", "is a folder"),
		("missing/report.json", "There is no folder"),
	],
)
def test_a_report_that_cant_be_written_is_refused_before_reading(
	output: str, reason: str, folder: Path
) -> None:
	before = (folder / "events.jsonl").read_bytes()
	result = run(folder / "events.jsonl", *OPTIONS, "--output", folder / output)
	assert result.exit_code == 2
	assert "--output" in result.stderr
	assert reason in result.stderr
	assert (folder / "events.jsonl").read_bytes() == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
def test_a_full_disk_is_said_in_words(folder: Path) -> None:
	(folder / "full").symlink_to("/dev/full")
	result = run(folder / "events.jsonl", *OPTIONS, "--output", folder / "full")
	assert result.exit_code == 1
	assert "No space left" in result.stderr
	assert isinstance(result.exception, SystemExit)


def test_it_runs_as_a_module_and_ends_quietly_when_nobody_reads_on(folder: Path) -> None:
	command = [sys.executable, "-m", "lead_inbox", "audit", str(folder / "events.jsonl"), *OPTIONS]
	process = subprocess.Popen(command, cwd=REPO, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
	assert process.stdout and process.stderr
	process.stdout.close()
	assert process.stderr.read() == b""
	process.stderr.close()
	process.wait()
