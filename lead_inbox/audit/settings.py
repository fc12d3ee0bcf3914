"""By which rules an export is judged: what an administrator would enter in Lead Inbox Settings and Lead Channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from lead_inbox.inbox.response.working_time import Calendar
from lead_inbox.inbox.rules import AgingDays

# As the app's settings have them until somebody changes them.
DEFAULT_DAYS = AgingDays(unanswered=15, quiet=15)
DAYS_AHEAD = 14


@dataclass(frozen=True)
class Settings:
	"""as_of: naive, in the zone of the calendar. country: ISO code of numbers without a country code, "" for none.

	calendar: its zone and site_zone are one, that of all times without an offset.
	"""

	as_of: datetime
	calendar: Calendar
	days: AgingDays = DEFAULT_DAYS
	country: str = ""

	@property
	def zone(self) -> ZoneInfo:
		return self.calendar.zone
