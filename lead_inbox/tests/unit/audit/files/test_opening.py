"""Whatever file somebody names, they get its rows, or are told what to do."""

from __future__ import annotations

import codecs
import gzip
import io
import os
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.audit.files import opening
from lead_inbox.audit.files.opening import opened
from lead_inbox.audit.rows import Row
from lead_inbox.audit.told import Unreadable
from lead_inbox.tests.unit.audit.files.written import notes_in, rows_in, written

TABLE = "Name,City\r\nZoë Ng,Αθήνα\r\n"
READ = [Row(2, {"Name": "Zoë Ng", "City": "Αθήνα"})]


def zipped(*names: str) -> bytes:
	file = io.BytesIO()
	with zipfile.ZipFile(file, "w") as archive:
		for name in names:
			archive.writestr(name, "Name,City")
	return file.getvalue()


def reason_of(content: bytes) -> str:
	with pytest.raises(Unreadable) as refusal:
		rows_in(content)
	return str(refusal.value)


@pytest.mark.parametrize(
	"content",
	[
		TABLE.encode(),
		codecs.BOM_UTF8 + TABLE.encode(),
		TABLE.encode("utf-16"),
		codecs.BOM_UTF16_BE + TABLE.encode("utf-16-be"),
		TABLE.encode("utf-16-le"),
		TABLE.encode("utf-16-be"),
	],
)
def test_every_kind_of_unicode_is_read(content: bytes) -> None:
	assert rows_in(content) == READ
	assert notes_in(content) == ()


def test_json_is_read_in_every_kind_of_unicode() -> None:
	for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"):
		assert rows_in('[{"name": "Zoë Αθήνα"}]'.encode(encoding)) == [Row(1, {"name": "Zoë Αθήνα"})]


def test_what_is_no_unicode_is_read_as_windows_1252_with_a_note() -> None:
	content = "Name,City\nZoë Müller,Genève\n".encode("cp1252")
	assert rows_in(content) == [Row(2, {"Name": "Zoë Müller", "City": "Genève"})]
	assert "Windows-1252" in notes_in(content)[0]


def test_a_file_put_together_from_two_encodings_keeps_both() -> None:
	content = TABLE.encode() + b"Jos\xe9,Bogot\xe1\n"
	assert rows_in(content) == [*READ, Row(3, {"Name": "José", "City": "Bogotá"})]


def test_a_wrong_byte_far_from_the_beginning_is_found() -> None:
	content = b"Name,City\n" + b"Ann,Rome\n" * 130_000 + b"Jos\xe9,Rome\n"
	assert "Windows-1252" in notes_in(content)[0]
	assert rows_in(content)[-1] == Row(130_002, {"Name": "José", "City": "Rome"})


@pytest.mark.parametrize(
	"content", [b"", b" \r\n\n\t", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, "\n".encode("utf-16")]
)
def test_an_empty_file_is_called_empty(content: bytes) -> None:
	assert reason_of(content) == opening.EMPTY


@pytest.mark.parametrize(
	("content", "kind", "advice"),
	[
		(zipped("[Content_Types].xml", "xl/workbook.xml"), "workbook", "save the sheet as CSV"),
		(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "workbook", "save the sheet as CSV"),
		(zipped("leads.csv"), "zip", "Unpack it"),
		(zipped(), "zip", "Unpack it"),
		(gzip.compress(TABLE.encode()), "gzip", "Unpack it"),
		(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "picture", "CSV or JSON"),
		(b"%PDF-1.7\n", "PDF", "CSV or JSON"),
		(b"\n<!DOCTYPE html><html><body>Sign in</body></html>", "web page", "CSV or JSON"),
		(bytes(range(256)) * 20, "no text", "CSV or JSON"),
		(bytes(1000), "no text", "CSV or JSON"),
	],
)
def test_what_is_no_text_is_named_with_what_to_do(content: bytes, kind: str, advice: str) -> None:
	reason = reason_of(content)
	assert kind in reason and advice in reason


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
	for name in ("none.csv", "none/none.csv", "n" * 5000, "a\0b"):
		with pytest.raises(Unreadable, match="no such file"), opened(tmp_path / name):
			pass


def test_a_folder(tmp_path: Path) -> None:
	with pytest.raises(Unreadable, match="folder"), opened(tmp_path):
		pass


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_is_refused_instead_of_waited_for(tmp_path: Path) -> None:
	os.mkfifo(tmp_path / "pipe")
	with pytest.raises(Unreadable, match="no ordinary file"), opened(tmp_path / "pipe"):
		pass


def test_a_file_that_one_may_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
	path = tmp_path / "export.csv"
	path.write_text(TABLE)
	monkeypatch.setattr(Path, "open", _forbidden)
	with pytest.raises(Unreadable, match="may not read"), opened(path):
		pass


def _forbidden(_path: Path, _mode: str) -> None:
	raise PermissionError


class Failing(io.BytesIO):
	"""A disk that fails when more than `good` bytes of a file have been asked for."""

	def __init__(self, content: bytes, good: int) -> None:
		super().__init__(content)
		self.good = good

	def read(self, size: int | None = -1) -> bytes:
		part = super().read(size)
		self.good -= len(part)
		if self.good < 0:
			raise OSError(5, "Input/output error")
		return part

	read1 = read


CONTENT = b"Name,City\n" + b"Ann,Rome\n" * 100_000


def test_a_disk_that_fails_at_once_spoils_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
	monkeypatch.setattr(opening, "_opened", lambda _path: Failing(CONTENT, 5))
	with pytest.raises(Unreadable, match="failed"), opened(tmp_path):
		pass


def test_a_disk_that_fails_half_way_is_the_fault_of_a_last_row(
	tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
	monkeypatch.setattr(opening, "_opened", lambda _path: Failing(CONTENT, len(CONTENT) + 100_000))
	with opened(tmp_path) as rows:
		*good, last = rows.rows
	assert len(good) > 1000 and all(not row.fault for row in good)
	assert last == Row(good[-1].number + 1, fault=opening.FAILING)


def test_the_file_is_closed_whatever_happens_meanwhile(
	tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
	file = io.BytesIO(TABLE.encode())
	monkeypatch.setattr(opening, "_opened", lambda _path: file)
	with pytest.raises(KeyError), opened(tmp_path) as rows:
		next(rows.rows)
		raise KeyError
	assert file.closed


@given(
	st.one_of(
		st.binary(), st.text().map(str.encode), st.text(alphabet='ab,;\t|"\n\r\0{}[]:1é').map(str.encode)
	)
)
def test_any_content_is_rows_or_refused_in_words(content: bytes) -> None:
	with written(content) as path:
		try:
			with opened(path) as rows:
				numbers = [row.number for row in rows.rows]
		except Unreadable as refusal:
			assert str(refusal)
		else:
			assert numbers == sorted(set(numbers))
