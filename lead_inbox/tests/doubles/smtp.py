"""A mail server on loopback: real SMTP, and every mail that it takes is kept.

By `answers` a test says how it behaves towards the next mails: a status line for the mail's data, DROP to
break the connection once it has the data, or HANG to keep silent. Without one it takes the mail.
"""

from __future__ import annotations

import asyncio
import email
import email.policy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tools.services import free_port

DROP, HANG = "drop", "hang"


@dataclass(frozen=True)
class ReceivedMail:
	"""A mail as it came over the line."""

	envelope_from: str
	recipients: list[str]
	raw: bytes

	@property
	def message(self) -> EmailMessage:
		return email.message_from_bytes(self.raw, policy=email.policy.default)

	@property
	def text(self) -> str:
		return self.message.get_body(("plain",)).get_content()

	@property
	def html(self) -> str:
		return self.message.get_body(("html",)).get_content()


@dataclass
class MailServer:
	"""refused_recipients: status lines by address. on_accept is called with a mail once it is kept and
	before the client hears of it."""

	port: int
	mails: list[ReceivedMail] = field(default_factory=list)
	answers: list[str] = field(default_factory=list)
	refused_recipients: dict[str, str] = field(default_factory=dict)
	on_accept: Callable[[ReceivedMail], None] = lambda _mail: None
	attempts: int = 0

	def mails_to(self, address: str) -> list[ReceivedMail]:
		return [mail for mail in self.mails if address in mail.recipients]

	async def handle_RCPT(
		self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
	) -> str:
		if address in self.refused_recipients:
			return self.refused_recipients[address]
		envelope.rcpt_tos.append(address)
		return "250 OK"

	async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
		self.attempts += 1
		answer = self.answers.pop(0) if self.answers else "250 Message accepted"
		if answer.startswith("250"):
			mail = ReceivedMail(envelope.mail_from, list(envelope.rcpt_tos), envelope.original_content)
			self.mails.append(mail)
			self.on_accept(mail)
		elif answer == DROP:
			server.transport.abort()
		elif answer == HANG:
			await asyncio.sleep(3600)  # the client gives up first
		return answer


@contextmanager
def mail_server() -> Iterator[MailServer]:
	"""A running server; it ends with the block."""
	double = MailServer(free_port())
	controller = Controller(double, hostname="127.0.0.1", port=double.port)
	controller.start()
	try:
		yield double
	finally:
		controller.stop()
