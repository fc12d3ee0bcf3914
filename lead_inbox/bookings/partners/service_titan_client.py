"""ServiceTitan's booking-provider interface (CRM v2) over HTTP.

Client id and secret, app key and token are in no error, log or representation. What goes wrong is a
PartnerError with words for a user, raised without the library's own error, whose frames hold them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any
from urllib.parse import quote

import requests
from frappe import _
from urllib3.exceptions import HTTPError

from lead_inbox.channels.appointment import is_off

PUBLIC_URL = "https://api.servicetitan.io"
PUBLIC_SIGN_IN_URL = "https://auth.servicetitan.io/connect/token"
TIMEOUT = (10, 30)  # seconds to connect, and between two packets of an answer
PAGE_SIZE = 100
MAX_PAGES = 1000


class PartnerError(Exception):
	"""The partner did not do what it was asked. The text is for users.

	is_final: it would refuse it again. wait_seconds: for so long it wants to be left alone.
	"""

	def __init__(self, words: str, *, is_final: bool = False, wait_seconds: int | None = None) -> None:
		super().__init__(words)
		self.is_final = is_final
		self.wait_seconds = wait_seconds


class CredentialsRefused(PartnerError):
	"""An administrator has to mend the channel."""


class NotThere(PartnerError):
	"""The partner does not know what was asked for."""


@dataclass(frozen=True)
class Account:
	"""A tenant and how to sign in to it."""

	tenant: str
	provider_id: str
	client_id: str = field(repr=False)
	client_secret: str = field(repr=False)
	app_key: str = field(repr=False)
	url: str = PUBLIC_URL
	sign_in_url: str = PUBLIC_SIGN_IN_URL


class ServiceTitanClient:
	"""One tenant's bookings. Signs in when it has to, and anew when its token is not taken any more."""

	def __init__(self, account: Account) -> None:
		self._account = account
		self._session = requests.Session()
		self._session.headers["ST-App-Key"] = account.app_key

	def bookings(self, modified_since: datetime) -> Iterator[list[dict[str, Any]]]:
		"""Yield the bookings that were made or changed since a moment, which is aware, page by page."""
		for page in range(1, MAX_PAGES + 1):
			answer = self._ask(
				"GET",
				"",
				params={
					"modifiedOnOrAfter": as_utc(modified_since),
					"page": page,
					"pageSize": PAGE_SIZE,
				},
			)
			yield _items(answer)
			if not answer.get("hasMore"):
				return

	def contacts(self, booking: str) -> list[dict[str, Any]]:
		"""Return the numbers and addresses of a booking; none when there is no such booking."""
		try:
			return _items(self._ask("GET", f"/{quote(booking, safe='')}/contacts", params={"pageSize": 100}))
		except NotThere:
			return []

	def move(self, booking: str, starts_on: datetime) -> None:
		"""Tell a booking's new start, which is aware. To say it twice does no harm."""
		self._ask("PATCH", f"/{quote(booking, safe='')}", json={"start": as_utc(starts_on)})

	def dismiss(self, booking: str, reason: str) -> None:
		"""Tell that a booking will not take place. To say it twice does no harm."""
		path = f"/{quote(booking, safe='')}"
		try:
			self._ask("POST", f"{path}/dismiss", json={"dismissingMemo": reason})
		except PartnerError as error:
			if not error.is_final or not is_off(str(self._ask("GET", path).get("status") or "")):
				raise

	def _ask(self, method: str, path: str, **options: Any) -> dict[str, Any]:
		if "Authorization" not in self._session.headers:
			self._sign_in()
		request = requests.Request(method, self._address(path), **options)
		answer = self._send(request)
		if answer.status_code == 401:
			self._sign_in()
			answer = self._send(request)
		_check(answer)
		return _decoded(answer)

	def _address(self, path: str) -> str:
		account = self._account
		tenant, provider = quote(account.tenant, safe=""), quote(account.provider_id, safe="")
		base = account.url.rstrip("/")
		return f"{base}/crm/v2/tenant/{tenant}/booking-provider/{provider}/bookings{path}"

	def _sign_in(self) -> None:
		account = self._account
		self._session.headers.pop("Authorization", None)
		answer = self._send(
			requests.Request(
				"POST",
				account.sign_in_url,
				data={
					"grant_type": "client_credentials",
					"client_id": account.client_id,
					"client_secret": account.client_secret,
				},
			)
		)
		if answer.status_code in (400, 401, 403):
			raise CredentialsRefused(_("ServiceTitan refuses the Client Id or the Client Secret."))
		_check(answer)
		token = _decoded(answer).get("access_token")
		if not isinstance(token, str) or not token.isascii() or not token.isprintable():
			raise PartnerError(_("ServiceTitan gave no token when we signed in."))
		self._session.headers["Authorization"] = f"Bearer {token}"

	def _send(self, request: requests.Request) -> requests.Response:
		"""Without redirects: they would carry the secrets to whoever they lead to.

		A request's representation has no content. Frappe's error log shows the variables of each frame.
		"""
		try:
			prepared = self._session.prepare_request(request)
			proxies = self._session.merge_environment_settings(prepared.url, {}, None, None, None)
			return self._session.send(prepared, timeout=TIMEOUT, allow_redirects=False, **proxies)
		except (requests.RequestException, HTTPError, ValueError):
			raise PartnerError(_("ServiceTitan can't be reached.")) from None


def as_utc(moment: datetime) -> str:
	"""Return an aware moment as the interface wants it."""
	return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _check(answer: requests.Response) -> None:
	"""Raise PartnerError for an answer that is none."""
	status = answer.status_code
	if 200 <= status < 300:
		return
	if status in (401, 403):
		raise CredentialsRefused(_("ServiceTitan refuses the App Key or the rights of this application."))
	if status == 404:
		raise NotThere(_("ServiceTitan does not know this booking."), is_final=True)
	if status == 429 or status >= 500:
		words = _("ServiceTitan is not available at present ({0}).").format(status)
		raise PartnerError(words, wait_seconds=_seconds(answer.headers.get("Retry-After")))
	words = _("ServiceTitan refuses the change ({0}). Change the booking there.").format(status)
	raise PartnerError(words, is_final=True)


def _decoded(answer: requests.Response) -> dict[str, Any]:
	"""Return the answer's object, an empty one for no content. Raises PartnerError."""
	if not answer.content:
		return {}
	try:
		decoded = answer.json()
	except ValueError:
		decoded = None
	if not isinstance(decoded, dict):
		raise PartnerError(_("ServiceTitan answered with something that can't be read."))
	return decoded


def _items(answer: dict[str, Any]) -> list[dict[str, Any]]:
	data = answer.get("data")
	return [item for item in data if isinstance(item, dict)] if isinstance(data, list) else []


def _seconds(header: str | None) -> int | None:
	return int(header) if header and header.isascii() and header.isdecimal() and len(header) < 9 else None
