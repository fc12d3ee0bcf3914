"""Where the report goes: to a file, or to standard output."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

import click


def check_output(target: Path, inputs: Sequence[Path]) -> None:
	"""Find out before minutes of reading that a report can't be written there. Raises BadParameter."""
	if any(_is_same(target, path) for path in inputs):
		raise _wrong(f"{target} is one of the files to read. Name another one.")
	if target.is_dir():
		raise _wrong(f"{target} is a folder. Name a file in it.")
	if not target.parent.is_dir():
		raise _wrong(f"There is no folder {target.parent}. Make it first.")
	if not os.access(target if target.exists() else target.parent, os.W_OK):
		raise _wrong(f"You may not write {target}. Name another file.")


def _is_same(target: Path, path: Path) -> bool:
	try:
		return target.samefile(path)
	except OSError:  # one of them is not there
		return False


def _wrong(reason: str) -> click.BadParameter:
	return click.BadParameter(reason, param_hint="--output")


@contextmanager
def opened_output(target: Path | None, as_seen: bool) -> Iterator[TextIO]:
	"""Yield what to write to. target: None for standard output.

	as_seen: for eyes, so in the terminal's own encoding; what programs read is UTF-8 wherever it goes.
	"""
	if target:
		with _whole_file(target) as file:
			yield file
		return
	if isinstance(sys.stdout, TextIOWrapper):
		sys.stdout.reconfigure(encoding=None if as_seen else "utf-8", errors="replace")
	yield sys.stdout
	sys.stdout.flush()


@contextmanager
def _whole_file(target: Path) -> Iterator[TextIO]:
	"""Leave no file where the report was not finished: half of one looks like a whole one."""
	try:
		with target.open("w", encoding="utf-8", newline="\n") as file:
			yield file
	except BaseException:
		if target.is_file():
			target.unlink()
		raise
