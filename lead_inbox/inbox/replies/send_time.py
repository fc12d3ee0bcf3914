"""When to send a reply that is not sent at once (RE-7)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import frappe
from frappe import _
from frappe.utils import now_datetime

from lead_inbox.inbox.replies.send_time_rules import Because, suggest
from lead_inbox.inbox.response.channel_hours import calendar_of

LOOK_AT = 100


def suggest_for(lead: str) -> dict[str, Any]:
	"""Return a time to write to a lead's customer: {"send_on": site time, "because": a sentence}.

	The caller has checked that the user may read the lead.
	"""
	channel = frappe.db.get_value("Lead", lead, "inbox_channel")
	suggestion = suggest(now_datetime(), _times_of_customer(lead), calendar_of(channel))
	return {"send_on": suggestion.on, "because": _sentence(suggestion.because, suggestion.on)}


def _times_of_customer(lead: str) -> list[datetime]:
	"""When the customer last wrote or called, or answered our call; the newest first."""
	message = frappe.qb.DocType("Lead Message")
	of_customer = (message.direction == "In") & (message.automated == 0)
	answered_us = (message.direction == "Out") & (message.call_status == "Answered")
	rows = (
		frappe.qb.from_(message)
		.select(message.sent_on)
		.where((message.lead == lead) & (of_customer | answered_us))
		.orderby(message.sent_on, order=frappe.qb.desc)
		.limit(LOOK_AT)
	).run()
	return [sent_on for (sent_on,) in rows]


def _sentence(because: Because, on: datetime) -> str:
	return {
		Because.USUAL_HOUR: _("This customer usually answers around {0}.").format(f"{on:%H:%M}"),
		Because.OPENING: _("We open then."),
		Because.SOON: _("We are open now, so in an hour."),
		Because.NEVER_OPEN: _("The channel's hours name no time for it, so in an hour."),
	}[because]
