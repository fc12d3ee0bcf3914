"""Tells files that hold no text, and what to do about them."""

from __future__ import annotations

from lead_inbox.audit.told import Unreadable

# Enough for the names of the first files within an archive.
HEAD = 4096

_SAVE_AS_CSV = "Open it and save the sheet as CSV (UTF-8)."
_UNPACK = "Unpack it and name the file in it."
_EXPORT_AGAIN = "Export the leads as CSV or JSON."
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
	(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", f"This is a workbook of an old Excel, no text. {_SAVE_AS_CSV}"),
	(b"\x1f\x8b", f"This file is compressed with gzip. {_UNPACK}"),
	(b"BZh", f"This file is compressed with bzip2. {_UNPACK}"),
	(b"\xfd7zXZ\x00", f"This file is compressed with xz. {_UNPACK}"),
	(b"\x28\xb5\x2f\xfd", f"This file is compressed with Zstandard. {_UNPACK}"),
	(b"7z\xbc\xaf\x27\x1c", f"This is a 7-Zip archive. {_UNPACK}"),
	(b"Rar!\x1a\x07", f"This is a RAR archive. {_UNPACK}"),
	(b"\x89PNG\r\n\x1a\n", f"This is a picture (PNG). {_EXPORT_AGAIN}"),
	(b"\xff\xd8\xff", f"This is a picture (JPEG). {_EXPORT_AGAIN}"),
	(b"GIF8", f"This is a picture (GIF). {_EXPORT_AGAIN}"),
	(b"%PDF-", f"This is a PDF document. {_EXPORT_AGAIN}"),
	(b"{\\rtf", f"This is a text document (RTF). {_EXPORT_AGAIN}"),
	(b"SQLite format 3\x00", f"This is an SQLite database. {_EXPORT_AGAIN}"),
	(b"PAR1", f"This is a Parquet file. {_EXPORT_AGAIN}"),
)
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_IN_WORKBOOKS = (b"[Content_Types].xml", b"xl/", b"opendocument.spreadsheet")
_WORKBOOK = f"This is a spreadsheet's workbook (such as .xlsx), no text. {_SAVE_AS_CSV}"
_ARCHIVE = f"This is a zip archive. {_UNPACK}"
_MARKUP = (b"<!doctype html", b"<html", b"<?xml")
_PAGE = f"This is a web page or an XML file, perhaps the page one is sent to for logging in. {_EXPORT_AGAIN}"
_BINARY = f"This is no text file. {_EXPORT_AGAIN}"

_TEXT_CONTROLS = frozenset(b"\t\n\v\f\r\x1a\x1b")
_BINARY_ONE_IN = 20  # control characters; one NUL in a row spoils that row only


def refuse_foreign(head: bytes) -> None:
	"""head: the first HEAD bytes of a file. Raises Unreadable for what is known to be neither table nor JSON."""
	if head.startswith(_ZIP):
		raise Unreadable(_WORKBOOK if any(name in head for name in _IN_WORKBOOKS) else _ARCHIVE)
	for signature, reason in _SIGNATURES:
		if head.startswith(signature):
			raise Unreadable(reason)
	if head.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_MARKUP):
		raise Unreadable(_PAGE)


def refuse_binary(head: bytes) -> None:
	"""head: of a file whose letters are single bytes or UTF-8. Raises Unreadable when it can't be text."""
	controls = sum(byte < 32 and byte not in _TEXT_CONTROLS for byte in head)
	if controls * _BINARY_ONE_IN > len(head):
		raise Unreadable(_BINARY)
