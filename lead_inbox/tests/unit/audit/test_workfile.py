"""What an audit has read about people does not stay on the disk."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from lead_inbox.audit.workfile import work_file


def test_the_work_file_is_gone_after_an_interruption(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
	monkeypatch.setenv("SQLITE_TMPDIR", str(tmp_path))
	with pytest.raises(KeyboardInterrupt), work_file() as work:
		work.execute("pragma cache_size = 10")  # so that it is written to the disk
		work.executemany("insert into fault values (0, ?, ?)", ((row, "x" * 500) for row in range(5_000)))
		raise KeyboardInterrupt
	assert list(tmp_path.iterdir()) == []
	with pytest.raises(sqlite3.ProgrammingError):
		work.execute("select 1")


def test_two_audits_at_once_do_not_meet() -> None:
	with work_file() as one, work_file() as other:
		one.execute("insert into fault values (0, 1, 'mine')")
		assert other.execute("select count(*) from fault").fetchone() == (0,)
