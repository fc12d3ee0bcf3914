"""Reading a Bookable Service: who does it, when, and for how much (BO-2)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import frappe
from erpnext.stock.get_item_details import get_price_list_rate_for
from frappe.utils import getdate, strip_html, today

from lead_inbox.bookings.services.slot_rules import Service
from lead_inbox.inbox.response.channel_hours import calendar_of_document

SERVICE = "Bookable Service"

__all__ = ["SERVICE", "Service", "price_of", "read", "read_all", "read_many"]


def read(name: str) -> Service | None:
	"""Return a service, None when there is none of that name or it is disabled."""
	return next(iter(read_many([name])), None)


def read_all(online: bool = False) -> list[Service]:
	"""Return all services that can be booked, by name. online: only those that customers book themselves."""
	filters = {"enabled": 1, "online": 1} if online else {"enabled": 1}
	return read_many(frappe.get_all(SERVICE, filters=filters, pluck="name", order_by="name asc"))


def read_many(names: Iterable[str]) -> list[Service]:
	"""Return those of some services that exist and are enabled, in their order, with one query for all users."""
	docs = [doc for name in dict.fromkeys(names) if (doc := _document(name)) and doc.enabled]
	named = {doc.name: _named_users(doc) for doc in docs}
	enabled = _enabled_users({user for users in named.values() for user in users})
	return [_service(doc, named[doc.name], enabled) for doc in docs]


def buffers(names: Iterable[str]) -> dict[str, tuple[timedelta, timedelta]]:
	"""Return what services keep free before and after a booking, also those that are disabled by now."""
	docs = filter(None, map(_document, names))
	return {
		doc.name: (_minutes(doc.buffer_before_minutes), _minutes(doc.buffer_after_minutes)) for doc in docs
	}


def price_of(service: Service, customer: str | None = None) -> tuple[float, str] | None:
	"""Return what a service costs today and the currency, by the Item Price of its list; None without one.

	customer: who may have a price of their own.
	"""
	if not service.price_list:
		return None
	unit = frappe.get_cached_value("Item", service.item, "stock_uom")
	rate = get_price_list_rate_for(
		frappe._dict(
			price_list=service.price_list,
			customer=customer,
			uom=unit,
			stock_uom=unit,
			conversion_factor=1,
			qty=1,
			transaction_date=today(),
		),
		service.item,
	)
	if rate is None:
		return None
	return rate, frappe.get_cached_value("Price List", service.price_list, "currency")


def holiday_name(service: Service, day: date) -> str:
	"""Return what a holiday of a service is called."""
	holiday_list = frappe.get_cached_value(SERVICE, service.name, "holiday_list")
	rows = frappe.get_cached_doc("Holiday List", holiday_list).holidays
	return next(strip_html(row.description) for row in rows if getdate(row.holiday_date) == day)


def _document(name: str) -> Any | None:
	try:
		return frappe.get_cached_doc(SERVICE, name)
	except frappe.DoesNotExistError:
		frappe.clear_last_message()
		return None


def _named_users(doc: Any) -> set[str]:
	"""Return the users of a service and of its group, whether or not they can log in."""
	users = {row.user for row in doc.users}
	if doc.user_group:
		users |= {row.user for row in frappe.get_cached_doc("User Group", doc.user_group).user_group_members}
	return users


def _enabled_users(users: set[str]) -> set[str]:
	if not users:
		return set()
	filters = {"name": ["in", sorted(users)], "enabled": 1}
	return set(frappe.get_all("User", filters=filters, pluck="name", order_by="name asc"))


def _service(doc: Any, named: set[str], enabled: set[str]) -> Service:
	calendar = calendar_of_document(doc)
	duration = _minutes(doc.duration_minutes)
	before, after = _minutes(doc.buffer_before_minutes), _minutes(doc.buffer_after_minutes)
	return Service(
		name=doc.name,
		item=doc.item,
		enabled=bool(doc.enabled),
		online=bool(doc.online),
		needs_confirmation=bool(doc.needs_confirmation),
		duration=duration,
		step=_minutes(doc.step_minutes) or before + duration + after,
		buffer_before=before,
		buffer_after=after,
		capacity=doc.capacity,
		lead_time=_minutes(doc.lead_time_minutes),
		horizon=timedelta(days=doc.horizon_days or 0),
		change_until_minutes=doc.change_until_minutes or 0,
		users=tuple(sorted(named & enabled)),
		by_users=bool(named),
		calendar=calendar,
		time_zone=calendar.zone.key,
		place=doc.place or "",
		price_list=doc.price_list or "",
	)


def _minutes(number: int | None) -> timedelta:
	return timedelta(minutes=number or 0)
