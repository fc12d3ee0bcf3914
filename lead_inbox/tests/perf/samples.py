"""People who write to us, each a new one: none of them is among the seeded leads."""

from __future__ import annotations

from itertools import count
from typing import Any

FIRST_NAME = "Perf"

_numbers = count(1)


def new_event() -> dict[str, Any]:
	"""What a partner sends of a person who is not known yet."""
	number = next(_numbers)
	return {
		"id": f"perf-event-{number}",
		"type": "message",
		"thread_id": f"perf-thread-{number}",
		"first_name": FIRST_NAME,
		"last_name": f"Person {number}",
		"phone": f"+1646{number:07}",
		"email": f"perf.person.{number}@mail.example",
		"postal_code": "10001",
		"city": "New York",
		"service": "Roof repair",
		"message": "Hello, could you tell me what a new roof would cost, and when you could start?\nThank you!",
	}


def new_lead() -> dict[str, Any]:
	"""The same person as a user of ERPNext would type it in."""
	event = new_event()
	return {
		"doctype": "Lead",
		"first_name": event["first_name"],
		"last_name": event["last_name"],
		"phone": event["phone"],
		"email_id": event["email"],
		"city": event["city"],
	}
