"""`make test`: unit tests in an environment of their own, then integration and browser tests side by side."""

import fcntl
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path

from tools.app_link import link_app
from tools.assets import build_assets
from tools.bench import APP, REPO, Bench, ToolError, child_environment
from tools.bench_setup import NoBench, ready_bench
from tools.demo import WITHOUT_NGINX
from tools.processes import ProcessTable
from tools.python_env import install_for_tests, unit_python
from tools.services import Redis, SocketIO, Web, Worker, free_port
from tools.sites import Site, create_site, create_site_with_app, write_dump
from tools.storage import MariaDB

STAGES = ("unit", "integration", "browser")
NO_TESTS_COLLECTED = 5
TEST_PROCESSES = ("test-", "live-")
REDIS_SERVERS = {"FRAPPE_REDIS_CACHE": "test-redis-cache", "FRAPPE_REDIS_QUEUE": "test-redis-queue"}


def run_tests(arguments: Sequence[str]) -> int:
	"""Run all stages, or those named first in the arguments; the rest goes to pytest. Returns an exit status."""
	stages = [stage for stage in STAGES if stage in arguments] or list(STAGES)
	options = [argument for argument in arguments if argument not in STAGES]
	results = {}
	if "unit" in stages:
		results["unit"] = run_unit_tests(options)
	on_site = [stage for stage in stages if stage != "unit"]
	if on_site:
		try:
			bench = ready_bench()
		except NoBench as error:
			report_skipped(on_site, str(error))
			return report(results) if results else 1
		try:
			results |= run_site_tests(bench, on_site, options)
		except ToolError as error:
			print(f"\n{error}", flush=True)
			results |= dict.fromkeys(on_site, 1)
	return report(results)


def run_unit_tests(options: Sequence[str]) -> int:
	print("== unit tests ==", flush=True)
	try:
		return exit_status(start_pytest(unit_python(), "unit", options, {}).wait(), options)
	except ToolError as error:
		print(f"The unit tests could not start.\n{error}", flush=True)
		return 1


def run_site_tests(bench: Bench, stages: Sequence[str], options: Sequence[str]) -> dict[str, int]:
	"""Each stage's status. A stage that cannot even start has failed; the other one runs all the same."""
	with only_run(bench), test_services(bench) as (bench, database):
		install_for_tests(bench)
		link_app(bench)
		build_assets(bench)  # mails need a style sheet of Frappe's, pages all of them
		dump = fresh_dump(bench, database)
		environments = {}
		for stage in stages:
			prepare = {"integration": prepare_integration_tests, "browser": prepare_browser_tests}[stage]
			try:
				environments[stage] = prepare(bench, database, dump)
			except ToolError as error:
				print(f"The {stage} tests could not start.\n{error}", flush=True)
		return dict.fromkeys(stages, 1) | run_side_by_side(bench, environments, options)


def run_side_by_side(
	bench: Bench, environments: Mapping[str, Mapping[str, str]], options: Sequence[str]
) -> dict[str, int]:
	"""Run the stages at once: each keeps about one processor busy. One after another would take twice as long.

	The first one prints as it goes, the others when they have ended, so that lines don't mix.
	"""
	runs: dict[str, tuple[subprocess.Popen[bytes], Path | None]] = {}
	try:
		for stage, env in environments.items():
			log = bench.state / "log" / f"{stage}-tests.log" if runs else None
			runs[stage] = start_pytest(bench.python, stage, options, env, log), log
		return {
			stage: status_when_ended(stage, process, options, log) for stage, (process, log) in runs.items()
		}
	finally:
		for process, _log in runs.values():
			process.terminate()  # those that still run, when this one is ended


def status_when_ended(
	stage: str, process: subprocess.Popen[bytes], options: Sequence[str], log: Path | None
) -> int:
	if not log:
		print(f"== {stage} tests ==", flush=True)
	status = process.wait()
	if log:
		print(f"\n== {stage} tests ==\n{log.read_text(errors='replace')}", flush=True)
	return exit_status(status, options)


@contextmanager
def only_run(bench: Bench) -> Iterator[None]:
	"""Two runs on one bench would replace each other's sites: the second one waits."""
	bench.state.mkdir(exist_ok=True)
	with (bench.state / "test.lock").open("w") as lock:
		try:
			fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
		except BlockingIOError:
			print("Waiting for another `make test` on this bench to end …", flush=True)
			fcntl.flock(lock, fcntl.LOCK_EX)
		yield


@contextmanager
def test_services(bench: Bench) -> Iterator[tuple[Bench, MariaDB]]:
	"""The database, and Redis servers apart from the bench's: a running demo notices nothing.

	In the end all servers that tests have started are stopped, and those of a run that was broken off before.
	"""
	processes, database = ProcessTable(bench.state), MariaDB(bench)
	database_was_running = database.is_running()
	stop_test_processes(processes)
	try:
		for variable, name in REDIS_SERVERS.items():
			redis = Redis(bench, name, free_port())
			redis.start()
			bench = bench.with_env(**{variable: redis.url})
		database.start()
		yield bench, database
	finally:
		stop_test_processes(processes)
		if not database_was_running:
			stop_unless_used(database)


def stop_test_processes(processes: ProcessTable) -> None:
	for name in processes.names():
		if name.startswith(TEST_PROCESSES):
			processes.stop(name)


def stop_unless_used(database: MariaDB) -> None:
	"""A demo may have been started in the meantime."""
	processes = database.processes
	if not any(processes.pid(name) for name in processes.names() if name != database.name):
		database.stop()


def fresh_dump(bench: Bench, database: MariaDB) -> Path:
	"""Install the app on a fresh site once, and keep the result as a dump for the sites of all stages."""
	print("Installing the app on a fresh site …", flush=True)
	site = Site(bench, "lead-inbox-test.localhost")
	create_site_with_app(site, database, allow_tests=1, developer_mode=0)
	dump = bench.state / "cache" / "test.sql.gz"
	write_dump(site.database_name, database, dump)
	return dump


def prepare_integration_tests(bench: Bench, database: MariaDB, dump: Path) -> dict[str, str]:
	"""Tests inside a transaction use the site as installed; those with real processes get a copy."""
	live = Site(bench, "lead-inbox-live.localhost")
	create_site(live, database, dump, allow_tests=1, mute_emails=1)
	env = {"FRAPPE_TEST_SITE": "lead-inbox-test.localhost", "FRAPPE_LIVE_SITE": live.name}
	return site_environment(bench, env)


def prepare_browser_tests(bench: Bench, database: MariaDB, dump: Path) -> dict[str, str]:
	"""The servers have a queue of their own: integration tests empty theirs, and kill it."""
	site = Site(bench, "lead-inbox-browser.localhost")
	queue = Redis(bench, "test-browser-queue", free_port())
	queue.start()
	bench = bench.with_env(FRAPPE_REDIS_QUEUE=queue.url)
	web = Web(bench, free_port(), "test-web", WITHOUT_NGINX)
	socketio = SocketIO(bench, free_port(), "test-socketio")
	# mail is not muted: the tests' only Email Account sends to a server of their own on this machine
	create_site(site, database, dump, allow_tests=1, socketio_port=socketio.port)
	for server in (web, socketio, Worker(bench, "test-worker")):
		server.start()
	return site_environment(bench, {"FRAPPE_TEST_SITE": site.name, "LEAD_INBOX_PORT": str(web.port)})


def site_environment(bench: Bench, env: Mapping[str, str]) -> dict[str, str]:
	return {**bench.env, "FRAPPE_BENCH": str(bench.root), "SITES_PATH": str(bench.sites), **env}


def start_pytest(
	python: Path, stage: str, options: Sequence[str], env: Mapping[str, str], log: Path | None = None
) -> subprocess.Popen[bytes]:
	"""log: where its output goes, default where ours goes."""
	command = [str(python), "-m", "pytest", f"{APP}/tests/{stage}", *options]
	with log.open("wb") if log else nullcontext() as output:
		return subprocess.Popen(
			command,
			cwd=REPO,
			env=child_environment(env),
			stdin=subprocess.DEVNULL,
			stdout=output,
			stderr=subprocess.STDOUT if log else None,
		)


def exit_status(status: int, options: Sequence[str]) -> int:
	"""A selection that leaves nothing of a stage is no failure of it."""
	return 0 if options and status == NO_TESTS_COLLECTED else status


def report_skipped(stages: Sequence[str], reason: str) -> None:
	print(
		f"\nNOT RUN: {' and '.join(stages)} tests. {reason}\n"
		"They run with `make test` as soon as FRAPPE_BENCH names a bench with ERPNext.",
		flush=True,
	)


def report(results: Mapping[str, int]) -> int:
	print(
		"\n"
		+ ", ".join(f"{stage} tests {'failed' if status else 'passed'}" for stage, status in results.items())
	)
	return max(results.values())
