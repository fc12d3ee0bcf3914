"""The page /booking-review?link=…: a customer's review of a booking, without a login (BO-8)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import frappe

from lead_inbox.bookings.reviewing import review_page

no_cache = 1
sitemap = 0


def get_context(context: Any) -> None:
	"""Called by Frappe. What is sent is kept, and a redirect shows the page anew: reloading sends nothing again."""
	sent = frappe.form_dict
	token = str(sent.get("link") or "")
	context.update(_answer(token, sent))
	context.update(no_breadcrumbs=1, show_sidebar=False, metatags={"robots": "noindex, nofollow"})


def _answer(token: str, sent: Any) -> dict[str, Any]:
	if frappe.request.method != "POST":
		return review_page.show(token)
	page = review_page.submit(token, str(sent.get("stars") or ""), str(sent.get("words") or ""))
	if page is None:
		frappe.local.flags.redirect_location = "/booking-review?" + urlencode({"link": token})
		raise frappe.Redirect(303)
	return page
