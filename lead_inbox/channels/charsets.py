"""Names of charsets that mail programs write and Python does not know.

Frappe's mail receiver fails on one in a sender's name, and with it drops all mails that it has just
fetched. It knows this one in bodies.
"""

from __future__ import annotations

import codecs

_SAME_AS = {
	"windows_874": "cp874"
}  # Thai; Outlook's name for it. Python asks in lower case, with underscores


def know_mail_charsets() -> None:
	"""Called before each job, for receiving mail is one. Once in a process is enough."""
	try:
		codecs.lookup("windows-874")
	except LookupError:
		codecs.register(_find)


def _find(name: str) -> codecs.CodecInfo | None:
	same = _SAME_AS.get(name)
	return codecs.lookup(same) if same else None
