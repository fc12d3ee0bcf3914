"""Which module parses which provider's payloads. A new source is one module and one line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from lead_inbox.channels import (
	booking_form,
	call_log,
	google_booking,
	google_lead_form,
	housecall_pro,
	mail,
	service_titan,
	standard,
	web_form,
)
from lead_inbox.channels.event import ChannelContext, LeadEvent

# A parser takes the decoded payload, of any JSON type, and raises nothing but MalformedEvent.
Parser = Callable[[object, ChannelContext], LeadEvent]

# The keys are the options of Lead Channel's field Provider.
PARSERS: Mapping[str, Parser] = MappingProxyType(
	{
		"Standard Webhooks": standard.parse,
		"Google Ads Lead Form": google_lead_form.parse,
		"Email": mail.parse,
		"Telephony": call_log.parse,
		"Web Form": web_form.parse,
		"Google Actions Center": google_booking.parse,
		"ServiceTitan": service_titan.parse,
		"Housecall Pro": housecall_pro.parse,
		"Booking Form": booking_form.parse,
	}
)
