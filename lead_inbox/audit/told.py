"""What a row of an export tells, whichever export it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from lead_inbox.channels.event import LeadEvent
from lead_inbox.inbox.rules import Happening


class Source(str, Enum):
	"""Where an export comes from. Each is a channel of its own: ids of two sources never mean the same lead."""

	LOCAL_SERVICES = "Google Local Services"
	LEAD_FORM = "Google Ads lead form"
	EVENTS = "Lead Inbox events"
	ERPNEXT = "ERPNext leads"


@dataclass(frozen=True)
class Told:
	"""An event, and what the export says of its lead besides.

	event: its occurred_on is set. afterwards: what has happened to the lead since, in this order; when, nobody
	knows, so it moves the state and is no response that is measured. touched_on: aware, when the lead was touched
	last; None where the export does not say. owner: who has the lead, "" where the export does not say.
	"""

	source: Source
	event: LeadEvent
	afterwards: tuple[Happening, ...] = ()
	touched_on: datetime | None = None
	owner: str = ""


class Unreadable(ValueError):
	"""A row, or a whole file, that can't be read. Its text says why and what to do, and repeats no personal data."""
