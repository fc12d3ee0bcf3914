"""What an event of a source means for its lead. Pure."""

from __future__ import annotations

from lead_inbox.channels.event import LeadEvent
from lead_inbox.channels.sms_order import sms_order
from lead_inbox.inbox.rules import Happening
from lead_inbox.untranslated import _

# With this status a source says that it has wiped a lead, and that we have to (IN-11).
WIPED_OUT = "WIPED_OUT"


def happening_of(parsed: LeadEvent) -> Happening:
	"""Return what an event means for the lead's state."""
	if parsed.call and parsed.call.answered:
		return Happening.CALL_ANSWERED
	if parsed.direction == "In":
		return Happening.CALL_MISSED if parsed.call else Happening.INBOUND
	return Happening.CALL_ATTEMPTED if parsed.call else Happening.REPLIED


def makes_no_lead(parsed: LeadEvent) -> str | None:
	"""Return why a first arrival is nobody's lead, None for one that is.

	An answer machine has nothing to ask for, and a stranger's STOP is all that they ever want to say.
	"""
	if parsed.mail.nature == "Automatic":
		return _("An automatic answer from an address that no lead has.")
	if parsed.is_sms and parsed.direction == "In" and sms_order(parsed.text):
		return _("Only about whether to send text messages, from a number that no lead has.")
	return None
