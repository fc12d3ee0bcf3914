"""A customer's browser without scripts: it opens a page by a link, follows what it shows and sends its forms."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import frappe
from frappe.utils import set_request
from frappe.website.serve import get_response


@dataclass
class Form:
	action: str = ""
	values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Shown:
	"""What a browser ends up with, after redirects. text: what people read, on one line."""

	status: int
	html: str
	text: str
	links: dict[str, str]
	forms: list[Form]

	def address(self, label: str) -> str:
		"""Return where the first link whose text contains a label leads."""
		return next(href for text, href in self.links.items() if label in text)


class CustomersBrowser:
	"""Requests as Frappe runs them: a GET is undone, a POST is committed, errors are pages."""

	def __init__(self, user: str = "Guest", address: str = "") -> None:
		self.user = user
		self.address = address or frappe.generate_hash(length=12)

	def open(self, url: str) -> Shown:
		return self._request("GET", url, {})

	def follow(self, page: Shown, label: str) -> Shown:
		return self.open(page.address(label))

	def send(self, page: Shown, **typed: str) -> Shown:
		(form,) = page.forms
		return self.post(form.action, **{**form.values, **typed})

	def post(self, url: str, **values: str) -> Shown:
		return self._request("POST", url, values)

	def _request(self, method: str, url: str, values: dict[str, str]) -> Shown:
		parts = urlsplit(url)
		frappe.db.commit()  # what was there before the request
		frappe.set_user(self.user)
		set_request(method=method, path=parts.path)
		frappe.local.request_ip = self.address
		frappe.local.form_dict = frappe._dict(parse_qsl(parts.query), **values)
		frappe.local.flags.redirect_location = None
		response = get_response()
		frappe.db.commit() if method == "POST" else frappe.db.rollback()
		frappe.set_user("Administrator")
		if response.status_code in (301, 302, 303):
			return self.open(response.headers["Location"])
		return _shown(response.status_code, response.get_data(as_text=True))


class _Reader(HTMLParser):
	"""Collects the links and forms of the page's own part."""

	def __init__(self) -> None:
		super().__init__()
		self.links: dict[str, str] = {}
		self.forms: list[Form] = []
		self._href, self._text = "", ""

	def handle_starttag(self, tag: str, attrs: Any) -> None:
		values = {name: value or "" for name, value in attrs}
		if tag == "a":
			self._href, self._text = values.get("href", ""), ""
		elif tag == "form":
			self.forms.append(Form(values["action"]))
		elif tag in ("input", "textarea") and self.forms:
			self.forms[-1].values[values["name"]] = values.get("value", "")

	def handle_data(self, data: str) -> None:
		self._text += data

	def handle_endtag(self, tag: str) -> None:
		if tag == "a" and self._href:
			self.links.setdefault(" ".join(self._text.split()), self._href)


def _shown(status: int, html: str) -> Shown:
	found = re.search(r'<section class="booking-page">.*?</section>', html, re.DOTALL)
	own = found[0] if found else html
	assert "{{" not in own, "Something that the template names is missing."
	reader = _Reader()
	reader.feed(own)
	text = " ".join(unescape(re.sub(r"<[^>]*>", " ", own)).split())
	return Shown(status, own, text, reader.links, reader.forms)
