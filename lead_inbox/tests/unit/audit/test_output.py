"""Where the report goes, and what is left when it is not finished."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lead_inbox.audit.output import opened_output


def test_a_report_in_a_file_is_utf_8_wherever_it_is_written(tmp_path: Path) -> None:
	target = tmp_path / "report.txt"
	with opened_output(target, as_seen=True) as out:
		out.write("Zoë – 1\n")
	assert target.read_bytes() == "Zoë – 1\n".encode()


@pytest.mark.parametrize("reason", [OSError, KeyboardInterrupt])
def test_half_a_report_is_not_left(reason: type[BaseException], tmp_path: Path) -> None:
	target = tmp_path / "report.html"
	with pytest.raises(reason), opened_output(target, as_seen=False) as out:
		out.write("<html>")
		raise reason
	assert not target.exists()


def test_a_pipe_is_no_file_to_remove(tmp_path: Path) -> None:
	pipe = tmp_path / "pipe"
	os.mkfifo(pipe)
	reader = os.open(pipe, os.O_RDWR)  # so that writing need not wait for somebody who reads
	with pytest.raises(OSError), opened_output(pipe, as_seen=False) as out:
		out.write("a")
		raise OSError
	os.close(reader)
	assert pipe.exists()
