"""`make perf`: the app's measuring program, on a site of its own that is kept from run to run."""

import subprocess
from collections.abc import Sequence

from tools.app_link import link_app
from tools.bench import APP, REPO, child_environment
from tools.bench_setup import ready_bench
from tools.sites import Site, keep_site
from tools.storage import start_storage

PERF_SITE = "lead-inbox-perf.localhost"


def run_perf(arguments: Sequence[str]) -> int:
	"""Database and Redis run while it measures; other servers it starts itself. Returns an exit status."""
	bench = ready_bench()
	database = start_storage(bench)
	link_app(bench)
	keep_site(Site(bench, PERF_SITE), database, mute_emails=1, developer_mode=0)
	variables = {"SITE": PERF_SITE, "SITES_PATH": str(bench.sites), "FRAPPE_BENCH": str(bench.root)}
	command = [str(bench.python), "-m", f"{APP}.tests.perf", *arguments]
	return subprocess.run(command, cwd=REPO, env=child_environment(variables)).returncode
