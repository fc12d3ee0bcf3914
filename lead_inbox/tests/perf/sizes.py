"""How much is measured. LEAD_INBOX_PERF_LEADS makes a run smaller than the requirement's."""

from __future__ import annotations

import os

LEADS = int(os.environ.get("LEAD_INBOX_PERF_LEADS") or 1_000_000) // 100 * 100
SMALL_LEADS = 10_000
MESSAGES_PER_LEAD = 5
PAGE_LENGTH = 20
LATE_PAGE = 5_000


def in_words(leads: int) -> str:
	return f"{leads:,} leads, {leads * MESSAGES_PER_LEAD:,} messages"
