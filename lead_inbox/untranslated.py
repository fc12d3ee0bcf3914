"""Texts whose reader, and so whose language, is not known where they are written."""

from __future__ import annotations


def _(message: str) -> str:
	"""Marks a text for the translators; it is translated where it is shown, not here."""
	return message
