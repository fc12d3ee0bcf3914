"""What all views of the booking page have: a frame, its address, its form. Plain text; the template escapes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import frappe
from frappe import _
from frappe.utils import fmt_money

from lead_inbox.bookings.pages import help as helping
from lead_inbox.bookings.services import services
from lead_inbox.bookings.services.services import Service

PATH = "/booking"

Context = dict[str, Any]


def frame(view: str, title: str, **values: Any) -> Context:
	"""Return a view of the template. status: of HTTP, when it is not 200."""
	status = values.pop("status", None)
	return {"view": view, "title": title, **values, **({"http_status_code": status} if status else {})}


def closed(title: str, sentence: str, status: int, lead: str = "") -> Context:
	"""Return a page that offers nothing but whom to ask. lead: whose channel knows that best."""
	return frame("closed", title, sentence=sentence, help=helping.contact(lead), status=status)


def url(token: str, **places: str) -> str:
	query = {"link": token, **{name: value for name, value in places.items() if value}}
	return f"{PATH}?{urlencode(query)}"


def form(token: str, **hidden: str) -> Context:
	"""Return what a form sends beside what its customer types.

	csrf_token: Frappe wants it of a user who is logged in; guests have none.
	"""
	csrf_token = frappe.session.data.csrf_token or ""
	return {"action": PATH, "hidden": {"link": token, "csrf_token": csrf_token, **hidden}}


def duration_text(duration: timedelta) -> str:
	hours, minutes = divmod(int(duration.total_seconds()) // 60, 60)
	if not hours:
		return _("{0} minutes").format(minutes)
	of_hours = _("1 hour") if hours == 1 else _("{0} hours").format(hours)
	return f"{of_hours} {_('{0} minutes').format(minutes)}" if minutes else of_hours


def service_facts(service: Service, lead: str) -> dict[str, str]:
	"""Return what is told of a service; what there is nothing of is empty. lead: who may have an own price."""
	customer = frappe.db.get_value("Lead", lead, "inbox_customer") if lead else None
	price = services.price_of(service, customer)
	return {
		"service": service.name,
		"description": frappe.get_cached_value(services.SERVICE, service.name, "description") or "",
		"duration": duration_text(service.duration),
		"price": fmt_money(price[0], currency=price[1]) if price else "",
		"place": service.place,
	}
