"""The database server beneath both sides: waiting until it is at rest, and what it says of a query."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import frappe

from tools.bench import configured_bench
from tools.storage import MariaDB

HISTORY = "select count from information_schema.innodb_metrics where name = 'trx_rseg_history_len'"
REST_SECONDS = 120


def wait_for_rest() -> None:
	"""Let InnoDB finish removing old row versions of the last write: the next measurement must not pay for it."""
	server = MariaDB(configured_bench())
	ends_at = time.monotonic() + REST_SECONDS
	while int(server.query(HISTORY) or 0) > 100 and time.monotonic() < ends_at:
		time.sleep(0.5)


@contextmanager
def recorded() -> Iterator[list[str]]:
	"""Yields the statements, values filled in, that are run inside on this connection."""
	database, run = frappe.db, frappe.db.sql
	statements: list[str] = []

	def sql(*args: Any, **options: Any) -> Any:
		result = run(*args, **options)
		executed = database._cursor._executed
		statements.append(executed.decode() if isinstance(executed, bytes) else executed)
		return result

	database.sql = sql
	try:
		yield statements
	finally:
		del database.sql
