"""`make lint`: rules and formatting of all Python in the checkout; the settings are in pyproject.toml."""

import subprocess

from tools.bench import REPO
from tools.python_env import plain_python


def run_lint() -> int:
	"""Both checks run, so that one run tells everything. Returns an exit status."""
	ruff = [str(plain_python()), "-m", "ruff"]
	checks = (["check", "."], ["format", "--check", "."])
	return max(subprocess.run([*ruff, *check], cwd=REPO).returncode for check in checks)
