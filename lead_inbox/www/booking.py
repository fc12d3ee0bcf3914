"""The page /booking?link=…: what customers book, move and cancel themselves, without a login (BO-5)."""

from __future__ import annotations

from typing import Any

import frappe

from lead_inbox.bookings.pages import customer_page

no_cache = 1
sitemap = 0


def get_context(context: Any) -> None:
	"""Called by Frappe. After something was done a redirect shows the page anew: reloading does nothing again."""
	answer = customer_page.answer(frappe.request.method == "POST", frappe.form_dict)
	if isinstance(answer, str):
		frappe.local.flags.redirect_location = answer
		raise frappe.Redirect(303)
	context.update(answer)
	context.update(
		no_breadcrumbs=1,
		show_sidebar=False,
		metatags={"robots": "noindex, nofollow", "referrer": "no-referrer"},
	)
