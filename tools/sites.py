"""Sites, made quickly: one ERPNext site is set up once, kept as a dump, and every new site is a copy of it."""

import base64
import gzip
import hashlib
import json
import os
import re
import secrets
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.bench import APP, REPO, Bench, ToolError
from tools.stamps import Stamps, app_files, key_of
from tools.storage import MariaDB

ADMIN_PASSWORD = "admin"
TEMPLATE_SITE = "lead-inbox-template.localhost"
SITE_FOLDERS = ("public/files", "private/files", "private/backups", "locks", "logs")


@dataclass(frozen=True)
class Site:
	"""A site of the bench on our own MariaDB server."""

	bench: Bench
	name: str

	@property
	def folder(self) -> Path:
		return self.bench.sites / self.name

	@property
	def database_name(self) -> str:
		return re.sub(r"\W", "_", self.name)

	def exists(self, database: MariaDB) -> bool:
		"""Folder and database are there. It may still be half made: see keep_site."""
		has_database = database.query(f"SHOW DATABASES LIKE '{self.database_name}'")
		return (self.folder / "site_config.json").exists() and bool(has_database)

	def frappe(self, *arguments: str) -> None:
		self.bench.frappe("--site", self.name, *arguments)

	def configure(self, **settings: Any) -> None:
		"""Add settings to site_config.json."""
		path = self.folder / "site_config.json"
		path.write_text(json.dumps(json.loads(path.read_text()) | settings, indent=1, sort_keys=True))

	def remove(self, database: MariaDB) -> None:
		"""Drop database, database user and folder, whether or not they are there."""
		name = self.database_name
		database.execute(f"DROP DATABASE IF EXISTS `{name}`; DROP USER IF EXISTS '{name}'@'%';")
		shutil.rmtree(self.folder, ignore_errors=True)

	def create_empty(self, database: MariaDB) -> dict[str, Any]:
		"""Make an empty database and return the settings that let Frappe log in to it."""
		self.remove(database)
		name, password = self.database_name, secrets.token_hex(16)
		database.execute(
			f"CREATE DATABASE `{name}` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;"
			f"CREATE USER '{name}'@'%' IDENTIFIED BY '{password}';"
			f"GRANT ALL PRIVILEGES ON `{name}`.* TO '{name}'@'%';"
		)
		return {
			"db_name": name,
			"db_user": name,
			"db_password": password,
			"db_type": "mariadb",
			"db_host": "127.0.0.1",
			"db_port": database.port,
		}


def create_site(site: Site, database: MariaDB, dump: Path, **settings: Any) -> None:
	"""Make a site from a dump. One of that name is replaced."""
	connection = site.create_empty(database)
	load_dump(dump, site.database_name, database)
	for folder in SITE_FOLDERS:
		(site.folder / folder).mkdir(parents=True, exist_ok=True)
	own_key = base64.urlsafe_b64encode(os.urandom(32)).decode()
	config = site.folder / "site_config.json"
	config.touch(mode=0o600)
	config.write_text(json.dumps(connection | {"encryption_key": own_key}))
	site.configure(**settings)


def create_site_with_app(site: Site, database: MariaDB, **settings: Any) -> None:
	"""Make a fresh ERPNext site, set up for a company, and install our app on it."""
	create_site(site, database, cached_dump(site.bench, database), **settings)
	site.frappe("install-app", APP)


def keep_site(site: Site, database: MariaDB, **settings: Any) -> bool:
	"""Make the site if it is not there, else bring it up to the app's present code. True if it was made.

	A site whose making was interrupted has no stamp, and is made again.
	"""
	stamps, work = Stamps(site.bench), f"site-{site.name}"
	key = key_of(app_files("public", "tests", "www"), template_key(site.bench))
	is_new = not (site.exists(database) and stamps.exists(work))
	if is_new:
		print(f"Making the site {site.name} …", flush=True)
		stamps.forget(work)
		create_site_with_app(site, database, **settings)
	else:
		site.configure(**settings)
		if not stamps.is_current(work, key):
			print(f"Migrating the site {site.name} …", flush=True)
			site.frappe("migrate")
	stamps.remember(work, key)
	return is_new


def cached_dump(bench: Bench, database: MariaDB) -> Path:
	"""The dump of a fresh ERPNext site for the versions in the bench; made when it is not there (2 minutes)."""
	dump = bench.state / "cache" / f"erpnext-{template_key(bench)}.sql.gz"
	if not dump.exists():
		print(
			"Making an ERPNext site to copy from: once for each version of Frappe and ERPNext …", flush=True
		)
		dump.parent.mkdir(parents=True, exist_ok=True)
		make_template(bench, database, dump)
	return dump


def template_key(bench: Bench) -> str:
	"""Names what the dump's contents depend on: both versions, and how we set ERPNext up."""
	versions = []
	for app in ("frappe", "erpnext"):
		source = (bench.app_folder(app) / app / "__init__.py").read_text()
		found = re.search(r"""^__version__\s*=\s*["']([^"']+)""", source, re.MULTILINE)
		versions.append(found[1] if found else "unknown")
	recipe = hashlib.sha256((REPO / "tools" / "erpnext_setup.py").read_bytes()).hexdigest()[:8]
	return "-".join([*versions, recipe])


def make_template(bench: Bench, database: MariaDB, dump: Path) -> None:
	"""Install ERPNext on a new site, set up a company, dump the database, remove the site."""
	site = Site(bench, TEMPLATE_SITE)
	connection = site.create_empty(database)
	arguments = ["--no-setup-db", "--admin-password", ADMIN_PASSWORD, "--db-type", "mariadb"]
	for option in ("db_name", "db_password", "db_host", "db_port"):
		arguments += [f"--{option.replace('_', '-')}", str(connection[option])]
	bench.frappe("new-site", site.name, *arguments)
	site.frappe("install-app", "erpnext")
	bench.run_module("tools.erpnext_setup", site.name)
	unfinished = dump.with_suffix(".tmp")
	write_dump(site.database_name, database, unfinished)
	unfinished.rename(dump)
	site.remove(database)


def write_dump(name: str, database: MariaDB, target: Path) -> None:
	options = ["--single-transaction", "--quick", "--no-tablespaces", "--skip-comments", name]
	command = database.client_command(*options, program="mariadb-dump")
	dumped = subprocess.run(command, capture_output=True)
	if dumped.returncode:
		raise ToolError(f"Database {name} could not be dumped: {dumped.stderr.decode(errors='replace')}")
	target.write_bytes(gzip.compress(dumped.stdout, compresslevel=6))


def load_dump(dump: Path, name: str, database: MariaDB) -> None:
	"""Load without checking keys row by row: a dump is consistent by itself."""
	head = b"SET autocommit=0, unique_checks=0, foreign_key_checks=0;\n"
	sql = head + gzip.decompress(dump.read_bytes()) + b"\nCOMMIT;\n"
	loaded = subprocess.run(database.client_command(name), input=sql, capture_output=True)
	if loaded.returncode:
		raise ToolError(f"{dump} could not be loaded: {loaded.stderr.decode(errors='replace')}")
