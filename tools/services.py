"""The servers a site needs: Redis, web, socket.io, worker, scheduler.

Used by the demo, and by tests that need real processes of their own (any port, any site, killable).
"""

import http.client
import os
import random
import shutil
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from tools.bench import REPO, Bench, ToolError
from tools.processes import ProcessTable, descendants

SERVER_PORTS = (20_000, 32_000)
NODE_RESOLVES_LOCALHOST = {"NODE_OPTIONS": f"--require={REPO / 'tools' / 'localhost_names.js'}"}


class Service:
	"""One server process. Starting what already runs and stopping what does not are no errors."""

	port: int | None = None
	start_timeout_seconds = 60.0
	stop_timeout_seconds = 30.0

	def __init__(self, bench: Bench, name: str, env: Mapping[str, str] | None = None) -> None:
		self.bench = bench
		self.name = name
		self.env = {**bench.env, **(env or {})}
		self.processes = ProcessTable(bench.state)

	def command(self) -> list[str]:
		raise NotImplementedError

	def is_ready(self) -> bool:
		"""Whether it answers. A process without a port is ready once it runs."""
		return self.is_running()

	def is_running(self) -> bool:
		return self.processes.pid(self.name) is not None

	def start(self) -> None:
		""":raises ToolError: if it ends early or does not answer in time, with the end of its log."""
		if not self.is_running():
			self.require_free_port()
			self.processes.start(self.name, self.command(), cwd=self.bench.sites, env=self.env)
		wait_until(lambda: self.is_ready() or not self.is_running(), self.start_timeout_seconds)
		if not self.is_running() or not self.is_ready():
			log = self.processes.log_path(self.name)
			tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
			self.stop()
			raise ToolError(f"{self.name} did not start. End of {log}:\n{tail}")

	def require_free_port(self) -> None:
		if self.port and port_answers(self.port):
			raise ToolError(
				f"Port {self.port}, needed by {self.name}, is in use by another program. End that program, or "
				f"choose other ports in {self.bench.sites / 'common_site_config.json'}."
			)

	def children(self) -> list[int]:
		"""The processes below it. A worker has one for each job that it is at."""
		pid = self.processes.pid(self.name)
		return descendants(pid) if pid else []

	def stop(self) -> None:
		self.processes.stop(self.name, self.stop_timeout_seconds)

	def kill(self) -> None:
		"""End it with its children by SIGKILL, as a crash would."""
		self.processes.kill(self.name)


class Redis(Service):
	"""A Redis server. Without a configuration file it keeps nothing on disk."""

	def __init__(self, bench: Bench, name: str, port: int, config: Path | None = None) -> None:
		super().__init__(bench, name)
		self.port = port
		self.config = config

	@property
	def url(self) -> str:
		return f"redis://127.0.0.1:{self.port}"

	def command(self) -> list[str]:
		program = program_path("redis-server")
		if self.config:
			return [program, str(self.config)]
		return [program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]

	def is_ready(self) -> bool:
		try:
			with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
				connection.sendall(b"PING\r\n")
				return connection.recv(64)[:1] in (b"+", b"-")
		except OSError:
			return False


class Web(Service):
	"""Gunicorn serving every site of the bench, with the assets that nginx would serve in production."""

	def __init__(
		self,
		bench: Bench,
		port: int,
		name: str = "web",
		env: Mapping[str, str] | None = None,
		workers: int = 2,
		threads: int = 4,
	) -> None:
		super().__init__(bench, name, env)
		self.port = port
		self.workers = workers
		self.threads = threads

	def command(self) -> list[str]:
		gunicorn = [str(self.bench.python), "-m", "gunicorn", "--bind", f"127.0.0.1:{self.port}"]
		size = ["--workers", str(self.workers), "--worker-class", "gthread", "--threads", str(self.threads)]
		return [*gunicorn, *size, "--timeout", "120", "--preload", "frappe.app:application_with_statics()"]

	def is_ready(self) -> bool:
		"""Any HTTP answer will do: without a Host that names a site Frappe answers 404."""
		connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
		try:
			connection.request("GET", "/api/method/ping")
			return connection.getresponse().status > 0
		except OSError:
			return False
		finally:
			connection.close()


class SocketIO(Service):
	"""Frappe's realtime server. It calls the web server back under the host name the browser used."""

	def __init__(
		self, bench: Bench, port: int, name: str = "socketio", env: Mapping[str, str] | None = None
	) -> None:
		super().__init__(
			bench, name, {"FRAPPE_SOCKETIO_PORT": str(port), **NODE_RESOLVES_LOCALHOST, **(env or {})}
		)
		self.port = port

	def command(self) -> list[str]:
		return [program_path("node"), str(self.bench.app_folder("frappe") / "socketio.js")]

	def is_ready(self) -> bool:
		return port_answers(self.port)


class Worker(Service):
	"""Background jobs of all queues."""

	def __init__(self, bench: Bench, name: str = "worker", env: Mapping[str, str] | None = None) -> None:
		super().__init__(bench, name, env)

	def command(self) -> list[str]:
		return self.bench.frappe_command("worker")


class Scheduler(Service):
	"""Puts the due jobs of every site with an enabled scheduler into the queue."""

	def __init__(self, bench: Bench, name: str = "scheduler", env: Mapping[str, str] | None = None) -> None:
		super().__init__(bench, name, env)

	def command(self) -> list[str]:
		return self.bench.frappe_command("schedule")


def program_path(*names: str) -> str:
	""":raises ToolError: if none of the names is an installed program."""
	folders = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"])
	found = next(filter(None, (shutil.which(name, path=folders) for name in names)), None)
	if not found:
		raise ToolError(f"{names[0]} is not installed. Install it with your system's package manager.")
	return found


def port_answers(port: int) -> bool:
	try:
		with socket.create_connection(("127.0.0.1", port), timeout=1):
			return True
	except OSError:
		return False


def free_port() -> int:
	"""Return a port that nobody has. Systems give clients others (from 32768 on): none takes it meanwhile."""
	while True:
		port = random.randrange(*SERVER_PORTS)
		with socket.socket() as probe, suppress(OSError):
			probe.bind(("127.0.0.1", port))
			return port


def wait_until(is_met: Callable[[], bool], timeout_seconds: float) -> bool:
	"""Poll a condition. False if it was not met in time."""
	deadline = time.monotonic() + timeout_seconds
	while not is_met():
		if time.monotonic() > deadline:
			return False
		time.sleep(0.1)
	return True
