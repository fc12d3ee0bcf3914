"""What Google's Actions Center sends, in the words of its API."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from frappe.utils import get_system_timezone

from lead_inbox.tests.integration.booking_builders import in_days

MERCHANT, REPAIR = "Google Maps", "Repair"
PARTNER = "google@partner.example"


def seconds(moment: datetime) -> int:
	return int(moment.replace(tzinfo=ZoneInfo(get_system_timezone())).timestamp())


def slot(starts_on: datetime | None = None, **values: Any) -> dict[str, Any]:
	start = str(seconds(starts_on or in_days(2)))
	return {
		"merchant_id": MERCHANT,
		"service_id": REPAIR,
		"start_sec": start,
		"duration_sec": "3600",
		**values,
	}


def user(number: int = 1) -> dict[str, str]:
	return {
		"user_id": f"user-{number}",
		"given_name": "Naree",
		"family_name": f"Phan{number}",
		"telephone": f"+1415555{number:04}",
		"email": f"naree{number}@customer.example",
	}


def creation(number: int = 1, token: str | None = None, **values: Any) -> dict[str, Any]:
	request = {"slot": slot(), "user_information": user(number), "idempotency_token": token or f"t-{number}"}
	return {**request, **values}
