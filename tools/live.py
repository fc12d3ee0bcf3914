"""A site served by real processes, as tests see it: over HTTP, and through Frappe in a thread of its own.

Run by the bench's Python.
"""

import http.client
import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode

import frappe


@dataclass(frozen=True)
class Answer:
	"""An HTTP response."""

	status: int
	headers: http.client.HTTPMessage
	body: bytes

	@property
	def json(self) -> Any:
		return json.loads(self.body)


@dataclass(frozen=True)
class ServedSite:
	"""A site and the port on which a web server of this machine serves it."""

	name: str
	port: int
	sites_path: str

	@property
	def url(self) -> str:
		"""For a browser. Python may not resolve the name: use `request`."""
		return f"http://{self.name}:{self.port}"

	def request(
		self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
	) -> Answer:
		"""One request on a connection of its own; may be called from many threads at once."""
		connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
		try:
			host = {"Host": f"{self.name}:{self.port}"}
			connection.request(
				method, quote(path, safe="/?&=%:"), body=body, headers={**host, **(headers or {})}
			)
			response = connection.getresponse()
			return Answer(response.status, response.headers, response.read())
		finally:
			connection.close()

	def post_form(
		self, path: str, values: Mapping[str, str], headers: Mapping[str, str] | None = None
	) -> Answer:
		form = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
		return self.request("POST", path, urlencode(values).encode(), {**form, **(headers or {})})

	def log_in(self, user: str, password: str) -> str:
		"""Returns the session id, for the cookie `sid`."""
		answer = self.post_form("/api/method/login", {"usr": user, "pwd": password})
		cookies = answer.headers.get_all("Set-Cookie") or []
		session = next((cookie for cookie in cookies if cookie.startswith("sid=")), "")
		if answer.status != 200 or not session:
			raise RuntimeError(
				f"{user} could not log in to {self.name}: {answer.status} {answer.body[:300]!r}"
			)
		return session.removeprefix("sid=").partition(";")[0]

	def run(self, function: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
		"""Call a function inside Frappe on this site, as Administrator, and commit.

		In a thread, as Frappe's state is kept per thread: a transaction open in the calling one stays as it is.
		"""
		with ThreadPoolExecutor(max_workers=1) as thread:
			return thread.submit(self._run, partial(function, *arguments, **options)).result()

	def _run(self, function: Callable[[], Any]) -> Any:
		frappe.init(site=self.name, sites_path=self.sites_path)
		frappe.connect()
		try:
			result = function()
			frappe.db.commit()
			return result
		finally:
			frappe.destroy()
