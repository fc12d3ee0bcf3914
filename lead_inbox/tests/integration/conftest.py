"""Integration tests: each inside one transaction that is undone, or against a site served by real processes.

`make test` prepares the sites and names them in the environment.
"""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import frappe
import pytest
from frappe.utils import background_jobs

from lead_inbox.tests.integration.builders import make_outgoing_account
from tools.bench import configured_bench
from tools.live import ServedSite
from tools.services import Redis, Web, Worker, free_port, wait_until

SITE = os.environ.get("FRAPPE_TEST_SITE", "")
LIVE_SITE = os.environ.get("FRAPPE_LIVE_SITE", "")
SITES_PATH = os.environ.get("SITES_PATH", "")
COMMITTED = "committed_by_test"
METADATA_VERSION = "metadata_version"
METADATA_KEYS = ("all_apps", "app_hooks", "db_tables", "doctype_meta", METADATA_VERSION, "table_columns")


@pytest.fixture(scope="session", autouse=True)
def site() -> Iterator[str]:
	"""A connection to the test site, as Administrator, for the whole run."""
	if not (SITE and SITES_PATH):
		pytest.exit("FRAPPE_TEST_SITE and SITES_PATH name no site. Run `make test`.", returncode=4)
	os.chdir(SITES_PATH)  # Frappe looks for logs and sites relative to the working folder
	frappe.init(site=SITE, sites_path=SITES_PATH, force=True)
	if not frappe.conf.allow_tests:
		pytest.exit(f"{SITE} is not for tests: its site_config.json lacks allow_tests.", returncode=4)
	frappe.connect()
	frappe.flags.in_test = True
	frappe.flags.mute_emails = True
	yield SITE
	frappe.destroy()


@pytest.fixture(autouse=True)
def transaction(site: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
	"""One real transaction around the test. Its code may commit and roll back as it likes.

	A commit moves a savepoint forward and runs what waits for the commit; a rollback returns to that
	savepoint. So a rollback after a commit keeps what was committed, as in earnest. Changes of tables
	would commit for real: Frappe refuses them while there are writes.
	"""
	database = frappe.db
	roll_back_for_real = database.rollback

	def commit(**_options: Any) -> None:
		for callbacks in (database.before_rollback, database.after_rollback):
			callbacks.reset()
		database.before_commit.run()
		database.savepoint(COMMITTED)
		database.value_cache.clear()
		database.after_commit.run()

	def rollback(*, save_point: str | None = None, **_options: Any) -> None:
		if save_point:
			roll_back_for_real(save_point=save_point)
			return
		for callbacks in (database.before_commit, database.after_commit):
			callbacks.reset()
		database.before_rollback.run()
		roll_back_for_real(save_point=COMMITTED)
		database.after_rollback.run()

	metadata_version = frappe.cache.get_value(METADATA_VERSION)
	database.savepoint(COMMITTED)
	monkeypatch.setattr(database, "commit", commit)
	monkeypatch.setattr(database, "rollback", rollback)
	yield
	frappe.set_user("Administrator")
	roll_back_for_real()
	frappe.local.message_log = []
	frappe.local.form_dict = frappe._dict()
	if frappe.cache.get_value(METADATA_VERSION) == metadata_version:
		clear_cached_documents()
	else:
		frappe.clear_cache()


@pytest.fixture(autouse=True)
def outgoing_mail(transaction: None) -> None:
	make_outgoing_account()


def clear_cached_documents() -> None:
	"""Redis and frappe.local know nothing of a rollback.

	What they hold of DocTypes and hooks stays: to read it again takes a second, in every test.
	"""
	keys = [frappe.cache.make_key(name) for name in METADATA_KEYS]
	kept = {key: value for key in keys if (value := frappe.cache.dump(key))}
	frappe.clear_cache()
	for key, value in kept.items():
		frappe.cache.restore(key, 0, value, replace=True)


class RecordingQueue:
	"""Takes jobs in the place of RQ's queue."""

	count = 0

	def __init__(self, taken: list[tuple[Any, dict[str, Any]]]) -> None:
		self.taken = taken

	def enqueue_call(self, _function: Callable[..., Any], kwargs: dict[str, Any], **_options: Any) -> None:
		self.taken.append((kwargs["method"], kwargs["kwargs"]))


@pytest.fixture(autouse=True)
def jobs(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, dict[str, Any]]]:
	"""The jobs (method, arguments) that the test's code has queued, in order. None reaches Redis.

	The worker of the live site would take them, see nothing of the test's transaction, and leave what it
	believes in the cache that the test reads. Only tests of the live site queue in earnest.
	"""
	taken: list[tuple[Any, dict[str, Any]]] = []
	if "live_servers" in request.fixturenames:
		return taken
	monkeypatch.setattr(background_jobs, "get_queue", lambda *_args, **_options: RecordingQueue(taken))
	monkeypatch.setattr(background_jobs, "_check_queue_size", lambda _queue: None)
	return taken


@dataclass(frozen=True)
class LiveSite(ServedSite):
	"""A site of its own behind a web server, a worker and a Redis queue that a test may stop or kill."""

	web: Web
	worker: Worker
	redis_queue: Redis

	def start(self) -> None:
		for server in (self.redis_queue, self.web, self.worker):
			server.start()


@pytest.fixture(scope="session")
def live_servers(site: str) -> Iterator[LiveSite]:
	queue = os.environ.get("FRAPPE_REDIS_QUEUE")
	if not (LIVE_SITE and queue):
		pytest.skip("FRAPPE_LIVE_SITE and FRAPPE_REDIS_QUEUE are not set: run it through `make test`.")
	bench, port = configured_bench(), free_port()
	live = LiveSite(
		name=LIVE_SITE,
		port=port,
		sites_path=SITES_PATH,
		web=Web(bench, port, "live-web"),
		worker=Worker(bench, "live-worker"),
		redis_queue=Redis(bench, "test-redis-queue", urlsplit(queue).port or 0),
	)
	for server in (live.web, live.worker):
		server.stop()  # left over from a run that was broken off
	live.start()
	yield live
	for server in (live.worker, live.web):
		server.stop()


@pytest.fixture(scope="session")
def live_stock(live_servers: LiveSite) -> dict[str, set[str]]:
	"""The names of all documents of the live site before the first test, by table."""
	return live_servers.run(take_stock)


@pytest.fixture
def live_site(live_servers: LiveSite, live_stock: dict[str, set[str]]) -> Iterator[LiveSite]:
	"""The live site with all its servers running. Documents that a test adds are removed after it.

	Older documents that it changes or deletes are its own to restore.
	"""
	live_servers.start()
	yield live_servers
	live_servers.start()
	let_worker_finish(live_servers)
	live_servers.run(remove_additions, live_stock)


def let_worker_finish(live: LiveSite) -> None:
	"""Drop what waits in the queue, wait for the job that runs, and for any that it queues.

	Twice in a row, as a job that has just been taken has no process yet.
	"""

	def is_idle() -> bool:
		background_jobs.get_redis_conn().flushall()
		return not live.worker.children()

	def stays_idle() -> bool:
		first = is_idle()
		time.sleep(0.05)
		return first and is_idle()

	assert wait_until(stays_idle, 60), "The worker is still at work a minute after the test."


def take_stock() -> dict[str, set[str]]:
	return {table: names_in(table) for table in document_counts()}


def remove_additions(stock: dict[str, set[str]]) -> None:
	"""Without controllers and hooks, which would do new work."""
	grown = [table for table, count in document_counts().items() if count != len(stock[table])]
	for table in filter(stock.get, grown):
		frappe.db.sql(f"delete from `{table}` where name in %s", [[*(names_in(table) - stock[table]), ""]])
	frappe.db.commit()
	for table in grown:
		if not stock[table]:
			frappe.db.sql_ddl(f"truncate table `{table}`")
	clear_cached_documents()


def names_in(table: str) -> set[str]:
	return {row[0] for row in frappe.db.sql(f"select name from `{table}`")}


def document_counts() -> dict[str, int]:
	columns = """select table_name from information_schema.columns
		where table_schema = database() and column_name = 'docstatus'"""
	counts = (f"select '{table}', count(*) from `{table}`" for (table,) in frappe.db.sql(columns))
	return dict(frappe.db.sql(" union all ".join(counts)))
