"""The database that an audit works with: on the disk, so that a million leads need no memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

CACHE_KIB = 64 * 1024
STATEMENTS = 200  # that are kept prepared
_SCHEMA = """
	create table event (
		id integer primary key,
		key blob not null,
		instant integer not null,
		happened_on text not null,
		is_ours integer not null,
		file integer not null,
		file_name text not null,
		row integer not null,
		place integer not null,
		source text not null,
		happening text not null,
		is_waiting integer not null,
		is_silent integer not null,
		is_no_lead integer not null,
		is_wipe integer not null,
		thread_key text,
		phones text not null,
		emails text not null,
		label text not null,
		booking text,
		afterwards text not null,
		touched integer
	);
	create table turn (id integer primary key, instant integer not null, event integer not null, is_afterwards integer not null);
	create table lead (
		id integer primary key,
		inbox_status text not null,
		inbox_reason text not null,
		inbox_arrived_on text not null,
		inbox_last_interaction_on text not null,
		inbox_aging_from text not null,
		inbox_first_response_on text,
		phone text,
		mobile_no text,
		email_id text,
		label text not null,
		source text not null,
		first_event integer not null,
		booked integer not null default 0,
		converted integer not null default 0,
		declined integer not null default 0,
		joined integer not null default 0
	);
	create index lead_phone on lead (phone) where phone is not null;
	create index lead_mobile on lead (mobile_no) where mobile_no is not null;
	create index lead_email on lead (email_id) where email_id is not null;
	create table thread (key text primary key, lead integer not null) without rowid;
	create table waiting (
		lead integer not null, sent_on text not null, event integer not null, primary key (lead, sent_on, event)
	) without rowid;
	create table part (
		lead integer not null, event integer not null, found_by text not null, primary key (lead, event)
	) without rowid;
	create table lead_of (event integer primary key, lead integer not null);
	create table appointment (
		key text primary key, lead integer not null, told text not null, is_booked integer not null, holds integer not null
	) without rowid;
	create index appointment_lead on appointment (lead);
	create table fault (file integer not null, row integer not null, reason text not null);
"""


@contextmanager
def work_file() -> Iterator[sqlite3.Connection]:
	"""Give an empty database.

	It has no name, so it is gone when the process ends, however it ends. SQLite puts it into the folder that TMPDIR
	names, else into /var/tmp or /tmp. Raises sqlite3.OperationalError, now or when it is used, where there is no room.
	"""
	connection = sqlite3.connect("", isolation_level=None, cached_statements=STATEMENTS)
	try:
		connection.execute(f"pragma cache_size = -{CACHE_KIB}")
		connection.execute("pragma journal_mode = off")
		connection.executescript(_SCHEMA)
		connection.execute("begin")
		yield connection
	finally:
		connection.close()
