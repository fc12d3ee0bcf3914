"""Accepting a signed event over HTTP, against Frappe's own ping on the same server."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import quote

import frappe

from lead_inbox.tests.perf import samples
from lead_inbox.tests.perf.cleanup import undone
from lead_inbox.tests.perf.measure import Comparison, alternate
from lead_inbox.tests.perf.site import WEBHOOK_CHANNEL, signing_secret
from tools.bench import configured_bench
from tools.services import Web, free_port

CLIENTS = 8
REQUESTS_OF_A_CLIENT = 25
ROUNDS = 10
DOOR = f"/api/method/lead_inbox.api.v1.webhook.receive/{quote(WEBHOOK_CHANNEL)}"


@dataclass(frozen=True)
class Request:
	"""Made before the clock starts: signing is the sender's work."""

	method: str
	path: str
	status: int
	body: bytes | None = None
	headers: dict[str, str] = field(default_factory=dict)


def measure() -> list[Comparison]:
	with undone(), served() as port:
		key = base64.b64decode(signing_secret().removeprefix("whsec_"))
		clients = Clients(frappe.local.site, port)
		frappe.db.rollback()

		def events() -> list[float]:
			return clients.send(lambda: signed_request(key))

		def pings() -> list[float]:
			return clients.send(lambda: Request("GET", "/api/method/frappe.ping", 200))

		events(), pings()  # the server's processes load their code
		seconds, seconds_against = alternate(ROUNDS, events, pings)
	return [
		Comparison(
			what="accept one signed event over HTTP",
			against="frappe.ping on the same server",
			at_most=2.0,
			size=f"{CLIENTS} clients, {len(seconds):,} requests a side",
			seconds=seconds,
			seconds_against=seconds_against,
			statistics=("median", "p95"),
		)
	]


@contextmanager
def served() -> Iterator[int]:
	"""A web server as the tests use it, and no worker: only the accepting is measured."""
	web = Web(configured_bench(), free_port(), "perf-web")
	web.stop()  # left over from a run that was broken off
	web.start()
	try:
		yield web.port
	finally:
		web.stop()


def signed_request(key: bytes) -> Request:
	"""A new event, signed as https://www.standardwebhooks.com says."""
	event = samples.new_event()
	body = json.dumps(event).encode()
	stamp = str(int(time.time()))
	signed = b".".join((event["id"].encode(), stamp.encode(), body))
	signature = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
	headers = {
		"Content-Type": "application/json",
		"webhook-id": event["id"],
		"webhook-timestamp": stamp,
		"webhook-signature": f"v1,{signature}",
	}
	return Request("POST", DOOR, 202, body, headers)


@dataclass(frozen=True)
class Clients:
	"""CLIENTS senders at once, each on a new connection for each request, as senders of webhooks do."""

	site: str
	port: int

	def send(self, make_request: Callable[[], Request]) -> list[float]:
		"""Each client sends its requests one after the other; returns the seconds of each request."""
		loads = [[make_request() for _ in range(REQUESTS_OF_A_CLIENT)] for _ in range(CLIENTS)]
		with ThreadPoolExecutor(CLIENTS) as threads:
			return [seconds for taken in threads.map(self._send_all, loads) for seconds in taken]

	def _send_all(self, requests: list[Request]) -> list[float]:
		return [self._send(request) for request in requests]

	def _send(self, request: Request) -> float:
		started = time.perf_counter()
		connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
		headers = {"Host": self.site, **request.headers}
		connection.request(request.method, request.path, body=request.body, headers=headers)
		response = connection.getresponse()
		body = response.read()
		connection.close()
		seconds = time.perf_counter() - started
		if response.status != request.status:
			raise RuntimeError(f"{request.method} {request.path}: {response.status} {body[:500]!r}")
		return seconds
