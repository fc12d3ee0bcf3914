"""One worker on a run at a time, on all machines of the site."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

import frappe


@contextmanager
def only_worker_on(run: str) -> Iterator[bool]:
	"""Hold the database's named lock for a run; gives False at once where another worker holds it.

	It survives commits and ends with the connection, thus with a killed worker.
	"""
	name = _lock_name(run)
	is_held = bool(frappe.db.sql("select get_lock(%s, 0)", name)[0][0])
	try:
		yield is_held
	finally:
		if is_held:
			frappe.db.sql("select release_lock(%s)", name)


def _lock_name(run: str) -> str:
	"""Names are shared by all databases of the server and at most 64 characters long."""
	return "lead_inbox:" + hashlib.sha1(f"{frappe.conf.db_name}\0bulk {run}".encode()).hexdigest()
