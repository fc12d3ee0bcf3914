"""Python environments: a private one for unit tests and linting, and packages added to the bench's."""

import hashlib
import os
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

from tools.bench import Bench, ToolError, configured_bench
from tools.stamps import Stamps, key_of

TOOLS = Path(__file__).resolve().parent
PLAIN_REQUIREMENTS = TOOLS / "requirements-plain.txt"
SITE_REQUIREMENTS = TOOLS / "requirements-site.txt"


def plain_python() -> Path:
	"""The interpreter for what needs no Frappe: unit tests and linters."""
	lines = PLAIN_REQUIREMENTS.read_text().splitlines()
	return cached_env("plain", [line for line in lines if line and not line.startswith("#")])


def unit_python() -> Path:
	"""As plain_python; where packages can't be fetched, the bench's interpreter will do, if it has them.

	:raises ToolError: if there is neither.
	"""
	try:
		return plain_python()
	except ToolError:
		python = configured_bench().python
		if not python.exists() or subprocess.run([python, "-c", "import hypothesis, pytest"]).returncode:
			raise
		print(f"Running the unit tests with {python} instead.", flush=True)
		return python


def cached_env(name: str, requirements: Sequence[str]) -> Path:
	"""The interpreter of a private environment, shared by all checkouts that ask for the same packages.

	:raises ToolError: if it cannot be made.
	"""
	facts = "\0".join([sys.executable, sys.version, *requirements])
	cache = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "lead-inbox"
	folder = cache / f"{name}-{hashlib.sha256(facts.encode()).hexdigest()[:12]}"
	python, complete = folder / "bin" / "python", folder / "complete"
	if not complete.exists():
		try:
			venv.create(folder, with_pip=True, clear=True)
		except (OSError, subprocess.CalledProcessError) as error:
			raise ToolError(
				f"No Python environment could be made in {folder}: {error}. On Debian and Ubuntu, install python3-venv."
			) from error
		pip_install(python, requirements)
		complete.touch()
	return python


def install_for_tests(bench: Bench) -> None:
	"""Add what integration and browser tests need to the bench's environment."""
	key = key_of([SITE_REQUIREMENTS, bench.root / "env" / "pyvenv.cfg"])
	stamps = Stamps(bench)
	if not stamps.is_current("site-requirements", key):
		pip_install(bench.python, ["--requirement", str(SITE_REQUIREMENTS)])
		stamps.remember("site-requirements", key)


def pip_install(python: Path, arguments: Sequence[str]) -> None:
	"""Packages that are there already cost no network access."""
	command = [str(python), "-m", "pip", "install", "-qq", "--disable-pip-version-check", *arguments]
	if subprocess.run(command, stdin=subprocess.DEVNULL).returncode:
		raise ToolError(f"Python packages could not be installed: {' '.join(command)}")
