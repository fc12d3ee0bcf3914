"""Appointments from a booking form or a partner without a public interface, such as Scorpion.

The standard event whose type is booking, signed as Standard Webhooks say; the channel's field map tells
where the sender has its values. The same `id` means the same appointment, however often it changes.
"""

from __future__ import annotations

from lead_inbox.channels.appointment import said_once
from lead_inbox.channels.event import ChannelContext, LeadEvent
from lead_inbox.channels.reader import as_object
from lead_inbox.channels.standard import MappedPayload


def parse(payload: object, context: ChannelContext) -> LeadEvent:
	"""The appointment as it stands now. Raises MalformedEvent.

	A form that gives its entries no id has the delivery's; what it sends can't be changed later then.
	"""
	mapped = MappedPayload(as_object(payload), context)
	event = mapped.event(kind="Booking")
	mapped.reader.raise_faults()
	return said_once(event)
