"""In which encoding a file is written."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import BinaryIO

from lead_inbox.audit.files.content import HEAD, refuse_binary

_CHUNK = 1 << 20
_PARTLY_WINDOWS = "lead_inbox.windows_1252"
_WINDOWS_NOTE = (
	"The file is not all UTF-8: what is not was read as Windows-1252 (Western European). "
	"If names look wrong, save it as UTF-8."
)
# UTF-16 has a NUL in half of the bytes of a header in English; of two bytes it is always the same one.
_UTF16_ONE_IN = 4
_OTHER_ONE_IN = 10


@dataclass(frozen=True)
class Encoding:
	"""name and errors: as open() takes them; nothing raises UnicodeDecodeError. note: what was assumed."""

	name: str
	errors: str
	note: str = ""


def encoding_of(file: BinaryIO) -> Encoding:
	"""Reads the file to its end where only that shows that it is UTF-8. Raises Unreadable for a binary."""
	file.seek(0)
	head = file.read(HEAD)
	if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
		return Encoding("utf-16", "replace")
	if name := _utf16_without_mark(head):
		return Encoding(name, "replace")
	refuse_binary(head)
	if _is_utf8(file):
		return Encoding("utf-8-sig", "strict")
	return Encoding("utf-8-sig", _PARTLY_WINDOWS, _WINDOWS_NOTE)


def _utf16_without_mark(head: bytes) -> str:
	pairs = len(head) // 2
	first, second = head[::2].count(0), head[1::2].count(0)
	if second * _UTF16_ONE_IN > pairs and first * _OTHER_ONE_IN < second:
		return "utf-16-le"
	if first * _UTF16_ONE_IN > pairs and second * _OTHER_ONE_IN < first:
		return "utf-16-be"
	return ""


def _is_utf8(file: BinaryIO) -> bool:
	decoder = codecs.getincrementaldecoder("utf-8")()
	file.seek(0)
	try:
		while chunk := file.read(_CHUNK):
			decoder.decode(chunk)
		decoder.decode(b"", final=True)
	except UnicodeDecodeError:
		return False
	return True


def _as_windows(error: UnicodeError) -> tuple[str, int]:
	"""A codec's error handler: byte by byte, so that files put together from both encodings are read right."""
	if not isinstance(error, UnicodeDecodeError):
		raise error
	return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error(_PARTLY_WINDOWS, _as_windows)
