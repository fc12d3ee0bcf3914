"""Where sites keep their data: a MariaDB server of our own, and the Redis servers of the bench."""

import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

from tools.bench import Bench, ToolError
from tools.services import Redis, Service, free_port, port_answers, program_path

MARIADB_PORT = 13306


class MariaDB(Service):
	"""A database server of this bench's own: no root password to ask for, no foreign database in reach.

	Its administrator is the operating system's user, through the socket; sites log in over TCP.
	"""

	stop_timeout_seconds = 120.0

	def __init__(self, bench: Bench) -> None:
		super().__init__(bench, "mariadb")
		self.folder = bench.state / "mariadb"
		self.config = self.folder / "my.cnf"
		self.socket = bench.state / "run" / "mariadb.sock"
		if self.config.exists():
			self.port = self._configured_port()

	def start(self) -> None:
		if not self.config.exists():
			self._install()
			self.port = self._configured_port()
		super().start()

	def _configured_port(self) -> int:
		"""Chosen once and kept, as the sites' settings name it."""
		lines = self.config.read_text().splitlines()
		return int(next(line.partition("=")[2] for line in lines if line.startswith("port")))

	def command(self) -> list[str]:
		return [program_path("mariadbd", "mysqld"), f"--defaults-file={self.config}"]

	def is_ready(self) -> bool:
		return subprocess.run(self.client_command("-e", "select 1"), capture_output=True).returncode == 0

	def client_command(self, *arguments: str, program: str = "mariadb") -> list[str]:
		"""A client logged in as administrator."""
		return [program_path(program), "--no-defaults", f"--socket={self.socket}", *arguments]

	def execute(self, sql: str) -> None:
		subprocess.run(self.client_command(), input=sql, text=True, check=True)

	def query(self, sql: str) -> str:
		"""The result as text, without a header line."""
		command = self.client_command("--skip-column-names", "-e", sql)
		return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

	def _install(self) -> None:
		"""Make an empty data folder. The settings file is written last: it marks the folder as complete."""
		data = self.folder / "data"
		shutil.rmtree(data, ignore_errors=True)
		self.folder.mkdir(parents=True, exist_ok=True)
		self.folder.chmod(0o700)
		user = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
		command = [program_path("mariadb-install-db", "mysql_install_db"), "--no-defaults"]
		command += [f"--datadir={data}", f"--user={user}", "--skip-test-db"]
		command += ["--auth-root-authentication-method=socket", f"--auth-root-socket-user={user}"]
		result = subprocess.run(command, capture_output=True, text=True)
		if result.returncode:
			raise ToolError(
				f"MariaDB's data folder {data} could not be made:\n{result.stdout}{result.stderr}"
			)
		self.config.write_text(self._settings(data, user))

	def _settings(self, data: Path, user: str) -> str:
		"""Frappe's character set, memory for a million leads; durability is left at MariaDB's default."""
		port = MARIADB_PORT if not port_answers(MARIADB_PORT) else free_port()
		return f"""[mysqld]
user = {user}
datadir = {data}
socket = {self.socket}
pid-file = {self.folder / "mariadb.pid"}
port = {port}
bind-address = 127.0.0.1
skip-name-resolve
skip-log-bin
character-set-server = utf8mb4
collation-server = utf8mb4_unicode_ci
skip-character-set-client-handshake
innodb_buffer_pool_size = 1G
innodb_log_file_size = 512M
max_allowed_packet = 256M
"""


def bench_redis(bench: Bench) -> list[Redis]:
	"""The two Redis servers the bench is configured for; one that already answers is used as it is."""
	servers = []
	for name in ("redis_cache", "redis_queue"):
		port = urlsplit(bench.config().get(name, "")).port
		if port is None:
			raise ToolError(
				f"{bench.sites}/common_site_config.json names no {name}. Run `bench setup redis`."
			)
		config = bench.root / "config" / f"{name}.conf"
		servers.append(Redis(bench, name, port, config if config.exists() else None))
	return servers


def start_storage(bench: Bench) -> MariaDB:
	"""Start database and the bench's Redis servers, unless they run already."""
	for redis in bench_redis(bench):
		if not redis.is_ready():
			redis.start()
	database = MariaDB(bench)
	database.start()
	return database
