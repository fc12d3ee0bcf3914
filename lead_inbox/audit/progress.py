"""One line on the terminal that says how far the audit is."""

from __future__ import annotations

import shutil
from types import TracebackType
from typing import TextIO


class ProgressLine:
	"""Each text replaces the one before. Where nobody looks, as in a job, nothing is written."""

	def __init__(self, stream: TextIO) -> None:
		self._stream = stream
		self._is_seen = stream.isatty()
		self._shown = 0

	def show(self, text: str) -> None:
		if not self._is_seen:
			return
		text = text[: shutil.get_terminal_size().columns - 1]
		self._stream.write(f"\r{text.ljust(self._shown)}")
		self._stream.flush()
		self._shown = len(text)

	def clear(self) -> None:
		if self._shown:
			self._stream.write(f"\r{' ' * self._shown}\r")
			self._stream.flush()
			self._shown = 0

	def __enter__(self) -> ProgressLine:
		return self

	def __exit__(
		self,
		kind: type[BaseException] | None,
		error: BaseException | None,
		traceback: TracebackType | None,
	) -> None:
		self.clear()
