"""Bookings of ServiceTitan's CRM, as its booking-provider interface lists them, with their contacts.

The poller adds `contacts`, which the interface has at an address of its own. A booking is the same one as
long as its `id` is; each change of it comes as another event.
"""

from __future__ import annotations

from dataclasses import replace

from lead_inbox.channels import values
from lead_inbox.channels.appointment import said_once
from lead_inbox.channels.event import ChannelContext, LeadEvent
from lead_inbox.channels.reader import as_object
from lead_inbox.channels.standard import MappedPayload

_FIELD_MAP = (
	("summary", "message"),
	("start", "starts_at"),
	("modifiedOn", "occurred_at"),
	("createdOn", "occurred_at"),
	("address.street", "street"),
	("address.city", "city"),
	("address.state", "state"),
	("address.zip", "postal_code"),
	("address.country", "country"),
)
_TARGETS_BY_CONTACT = {"phone": "phone", "mobilephone": "phone", "email": "email"}


def parse(payload: object, context: ChannelContext) -> LeadEvent:
	"""The booking as it stands now. Raises MalformedEvent."""
	body = as_object(payload)
	field_map = _FIELD_MAP + _contacts(body.get("contacts"))
	mapped = MappedPayload(body, replace(context, field_map=field_map, event_id=""))
	if not mapped.reader.identifier("id", body.get("id")):
		mapped.reader.fault("id", values.MISSING)
	event = mapped.event(kind="Booking")
	mapped.reader.raise_faults()
	return said_once(event)


def _contacts(contacts: object) -> tuple[tuple[str, str], ...]:
	"""Where the numbers and addresses are: a list whose items each say of what type they are."""
	if not isinstance(contacts, list):
		return ()
	found = []
	for place, contact in enumerate(contacts):
		word = contact.get("type") if isinstance(contact, dict) else None
		target = _TARGETS_BY_CONTACT.get(word.lower()) if isinstance(word, str) else None
		if target:
			found.append((f"contacts.{place}.value", target))
	return tuple(found)
