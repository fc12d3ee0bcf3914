"""ServiceTitan's booking-provider interface on loopback: a real HTTP server that keeps its bookings.

By `trouble` a test says how the next requests end, sign-ins apart: an HTTP status with headers, or DROP to do
what is asked and close the connection without an answer.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from lead_inbox.tests.doubles.loopback import served

CLIENT_SECRET, APP_KEY = "cs_very-secret", "ak_very-secret"
BASE = "/crm/v2/tenant/7/booking-provider/9/bookings"
DROP = 0


@dataclass
class ServiceTitan:
	port: int = 0
	page_size: int = 100
	bookings: dict[str, dict[str, Any]] = field(default_factory=dict)
	contacts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
	trouble: list[tuple[int, dict[str, str]]] = field(default_factory=list)
	requests: list[tuple[str, str]] = field(default_factory=list)
	tokens: list[str] = field(default_factory=list)
	changed_on: str = "2026-11-26T10:00:00Z"

	@property
	def url(self) -> str:
		return f"http://127.0.0.1:{self.port}"

	def put(self, booking_id: int, **values: Any) -> None:
		"""Make or change a booking, as the partner's own people do."""
		booking = self.bookings.setdefault(
			str(booking_id),
			{"id": booking_id, "source": "Website", "status": "New", "createdOn": "2026-11-25T09:00:00Z"},
		)
		booking.update({"modifiedOn": self.changed_on, **values})

	def asked(self, method: str) -> list[str]:
		return [path for asked_method, path in self.requests if asked_method == method]

	def expire_tokens(self) -> None:
		self.tokens.append("the next one")


class _Handler(BaseHTTPRequestHandler):
	"""One request. partner: whose bookings it is about."""

	partner: ServiceTitan

	def do_GET(self) -> None:
		self._handle(self._read)

	def do_PATCH(self) -> None:
		self._handle(self._patch)

	def do_POST(self) -> None:
		if self.path == "/token":
			self._sign_in()
		else:
			self._handle(self._dismiss)

	def _sign_in(self) -> None:
		given = dict(parse_qsl(self._body().decode()))
		good = {"grant_type": "client_credentials", "client_id": "ci", "client_secret": CLIENT_SECRET}
		if given != good:
			self._answer(400, {"error": "invalid_client", "echo": given})
			return
		self.partner.tokens.append(f"tk_very-secret-{len(self.partner.tokens)}")
		self._answer(200, {"access_token": self.partner.tokens[-1], "expires_in": 900})

	def _handle(self, act: Any) -> None:
		self.sent = self._body()
		path = urlsplit(self.path)
		self.partner.requests.append((self.command, self.path))
		expected = f"Bearer {self.partner.tokens[-1]}" if self.partner.tokens else None
		if self.headers.get("Authorization") != expected or self.headers.get("ST-App-Key") != APP_KEY:
			self._answer(401, {})
			return
		status, headers = self.partner.trouble.pop(0) if self.partner.trouble else (200, {})
		if status not in (200, DROP):
			self._answer(status, {"title": "No"}, headers)
			return
		answer = act(path.path.removeprefix(BASE).strip("/"), parse_qs(path.query))
		if status == 200:
			self._answer(*answer)

	def _read(self, path: str, query: dict[str, list[str]]) -> tuple[int, Any]:
		booking_id, _slash, below = path.partition("/")
		if below == "contacts":
			return 200, {"data": self.partner.contacts.get(booking_id, []), "hasMore": False}
		if booking_id:
			booking = self.partner.bookings.get(booking_id)
			return (200, booking) if booking else (404, {})
		since, page = query["modifiedOnOrAfter"][0], int(query["page"][0])
		found = [one for one in self.partner.bookings.values() if one["modifiedOn"] >= since]
		start = (page - 1) * self.partner.page_size
		data = found[start : start + self.partner.page_size]
		return 200, {"data": data, "page": page, "hasMore": start + self.partner.page_size < len(found)}

	def _patch(self, path: str, _query: Any) -> tuple[int, Any]:
		booking = self.partner.bookings.get(path)
		if not booking:
			return 404, {}
		booking.update(json.loads(self.sent), modifiedOn=self.partner.changed_on)
		return 200, booking

	def _dismiss(self, path: str, _query: Any) -> tuple[int, Any]:
		booking = self.partner.bookings.get(path.removesuffix("/dismiss"))
		if not booking:
			return 404, {}
		if booking["status"] == "Dismissed":
			return 409, {}
		memo = json.loads(self.sent)["dismissingMemo"]
		booking.update(status="Dismissed", memo=memo, modifiedOn=self.partner.changed_on)
		return 200, {}

	def _body(self) -> bytes:
		return self.rfile.read(int(self.headers.get("Content-Length") or 0))

	def _answer(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
		text = json.dumps(body).encode()
		self.send_response(status)
		for name, value in {"Content-Length": str(len(text)), **(headers or {})}.items():
			self.send_header(name, value)
		self.end_headers()
		self.wfile.write(text)

	def log_message(self, *_arguments: object) -> None:
		"""Tests look at the requests themselves."""


@contextmanager
def service_titan() -> Iterator[ServiceTitan]:
	"""A running partner; it ends with the block."""
	partner = ServiceTitan()
	with served(type("Handler", (_Handler,), {"partner": partner})) as partner.port:
		yield partner
