"""What was done already, so that a second run can skip it."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from tools.bench import APP, REPO, Bench

UNTRACKED_FOLDERS = {"__pycache__", "dist", "node_modules"}


class Stamps:
	"""Remembers, for each piece of work, a key of everything that its result depends on."""

	def __init__(self, bench: Bench) -> None:
		self.folder = bench.state / "stamps"

	def is_current(self, work: str, key: str) -> bool:
		path = self.folder / work
		return path.exists() and path.read_text() == key

	def exists(self, work: str) -> bool:
		return (self.folder / work).exists()

	def remember(self, work: str, key: str) -> None:
		self.folder.mkdir(parents=True, exist_ok=True)
		(self.folder / work).write_text(key)

	def forget(self, work: str) -> None:
		(self.folder / work).unlink(missing_ok=True)


def key_of(paths: Iterable[Path], *facts: str) -> str:
	"""One key for the names and contents of files, and for other facts."""
	digest = hashlib.sha256("\0".join(facts).encode())
	for path in sorted(paths):
		name = path.relative_to(REPO) if path.is_relative_to(REPO) else path.name
		digest.update(str(name).encode() + b"\0" + path.read_bytes())
	return digest.hexdigest()


def app_files(*skipped: str) -> list[Path]:
	"""The app's source files, less some of its top folders."""
	package = REPO / APP
	files = (path for path in package.rglob("*") if path.is_file())
	hidden = UNTRACKED_FOLDERS | set(skipped)
	return [path for path in files if not hidden.intersection(path.relative_to(package).parts)]
