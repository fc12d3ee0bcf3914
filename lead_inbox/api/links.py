"""What a customer's mail program and browser call: links of our mails, and the pixel that Frappe puts in.

Anybody may call. Nothing is shown but a page that says what is wrong with a link. Not among the doors of
v1, whose errors are JSON for partners.
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.core.doctype.communication import email
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from lead_inbox import tasks
from lead_inbox.inbox.replies import tracking


@frappe.whitelist(allow_guest=True, methods=["GET", "HEAD"], xss_safe=True)
def follow(message: str = "", target: str = "", signature: str = "") -> Response | None:
	"""Lead on to the target of a link that this site has put into a mail, and note the click.

	message: name of the Lead Message. Anything that was not signed by this site gets a page with status 404.
	"""
	if not tracking.is_genuine(message, target, signature):
		return _explain()
	if _is_customers():
		tasks.after_response(tasks.note_click, message)
	response = redirect(target)
	response.headers["Cache-Control"] = "no-store"  # the next reader of a shared cache is somebody else
	response.headers["Referrer-Policy"] = "no-referrer"  # the target need not learn of the mail
	return response


@frappe.whitelist(allow_guest=True, methods=["GET"])
def mark_email_as_seen(name: str | None = None) -> None:
	"""In the place of Frappe's own: it writes past all document events, so this is the way to hear of it."""
	email.mark_email_as_seen(name)
	if name:
		tasks.after_response(tasks.note_opened_mail, name)


def _is_customers() -> bool:
	"""Checking a link is no click, nor loading it in advance, nor a colleague's click in a sent mail."""
	headers = frappe.request.headers
	purpose = headers.get("Sec-Purpose") or headers.get("Purpose") or headers.get("X-Moz") or ""
	if frappe.request.method != "GET" or "prefetch" in purpose.lower():
		return False
	return frappe.get_cached_value("User", frappe.session.user, "user_type") != "System User"


def _explain() -> None:
	frappe.respond_as_web_page(
		_("This link leads nowhere"),
		_(
			"It was changed or cut off on its way here, or is too old. Use the link in the mail once more, or type the address that you can read there."
		),
		http_status_code=404,
		indicator_color="orange",
	)
