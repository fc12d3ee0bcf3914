"""What keeps the secret of a customer's link to its page: no cache, no referrer, no search engine, no frame."""

from __future__ import annotations

from werkzeug.wrappers import Request, Response

from lead_inbox.bookings.pages import links

HEADERS = {
	"Cache-Control": "no-store",
	"Referrer-Policy": "no-referrer",
	"X-Robots-Tag": "noindex, nofollow",
	"X-Frame-Options": "SAMEORIGIN",
}


def after_request(response: Response | None, request: Request) -> None:
	"""A hook of Frappe, for every request. Errors and redirects of the pages are among them."""
	if response is not None and request.path.rstrip("/") in links.PAGES.values():
		response.headers.update(HEADERS)
