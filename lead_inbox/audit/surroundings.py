"""Where the command runs: what holds for an option that is not given."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from lead_inbox.audit.options.values import zone_of_machine
from lead_inbox.audit.settings import DEFAULT_DAYS
from lead_inbox.inbox.rules import AgingDays


@dataclass(frozen=True)
class Surroundings:
	"""country: ISO code, "" for none. folder: where relative paths start, the working folder unless it is another."""

	zone: ZoneInfo
	days: AgingDays = DEFAULT_DAYS
	country: str = ""
	folder: Path = Path()


def surroundings_of_machine() -> Surroundings:
	"""Return what holds outside a bench."""
	return Surroundings(zone_of_machine())
