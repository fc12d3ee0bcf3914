"""Elements of HTML and SVG in which every text is escaped. Pure."""

from __future__ import annotations

from html import escape

from lead_inbox.audit.report.words import printable


class Markup(str):
	"""A text that is HTML already."""

	__slots__ = ()


def element(name: str, *children: str, **attributes: object) -> Markup:
	"""Return an element.

	children: texts, escaped here, or elements. attributes: of which None is left out; an underscore stands for
	a dash, and `class_` for class.
	"""
	written = "".join(
		f' {key.rstrip("_").replace("_", "-")}="{escape(printable(str(value)))}"'
		for key, value in attributes.items()
		if value is not None
	)
	return Markup(f"<{name}{written}>{joined(*children)}</{name}>")


def joined(*children: str) -> Markup:
	return Markup(
		"".join(child if isinstance(child, Markup) else escape(printable(child)) for child in children)
	)
