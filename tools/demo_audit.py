"""The demo of what needs no bench: `lead-inbox audit` on the sample exports."""

import subprocess

from tools.bench import APP, REPO, ToolError, child_environment
from tools.python_env import plain_python

SAMPLES = REPO / APP / "audit" / "samples"

# The last day of the samples, so that the report is always the same.
OPTIONS = (
	*("--as-of", "2026-03-27"),
	*("--zone", "America/New_York"),
	*("--country", "US"),
	*("--hours", "Mon-Fri 08:00-18:00, Sat 09:00-13:00"),
)
HOW_TO_GET_THE_WHOLE = """
That was `lead-inbox audit` on the samples. The inbox itself needs a Frappe bench with ERPNext:
set FRAPPE_BENCH to one, or run `make demo` where GitHub answers, and it makes one."""


def audit_samples() -> None:
	""":raises ToolError: if the command's packages can't be installed, or it fails."""
	samples = sorted(str(path.relative_to(REPO)) for path in SAMPLES.iterdir() if path.is_file())
	command = [str(plain_python()), "-m", APP, "audit", *samples, *OPTIONS]
	if subprocess.run(command, cwd=REPO, env=child_environment()).returncode:
		raise ToolError("The samples could not be audited; the reason is above.")
	print(HOW_TO_GET_THE_WHOLE, flush=True)
