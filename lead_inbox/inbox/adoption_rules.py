"""Which inbox state the history of a lead speaks for that was there before the inbox. Pure."""

from __future__ import annotations

from lead_inbox.inbox import rules
from lead_inbox.inbox.rules import AgingDays, Reason, Status

CLOSED = {"Converted": Reason.CONVERTED, "Do Not Contact": Reason.DO_NOT_CONTACT}


def adopted(erp_status: str, is_untouched: bool) -> tuple[Status, str]:
	"""Return state and reason of a lead.

	erp_status: ERPNext's. is_untouched: nobody has touched it for as long as days_untouched() says. Converted and
	Do Not Contact are Closed; what was left alone has come to rest already; the rest is New or, once ERPNext calls
	it anything but Lead or Open, Active.
	"""
	if reason := CLOSED.get(erp_status):
		return Status.CLOSED, reason.value
	is_unanswered = erp_status in rules.OPEN_ERP_STATUSES
	if is_untouched:
		return Status.INACTIVE, (Reason.UNANSWERED if is_unanswered else Reason.QUIET).value
	return (Status.NEW if is_unanswered else Status.ACTIVE), ""


def days_untouched(days: AgingDays) -> int:
	"""Return after how many days a lead has come to rest, however it was answered."""
	return max(days.unanswered, days.quiet)
