"""Background processes that outlive the command that started them, each known by a record file.

Only a process with a record is ever ended, and only while its process id still belongs to that very process.
"""

import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from tools.bench import ToolError, child_environment


class ProcessTable:
	"""The processes started for one bench. Records lie in `run/`, output in `log/`."""

	def __init__(self, state: Path) -> None:
		self.run_folder = state / "run"
		self.log_folder = state / "log"
		for folder in (self.run_folder, self.log_folder):
			folder.mkdir(parents=True, exist_ok=True)

	def log_path(self, name: str) -> Path:
		return self.log_folder / f"{name}.log"

	def names(self) -> list[str]:
		"""Names with a record, the latest started first: the order in which to end them."""
		records = sorted(self.run_folder.glob("*.json"), key=lambda path: path.stat().st_mtime, reverse=True)
		return [path.stem for path in records]

	def start(self, name: str, command: list[str], cwd: Path, env: Mapping[str, str] | None = None) -> int:
		"""Start a process in a session of its own, so that it survives this command. Returns its id."""
		with self.log_path(name).open("wb") as log:
			process = subprocess.Popen(
				command,
				cwd=cwd,
				env=child_environment(env),
				stdin=subprocess.DEVNULL,
				stdout=log,
				stderr=subprocess.STDOUT,
				start_new_session=True,
			)
		record = {"pid": process.pid, "birth": birth_mark(process.pid), "command": command}
		self._record(name).write_text(json.dumps(record))
		return process.pid

	def pid(self, name: str) -> int | None:
		"""The id of the running process of that name; None if there is none or its id was reused."""
		try:
			record = json.loads(self._record(name).read_text())
		except (FileNotFoundError, json.JSONDecodeError):
			return None
		alive = record["birth"] is not None and birth_mark(record["pid"]) == record["birth"]
		return record["pid"] if alive else None

	def stop(self, name: str, timeout_seconds: float = 30) -> bool:
		"""Ask a process to end, insist when it has not after the timeout. True if it was running."""
		pid = self.pid(name)
		if pid is None:
			self._record(name).unlink(missing_ok=True)
			return False
		_signal(pid, signal.SIGTERM)
		if self._wait_for_end(name, timeout_seconds):
			self._record(name).unlink(missing_ok=True)
		else:
			self._kill(name, pid)
		return True

	def kill(self, name: str) -> None:
		"""End a process and all its children at once, as a power cut would."""
		pid = self.pid(name)
		if pid is None:
			raise ToolError(f"{name} is not running, so it cannot be killed.")
		self._kill(name, pid)

	def _kill(self, name: str, pid: int) -> None:
		"""One that ends in this very moment is as good as killed."""
		for member in [pid, *descendants(pid)]:
			_signal(member, signal.SIGKILL)
		self._wait_for_end(name, 10)
		self._record(name).unlink(missing_ok=True)

	def _record(self, name: str) -> Path:
		return self.run_folder / f"{name}.json"

	def _wait_for_end(self, name: str, timeout_seconds: float) -> bool:
		deadline = time.monotonic() + timeout_seconds
		while self.pid(name) is not None:
			if time.monotonic() > deadline:
				return False
			time.sleep(0.05)
		return True


def birth_mark(pid: int) -> str | None:
	"""What tells a process from a later one with the same id: its start time. None if it has ended."""
	with suppress(ChildProcessError):
		os.waitpid(pid, os.WNOHANG)  # a child of ours that has ended would stay visible until collected
	if Path("/proc/self/stat").exists():
		try:
			fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
		except (FileNotFoundError, ProcessLookupError):
			return None
		return None if fields[0] == "Z" else fields[19]
	found = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True)
	return found.stdout.strip() or None


def descendants(pid: int) -> list[int]:
	"""All processes below one. RQ gives each job a session of its own, so a process group would miss them."""
	listing = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
	children: dict[int, list[int]] = {}
	for child, parent in (map(int, line.split()) for line in listing.splitlines()):
		children.setdefault(parent, []).append(child)
	found, todo = [], [pid]
	while todo:
		below = children.get(todo.pop(), [])
		found += below
		todo += below
	return found


def _signal(pid: int, number: signal.Signals) -> None:
	with suppress(ProcessLookupError):
		os.kill(pid, number)
