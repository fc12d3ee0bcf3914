"""Links in our mails that lead through our own site, as pure functions (SQ-1).

The address of ours names the mail and the target and carries a signature of both. Only what we signed is
followed, so nobody can make our site lead people to a place of their choosing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import html
import re
from collections.abc import Callable, Iterator
from urllib.parse import quote

MAX_LENGTH = 2000  # old mail programs and proxies cut longer addresses
PURPOSE = b"lead_inbox: links of mails"  # the site's key also encrypts passwords

LINK = re.compile(r"""\bhttps?://[^\s<>"]+""", re.IGNORECASE)
SENTENCE_ENDS = ".,:;!?'*"
BRACKETS = {")": "(", "]": "["}
# The signs of RFC 3986. A name or password before the host would hide where the link leads.
SIGNS = r"A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%"
TARGET = re.compile(
	rf"https?://[a-z0-9][a-z0-9._-]*(:[0-9]{{1,5}})?([/?#][{SIGNS}]*)?", re.IGNORECASE | re.ASCII
)


def key_from(secret: str) -> bytes:
	"""Return the key to sign links with, which tells nothing of the secret that it is made from."""
	return hmac.new(secret.encode(), PURPOSE, hashlib.sha256).digest()


def sign(key: bytes, message: str, target: str) -> str:
	"""Return the signature of a target in a mail. message: name of its Lead Message."""
	signed = f"{message}\0{target}".encode(errors="surrogatepass")  # neither has a zero byte
	digest = hmac.new(key, signed, hashlib.sha256).digest()
	return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def is_genuine(key: bytes, message: str, target: str, signature: str) -> bool:
	"""Whether we signed this target for this mail."""
	given = signature.encode(errors="surrogatepass")
	return hmac.compare_digest(sign(key, message, target).encode(), given) and is_followable(target)


def is_followable(target: str) -> bool:
	"""Whether an address may be led to: http or https, a plain host, no sign that could break a header."""
	return len(target) <= MAX_LENGTH and TARGET.fullmatch(target) is not None


def as_html(text: str, through: Callable[[str], str]) -> str:
	"""Return a plain text as HTML in which each link leads through an address of ours.

	The link itself stays what people read. through: returns that address for a target. What can't be
	followed safely stays text.
	"""
	parts = (_as_anchor(part, through) if is_link else html.escape(part) for part, is_link in _parts(text))
	return "".join(parts).replace("\n", "<br>")


def _parts(text: str) -> Iterator[tuple[str, bool]]:
	"""Cut a text into what is no link and what is one."""
	read = 0
	for found in LINK.finditer(text):
		link = _without_punctuation(found[0])
		yield text[read : found.start()], False
		yield link, True
		read = found.start() + len(link)
	yield text[read:], False


def _without_punctuation(link: str) -> str:
	"""What follows a link in a sentence is not part of it, nor the bracket around it."""
	while len(link) <= MAX_LENGTH and (link[-1] in SENTENCE_ENDS or _closes_nothing(link)):
		link = link[:-1]
	return link


def _closes_nothing(link: str) -> bool:
	opening = BRACKETS.get(link[-1])
	return bool(opening) and link.count(link[-1]) > link.count(opening)


def _as_anchor(link: str, through: Callable[[str], str]) -> str:
	target = quote(link, safe="-._~:/?#[]@!$&'()*+,;=%")
	shown = html.escape(link)
	return f'<a href="{html.escape(through(target))}">{shown}</a>' if is_followable(target) else shown
