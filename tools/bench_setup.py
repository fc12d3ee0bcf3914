"""Makes a bench where there is none: system packages, the `bench` program, Frappe and ERPNext from GitHub."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.bench import Bench, ToolError, configured_bench
from tools.python_env import cached_env

FRAPPE_BRANCH = os.environ.get("FRAPPE_BRANCH") or "version-15"
GITHUB = "https://github.com"
REACH = "import sys, urllib.request; urllib.request.urlopen(sys.argv[1], timeout=5)"

# program → Debian and Ubuntu packages. The server's own package would start a system service; we need none.
PACKAGES = {
	"mariadbd": ("mariadb-server-core", "mariadb-client", "libmariadb-dev", "pkg-config"),
	"redis-server": ("redis-server",),
	"node": ("nodejs",),
	"npm": ("npm",),
	"git": ("git",),
	"gcc": ("build-essential", "python3-dev"),
	"chromium": ("chromium",),
}
SUBSTITUTES = {
	"mariadbd": ("mariadbd", "mysqld"),
	"chromium": ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
}


class NoBench(ToolError):
	"""There is no bench, and none can be made here."""


def ready_bench() -> Bench:
	"""The configured bench, made first if there is none.

	:raises NoBench: with what to do.
	"""
	bench = configured_bench()
	if not bench.root.exists():
		make_bench(bench)
	missing = [app for app in ("frappe", "erpnext") if not bench.app_folder(app).exists()]
	if missing or not bench.python.exists():
		lacks = " and ".join([f"apps/{app}" for app in missing] or ["env/bin/python"])
		raise NoBench(
			f"{bench.root} is not a complete bench: it lacks {lacks}. Complete it (`bench get-app erpnext`), "
			"set FRAPPE_BENCH to another bench, or remove the folder to have one made."
		)
	return bench


def make_bench(bench: Bench) -> None:
	"""Needs GitHub, a package registry for Python and one for Node; takes about ten minutes."""
	require_github(bench)
	print(f"Making a bench in {bench.root} with Frappe and ERPNext {FRAPPE_BRANCH} …", flush=True)
	try:
		install_programs()
		program = str(cached_env("bench", ["frappe-bench"]).parent / "bench")
		options = [
			"--frappe-branch",
			FRAPPE_BRANCH,
			"--python",
			sys.executable,
			"--skip-assets",
			"--no-backups",
		]
		run([program, "init", *options, str(bench.root)], cwd=Path.cwd())
		run([program, "get-app", "--branch", FRAPPE_BRANCH, "--skip-assets", "erpnext"], cwd=bench.root)
	except ToolError as error:
		advice = (
			f"Mend what is named above and remove {bench.root}, or set FRAPPE_BENCH to an existing bench."
		)
		raise NoBench(f"No bench could be made. {error}\n{advice}") from error


def require_github(bench: Bench) -> None:
	"""Find out in seconds, rather than after installing packages, that Frappe cannot be fetched.

	In a process of its own, as the timeout of urllib does not limit the search for the address.
	"""
	try:
		subprocess.run([sys.executable, "-c", REACH, GITHUB], capture_output=True, check=True, timeout=8)
	except subprocess.SubprocessError as error:
		raise NoBench(
			f"There is no Frappe bench in {bench.root}, and none can be made, as {GITHUB} does not answer. "
			"Set FRAPPE_BENCH to a bench with ERPNext, or run again with access to GitHub."
		) from error


def install_programs() -> None:
	""":raises ToolError: naming the packages, when they cannot be installed from here."""
	missing = [name for name in PACKAGES if not any(map(shutil.which, SUBSTITUTES.get(name, (name,))))]
	packages = [package for name in missing for package in PACKAGES[name]]
	if packages:
		administrator = administrator_prefix()
		if administrator is None or not shutil.which("apt-get"):
			raise ToolError(f"Install these programs first: {', '.join(missing)}.")
		run([*administrator, "apt-get", "update"], cwd=Path.cwd())
		run(
			[*administrator, "apt-get", "install", "--yes", "--no-install-recommends", *packages],
			cwd=Path.cwd(),
		)
	if not shutil.which("yarn"):
		run([*(administrator_prefix() or []), "npm", "install", "--global", "yarn"], cwd=Path.cwd())


def administrator_prefix() -> list[str] | None:
	"""How to run a command as root without being asked for a password; None if there is no way."""
	if os.geteuid() == 0:
		return []
	if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:
		return ["sudo", "-n", "env", "DEBIAN_FRONTEND=noninteractive"]
	return None


def run(command: list[str], cwd: Path) -> None:
	result = subprocess.run(command, cwd=cwd, stdin=subprocess.DEVNULL)
	if result.returncode:
		raise ToolError(f"This failed with status {result.returncode}: {' '.join(command)}")
