"""An SMS gateway on loopback: a real HTTP server that keeps every request.

By `answers` a test says how the next requests end: an HTTP status, or HANG to keep silent. Without one an
SMS is taken with 200.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qsl, urlsplit

from lead_inbox.tests.doubles.loopback import served

HANG = 0


@dataclass(frozen=True)
class SentText:
	"""A request: its parameters, wherever they were, and how it was answered."""

	method: str
	values: dict[str, str]
	headers: dict[str, str]
	status: int


@dataclass
class SmsGateway:
	port: int = 0
	requests: list[SentText] = field(default_factory=list)
	answers: list[int] = field(default_factory=list)
	ended: threading.Event = field(default_factory=threading.Event)

	@property
	def url(self) -> str:
		return f"http://127.0.0.1:{self.port}/send"

	@property
	def taken(self) -> list[SentText]:
		"""What it answered with success, which is what customers have received."""
		return [request for request in self.requests if 200 <= request.status < 300]


def _handler(gateway: SmsGateway) -> type[BaseHTTPRequestHandler]:
	class Handler(BaseHTTPRequestHandler):
		def do_GET(self) -> None:
			self._take(dict(parse_qsl(urlsplit(self.path).query)))

		def do_POST(self) -> None:
			body = self.rfile.read(int(self.headers["Content-Length"])).decode()
			is_json = self.headers["Content-Type"] == "application/json"
			self._take(json.loads(body) if is_json else dict(parse_qsl(body)))

		def _take(self, values: dict[str, str]) -> None:
			status = gateway.answers.pop(0) if gateway.answers else 200
			gateway.requests.append(SentText(self.command, values, dict(self.headers), status))
			if status == HANG:
				gateway.ended.wait()
				return
			self.send_response(status)
			self.end_headers()

		def log_message(self, *_arguments: object) -> None:
			"""Tests look at the requests themselves."""

	return Handler


@contextmanager
def sms_gateway() -> Iterator[SmsGateway]:
	"""A running gateway; it ends with the block."""
	gateway = SmsGateway()
	with served(_handler(gateway)) as gateway.port:
		try:
			yield gateway
		finally:
			gateway.ended.set()
