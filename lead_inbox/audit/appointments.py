"""Appointments that events tell of: which of them hold a time decides whether their lead is Booked (BO-6).

As bookings/partners/partner_bookings.py and bookings/leads.py do it on a site.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime, timezone

from lead_inbox.audit.stored_events import StoredEvent, as_booking, booking_text
from lead_inbox.bookings.partners.partner_rules import Step, Version, merged, step_of
from lead_inbox.channels.event import BookingDetails
from lead_inbox.channels.keys import key_of
from lead_inbox.inbox.rules import Happening

# All events that tell of one say when it was changed.
_NEVER = datetime.min.replace(tzinfo=timezone.utc)


class Appointments:
	"""Those that have been told of, in the work file."""

	def __init__(self, work: sqlite3.Connection) -> None:
		self._work = work

	def told(self, event: StoredEvent, lead: int) -> Happening | None:
		"""Follow what an event tells of an appointment; return what that means for its lead, None for nothing."""
		details = event.booking_details
		if not details:
			return None
		key = key_of(event.source, details.external_id)
		before, is_booked, holds = self._known(key)
		after = merged([Version(version, _NEVER) for version in (before, details) if version])
		assert after  # there is one version at least
		step = step_of(before, after, is_booked)
		is_booked = is_booked or step is Step.BOOK
		has_settled = step is Step.BOOK or (holds and step in (Step.MOVE, Step.CANCEL))
		holds = step is Step.BOOK or (holds and step is not Step.CANCEL)
		self._work.execute(
			"replace into appointment values (?, ?, ?, ?, ?)",
			(key, lead, booking_text(after), is_booked, holds),
		)
		return self._settled(lead) if has_settled else None

	def _known(self, key: str) -> tuple[BookingDetails | None, bool, bool]:
		"""What was told of an appointment, whether it was booked, and whether it holds a time still."""
		found = self._work.execute(
			"select told, is_booked, holds from appointment where key = ?", (key,)
		).fetchone()
		return (as_booking(found[0]), bool(found[1]), bool(found[2])) if found else (None, False, False)

	def _settled(self, lead: int) -> Happening:
		holding = self._work.execute("select 1 from appointment where lead = ? and holds", (lead,)).fetchone()
		return Happening.BOOKED if holding else Happening.BOOKINGS_ENDED
