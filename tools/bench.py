"""The Frappe bench that this checkout works on: where it is, and how its commands are run."""

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

APP = "lead_inbox"
REPO = Path(__file__).resolve().parent.parent

# CI puts Frappe's workers into test mode; the others would choose a site, an interpreter or a module for us.
FOREIGN_VARIABLES = ("CI", "FRAPPE_SITE", "PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV")


class ToolError(Exception):
	"""Something the person at the keyboard has to mend. The message says what and how; no traceback is shown."""


@dataclass(frozen=True)
class Bench:
	"""A folder laid out as `bench init` leaves one."""

	root: Path
	env: Mapping[str, str] = field(default_factory=dict)
	"""Added to the environment of everything run for this bench."""

	def with_env(self, **env: str) -> "Bench":
		return replace(self, env={**self.env, **env})

	@property
	def sites(self) -> Path:
		return self.root / "sites"

	@property
	def python(self) -> Path:
		return self.root / "env" / "bin" / "python"

	@property
	def state(self) -> Path:
		"""Our own folder inside the bench: database files, process records, logs, cached dump."""
		return self.root / ".lead-inbox"

	def app_folder(self, app: str) -> Path:
		return self.root / "apps" / app

	def config(self) -> dict[str, Any]:
		"""The settings shared by all sites (ports, Redis addresses)."""
		path = self.sites / "common_site_config.json"
		return json.loads(path.read_text()) if path.exists() else {}

	def frappe_command(self, *arguments: str) -> list[str]:
		"""Frappe's command line without the `bench` program, which need not be installed."""
		return [str(self.python), "-m", "frappe.utils.bench_helper", "frappe", *arguments]

	def frappe(self, *arguments: str) -> None:
		"""Run one Frappe command, its output kept back.

		:raises ToolError: with the end of its output, if it fails.
		"""
		self.run(self.frappe_command(*arguments))

	def run_module(self, module: str, *arguments: str) -> None:
		"""Run a module of this checkout with the bench's Python, its output shown.

		:raises ToolError: if it fails.
		"""
		here = self.with_env(PYTHONPATH=str(REPO), PYTHONWARNINGS="ignore")
		here.run([str(self.python), "-m", module, *arguments], quiet=False)

	def run(self, command: list[str], quiet: bool = True) -> None:
		"""Run any program from the sites folder, where Frappe expects to be."""
		result = subprocess.run(
			command,
			cwd=self.sites,
			env=child_environment(self.env),
			stdin=subprocess.DEVNULL,
			stdout=subprocess.PIPE if quiet else None,
			stderr=subprocess.STDOUT if quiet else None,
			text=True,
		)
		if result.returncode:
			output = "\n".join((result.stdout or "").splitlines()[-40:])
			raise ToolError(f"{output}\nFailed with status {result.returncode}: {' '.join(command)}".strip())


def child_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
	"""The environment for Frappe's processes: ours, less what would change how Frappe behaves."""
	kept = {name: value for name, value in os.environ.items() if name not in FOREIGN_VARIABLES}
	return kept | dict(extra or {})


def configured_bench() -> Bench:
	"""The bench named by FRAPPE_BENCH, else ~/frappe-bench; it need not exist yet."""
	return Bench(Path(os.environ.get("FRAPPE_BENCH") or "~/frappe-bench").expanduser().resolve())
