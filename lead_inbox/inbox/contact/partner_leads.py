"""Booking leads of partners that keep their customers to themselves (BO-6): they are called, not written to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import frappe
from frappe import _

from lead_inbox.channels.appointment import TELL_THEIR_CUSTOMERS

# What must be known of a lead to tell.
FIELDS = ("inbox_type", "inbox_channel")
WRITTEN = ("Message", "Email", "SMS", "Form")


def partner_of(lead: Mapping[str, Any]) -> str | None:
	"""Return the channel whose partner alone writes to a lead's customer, None where we may.

	lead: a row with FIELDS and `name`. A customer who has written to us has let us answer.
	"""
	channel = lead.get("inbox_channel")
	if lead.get("inbox_type") != "Booking" or not channel:
		return None
	if frappe.get_cached_value("Lead Channel", channel, "provider") not in TELL_THEIR_CUSTOMERS:
		return None
	written = {"lead": lead.get("name"), "direction": "In", "kind": ["in", WRITTEN]}
	return None if frappe.db.exists("Lead Message", written) else channel


def call_instead(lead: Mapping[str, Any]) -> str:
	"""Return why no message is offered for a lead, an empty text where one is."""
	partner = partner_of(lead)
	if not partner:
		return ""
	return _("The customer has booked through {0}, which writes to them. Call instead.").format(partner)
