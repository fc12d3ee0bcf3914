"""A machine where no bench can be had runs the unit tests and the audit of the samples, and says what is missing."""

from __future__ import annotations

import pytest

from tools import check, demo
from tools.bench_setup import NoBench


@pytest.fixture(autouse=True)
def no_bench(monkeypatch: pytest.MonkeyPatch) -> None:
	def refuse() -> None:
		raise NoBench("GitHub does not answer.")

	monkeypatch.setattr(check, "ready_bench", refuse)
	monkeypatch.setattr(demo, "ready_bench", refuse)


@pytest.mark.parametrize("status", [0, 1])
def test_the_tests_end_as_the_unit_tests_did(
	status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
	monkeypatch.setattr(check, "run_unit_tests", lambda options: status)
	assert check.run_tests([]) == status
	printed = capsys.readouterr().out
	assert "NOT RUN: integration and browser tests. GitHub does not answer." in printed
	assert printed.endswith("unit tests failed\n" if status else "unit tests passed\n")


def test_stages_that_need_a_bench_fail_when_they_are_all_that_was_asked_for() -> None:
	assert check.run_tests(["integration"]) == 1


def test_the_demo_says_why_and_audits_the_samples(
	monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
	monkeypatch.setattr(demo, "audit_samples", lambda: print("the report"))
	demo.start_demo()
	assert capsys.readouterr().out == "GitHub does not answer.\n\nthe report\n"
