"""Makes this checkout the bench's `lead_inbox`."""

import json
import subprocess

from tools.bench import APP, REPO, Bench, ToolError
from tools.python_env import pip_install
from tools.stamps import Stamps, key_of

# Run by the bench's Python, the only one that surely can read TOML.
READ_DEPENDENCIES = """
import json, sys
try:
	import tomllib
except ImportError:
	import tomli as tomllib
with open(sys.argv[1], "rb") as file:
	project = tomllib.load(file)
of_command = project["tool"]["hatch"]["metadata"]["hooks"]["custom"]["command-dependencies"]
print(json.dumps(of_command + project["project"]["optional-dependencies"]["site"]))
"""


def link_app(bench: Bench) -> None:
	"""Point the bench to this checkout, wherever it lies, and install what the app depends on.

	:raises ToolError: if the bench has a lead_inbox of its own, which we must not replace.
	"""
	link_folder(bench)
	link_package(bench)
	list_app(bench)
	install_dependencies(bench)


def link_folder(bench: Bench) -> None:
	"""apps/lead_inbox is where Frappe's build looks for sources."""
	folder = bench.app_folder(APP)
	if folder.resolve() == REPO:
		return
	if folder.is_symlink():
		folder.unlink()
	elif folder.exists():
		raise ToolError(f"{folder} is another copy of {APP}. Run make in there, or move it out of the bench.")
	folder.symlink_to(REPO, target_is_directory=True)


def link_package(bench: Bench) -> None:
	"""What an editable installation does: a path file, which follows a new checkout at no cost."""
	script = "import sysconfig; print(sysconfig.get_path('purelib'))"
	packages = subprocess.run([bench.python, "-c", script], capture_output=True, text=True, check=True)
	with open(f"{packages.stdout.strip()}/{APP}.pth", "w") as file:
		file.write(f"{REPO}\n")


def list_app(bench: Bench) -> None:
	path = bench.sites / "apps.txt"
	apps = path.read_text().split()
	if APP not in apps:
		path.write_text("\n".join([*apps, APP]) + "\n")


def install_dependencies(bench: Bench) -> None:
	project = REPO / "pyproject.toml"
	key, stamps = key_of([bench.root / "env" / "pyvenv.cfg"], project.read_text()), Stamps(bench)
	if stamps.is_current("dependencies", key):
		return
	command = [bench.python, "-c", READ_DEPENDENCIES, project]
	listed = subprocess.run(command, capture_output=True, text=True, check=True)
	if dependencies := json.loads(listed.stdout):
		pip_install(bench.python, dependencies)
	stamps.remember("dependencies", key)
