"""The audit of some exports: read, replay, measure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from lead_inbox.audit.findings import Fault, FileFacts, Findings, Lists
from lead_inbox.audit.intake import take_in
from lead_inbox.audit.lists import StoredLists
from lead_inbox.audit.measuring import measure
from lead_inbox.audit.replay import Replay
from lead_inbox.audit.settings import Settings
from lead_inbox.audit.told import Unreadable
from lead_inbox.audit.workfile import work_file

FAULTS_SHOWN = 10


@contextmanager
def audit(
	paths: Sequence[Path], settings: Settings, progress: Callable[[str], None] | None = None
) -> Iterator[tuple[Findings, Lists]]:
	"""Give what some exports tell together. The lists can be read until the body ends.

	progress: told in words how far it is. Raises Unreadable when no row of any file could be read, and
	sqlite3.Error when there is no room for the work file.
	"""
	progress = progress or _nobody
	with work_file() as work:
		files = take_in(work, paths, settings, progress)
		lists = StoredLists(work, settings, files)
		if not any(facts.events for facts in files):
			raise Unreadable(_nothing(files, lists))
		replay = Replay(work, settings, progress)
		replay.run()
		progress("Counting")
		yield measure(work, settings, replay, files), lists


def _nobody(text: str) -> None:
	"""Told when nobody wants to know."""


def _nothing(files: Sequence[FileFacts], lists: StoredLists) -> str:
	faults = [_in_words(fault) for fault in islice(lists.faults(), FAULTS_SHOWN + 1)]
	if len(faults) > FAULTS_SHOWN:
		faults[FAULTS_SHOWN:] = [f"… {sum(facts.unreadable for facts in files) - FAULTS_SHOWN:,} more"]
	empty = [f"{facts.name}: it has no leads and no events." for facts in files if not facts.unreadable]
	return "\n".join(("Nothing could be read.", *faults, *empty))


def _in_words(fault: Fault) -> str:
	return f"{fault.file}, row {fault.row}: {fault.reason}" if fault.row else f"{fault.file}: {fault.reason}"
