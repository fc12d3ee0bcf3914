"""Decisions about a message on its way out, as pure functions: RE-1, RE-7.

Nothing here reads a clock, a session or a database; times are naive and in the site's zone. The guiding
rule: what may have reached the customer is never sent again by itself. So an attempt ends in one of five
ways, and only the two that surely sent nothing lead to another one.
"""

from __future__ import annotations

import mimetypes
import re
import smtplib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum


class Delivery(str, Enum):
	"""Values of Lead Message's `delivery_status`."""

	SCHEDULED = "Scheduled"
	QUEUED = "Queued"
	SENDING = "Sending"
	SENT = "Sent"
	DELIVERED = "Delivered"
	FAILED = "Failed"
	CANCELLED = "Cancelled"


class Result(Enum):
	"""How an attempt to send ended."""

	SENT = "sent"
	NOT_SENT = "not sent"  # surely; another attempt may succeed
	REFUSED = "refused"  # surely; another attempt would be refused too
	UNCERTAIN = "uncertain"  # it may have arrived
	HELD = "held"  # the site sends nothing at present: no attempt was made
	FORBIDDEN = "forbidden"  # nobody needs to hear that an automatic message was not sent


@dataclass(frozen=True)
class Outcome:
	"""An attempt's result with the words for the user."""

	result: Result
	words: str = ""


@dataclass(frozen=True)
class Step:
	"""What becomes of a message after an attempt; next_attempt_on is None when none follows."""

	status: Delivery
	error: str = ""
	next_attempt_on: datetime | None = None


MAX_ATTEMPTS = 3  # Frappe gives up and tells the user itself at its fourth: two alerts for one mail
RETRY_SECONDS = (60, 600)
HELD_SECONDS = 300
LOST_SECONDS = 600  # far longer than a job's time limit on the short queue
MAX_ATTACHMENT_BYTES = 20 * 1024 * 1024  # common servers refuse mails above 25 MB, and base64 adds a third
SUBJECT_LENGTH = 140
CALENDAR = "text/calendar"

WAITING = (Delivery.SCHEDULED, Delivery.QUEUED)


def is_due(status: str, next_attempt_on: datetime | None, now: datetime) -> bool:
	"""Whether a message is to be sent now."""
	return status in WAITING and next_attempt_on is not None and next_attempt_on <= now


def lost_after(now: datetime) -> datetime:
	"""When a message that is taken up now and not heard of since counts as lost."""
	return now + timedelta(seconds=LOST_SECONDS)


def next_step(outcome: Outcome, attempts: int, now: datetime) -> Step:
	"""Return what becomes of a message after its `attempts`-th attempt."""
	if outcome.result is Result.SENT:
		return Step(Delivery.SENT)
	if outcome.result is Result.HELD:
		return Step(Delivery.QUEUED, outcome.words, now + timedelta(seconds=HELD_SECONDS))
	if outcome.result is Result.FORBIDDEN:
		return Step(Delivery.CANCELLED, outcome.words)
	if outcome.result is Result.NOT_SENT and attempts < MAX_ATTEMPTS:
		delay = timedelta(seconds=RETRY_SECONDS[max(attempts, 1) - 1])
		return Step(Delivery.QUEUED, outcome.words, now + delay)
	return Step(Delivery.FAILED, outcome.words)


def smtp_result(error: Exception) -> Result:
	"""Return what an error in the middle of an SMTP conversation says about the mail.

	An answer of the server is certain. A line that went silent is not: the server may have taken the mail
	and only its answer was lost.
	"""
	if isinstance(error, smtplib.SMTPRecipientsRefused):
		return _by_code(min((code for code, _words in error.recipients.values()), default=500))
	if isinstance(error, smtplib.SMTPResponseException):
		return _by_code(error.smtp_code)
	never_said = (smtplib.SMTPNotSupportedError, FileNotFoundError, PermissionError, UnicodeError)
	return Result.REFUSED if isinstance(error, never_said) else Result.UNCERTAIN


def _by_code(code: int) -> Result:
	return Result.NOT_SENT if 400 <= code < 500 else Result.REFUSED


def smtp_words(error: Exception) -> str:
	"""Return the server's own words in an SMTP error, on one line."""
	answers = [error.args[:2]]
	if isinstance(error, smtplib.SMTPRecipientsRefused):
		answers = list(error.recipients.values())
	words = [
		f"{code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"
		for code, said in (answer for answer in answers if len(answer) == 2)
	]
	return one_line("; ".join(words), 300)


def http_result(status: int) -> Result:
	"""Return what a gateway's HTTP status says about the SMS."""
	if 200 <= status < 300:
		return Result.SENT
	return Result.NOT_SENT if status >= 500 or status == 429 else Result.REFUSED


def stopped_because(
	is_scheduled: bool, status: str | None, changed_on: datetime | None, written_on: datetime
) -> str:
	"""Return the lead's state for which a person's scheduled message does not go, else an empty text.

	changed_on: when the lead came into its state. One who wrote to a closed lead knew that it was closed.
	"""
	resting = status in ("Declined", "Closed")
	meanwhile = changed_on is not None and changed_on >= written_on
	return status if is_scheduled and resting and meanwhile and status else ""


def one_line(text: str, limit: int) -> str:
	"""Return a text without line breaks and control characters, which could forge a mail's headers."""
	visible = (" " if _breaks(sign) else sign for sign in text)
	return " ".join("".join(visible).split())[:limit].rstrip()


def _breaks(sign: str) -> bool:
	return sign.isspace() or unicodedata.category(sign) in ("Cc", "Zl", "Zp")


def excess_bytes(sizes: Iterable[int]) -> int:
	"""Return by how many bytes files are too large for one mail, 0 when they fit."""
	return max(0, sum(sizes) - MAX_ATTACHMENT_BYTES)


def choose_medium(last_heard_by: str | None, can_mail: bool, can_text: bool) -> str:
	"""Return Email or SMS: as the customer wrote last, else what the lead has.

	last_heard_by: the kind of the newest inbound message, None without one.
	"""
	if last_heard_by == "SMS" and can_text:
		return "SMS"
	return "Email" if can_mail or not can_text else "SMS"


def content_type(file_name: str, content: bytes) -> str | None:
	"""Return the type of a mail's attachment, None when it can't be told from its name.

	A calendar file says there what it is for, too: without it programs offer no way to take it in (RFC 6047).
	"""
	kind = mimetypes.guess_type(file_name)[0]
	if kind != CALENDAR:
		return kind
	method = re.search(rb"^METHOD:([A-Za-z-]+)\r?$", content, re.MULTILINE)
	return f"{kind}; method={method[1].decode()}" if method else kind
