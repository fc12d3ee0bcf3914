"""How much is measured. LEAD_INBOX_PERF_LEADS, LEAD_INBOX_PERF_ENROLLMENTS, LEAD_INBOX_PERF_BULK_LEADS and
LEAD_INBOX_PERF_BOOKINGS make a run smaller than the requirement's."""

from __future__ import annotations

import os

LEADS = int(os.environ.get("LEAD_INBOX_PERF_LEADS") or 1_000_000) // 100 * 100
SMALL_LEADS = 10_000
ENROLLMENTS = int(os.environ.get("LEAD_INBOX_PERF_ENROLLMENTS") or 100_000)
BULK_LEADS = int(os.environ.get("LEAD_INBOX_PERF_BULK_LEADS") or 5_000)
FEW_LEADS = 50
BOOKINGS = int(os.environ.get("LEAD_INBOX_PERF_BOOKINGS") or 100_000)
FEW_BOOKINGS = 1_000
BOOKABLE_SERVICES = 50
SLOT_DAYS = 30
MESSAGES_PER_LEAD = 5
PAGE_LENGTH = 20
LATE_PAGE = 5_000


def in_words(leads: int) -> str:
	return f"{leads:,} leads, {leads * MESSAGES_PER_LEAD:,} messages"
