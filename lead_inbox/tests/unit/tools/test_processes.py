"""`make stop` ends what these tools started, and nothing else."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.bench import child_environment
from tools.processes import ProcessTable, birth_mark, descendants
from tools.services import wait_until

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
DEAF = [
	sys.executable,
	"-c",
	"import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)",
]
PARENT = [sys.executable, "-c", f"import subprocess; subprocess.run({SLEEP!r}, start_new_session=True)"]


@pytest.fixture
def table(tmp_path: Path) -> Iterator[ProcessTable]:
	table = ProcessTable(tmp_path)
	yield table
	for name in table.names():
		table.stop(name, timeout_seconds=0)


def test_a_started_process_is_known_to_a_later_command(table: ProcessTable, tmp_path: Path) -> None:
	pid = table.start("sleeper", SLEEP, cwd=tmp_path)
	assert ProcessTable(tmp_path).pid("sleeper") == pid


def test_stop_ends_it_and_forgets_it(table: ProcessTable, tmp_path: Path) -> None:
	pid = table.start("sleeper", SLEEP, cwd=tmp_path)
	assert table.stop("sleeper")
	assert birth_mark(pid) is None
	assert table.names() == []
	assert not table.stop("sleeper")


def test_stop_insists_after_the_timeout(table: ProcessTable, tmp_path: Path) -> None:
	pid = table.start("deaf", DEAF, cwd=tmp_path)
	table.stop("deaf", timeout_seconds=0.5)
	assert birth_mark(pid) is None


def test_kill_ends_children_in_sessions_of_their_own(table: ProcessTable, tmp_path: Path) -> None:
	pid = table.start("parent", PARENT, cwd=tmp_path)
	assert wait_until(lambda: bool(descendants(pid)), 10)
	children = descendants(pid)
	table.kill("parent")
	assert wait_until(lambda: not any(map(birth_mark, children)), 10)


def test_a_process_that_got_a_reused_id_is_left_alone(table: ProcessTable) -> None:
	stranger = subprocess.Popen(SLEEP)
	record = {"pid": stranger.pid, "birth": "an earlier one", "command": SLEEP}
	(table.run_folder / "old.json").write_text(json.dumps(record))
	assert table.pid("old") is None
	assert not table.stop("old")
	assert stranger.poll() is None
	stranger.kill()
	stranger.wait()


def test_frappe_s_processes_do_not_see_ci(monkeypatch: pytest.MonkeyPatch) -> None:
	"""With CI set, Frappe's workers run their jobs in test mode."""
	monkeypatch.setenv("CI", "true")
	environment = child_environment({"FRAPPE_REDIS_QUEUE": "redis://127.0.0.1:1"})
	assert "CI" not in environment
	assert environment["FRAPPE_REDIS_QUEUE"] == "redis://127.0.0.1:1"
