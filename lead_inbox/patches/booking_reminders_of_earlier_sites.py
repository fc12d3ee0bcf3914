"""Sites that had settings before there were reminders of bookings."""

from __future__ import annotations

from lead_inbox.bookings.telling import usual_times


def execute() -> None:
	usual_times.write()
