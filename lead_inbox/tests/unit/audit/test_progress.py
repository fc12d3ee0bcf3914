"""The line that says how far the audit is."""

from __future__ import annotations

from io import StringIO

from lead_inbox.audit.progress import ProgressLine


class Terminal(StringIO):
	def isatty(self) -> bool:
		return True


def test_each_text_replaces_the_one_before_and_the_last_one_is_wiped() -> None:
	terminal = Terminal()
	with ProgressLine(terminal) as progress:
		progress.show("1,000 rows")
		progress.show("sorting")
	assert terminal.getvalue() == "\r1,000 rows\rsorting   \r       \r"


def test_it_is_wiped_before_an_error_is_shown() -> None:
	terminal = Terminal()
	try:
		with ProgressLine(terminal) as progress:
			progress.show("reading")
			raise KeyboardInterrupt
	except KeyboardInterrupt:
		pass
	assert terminal.getvalue().endswith("\r       \r")


def test_a_file_gets_no_progress() -> None:
	log = StringIO()
	with ProgressLine(log) as progress:
		progress.show("1,000 rows")
	assert log.getvalue() == ""
