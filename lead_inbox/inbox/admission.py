"""Whether a channel takes what arrives on it (IN-8). What it turns away is kept all the same."""

from __future__ import annotations

from typing import Any

from frappe import _
from frappe.utils import format_date, getdate

from lead_inbox.inbox.rules import refused_because


def refusal(channel: Any, kind: str) -> tuple[str, str] | None:
	"""Return the stable code and the sentence for the sender, None when the event is welcome.

	channel: Lead Channel. kind: the type of lead that arrives.
	"""
	paused_until = getdate(channel.paused_until) if channel.paused_until else None
	code = refused_because(channel.enabled, channel.message_leads, paused_until, kind, getdate())
	if code is None:
		return None
	sentences = {
		"channel_off": _("This channel is switched off. Ask the business to switch it on."),
		"channel_paused": _("This channel is paused until {0}. Send again from that day on.").format(
			format_date(paused_until) if paused_until else ""
		),
		"messages_off": _("This channel takes no message leads. Send calls, bookings or forms only."),
	}
	return code, sentences[code]
