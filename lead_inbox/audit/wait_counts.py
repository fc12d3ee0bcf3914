"""How many customers waited how long. Long waits are counted by the minute, so that many take little room."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from lead_inbox.audit.findings import Waits
from lead_inbox.inbox.response.quantiles import quantile
from lead_inbox.inbox.response.wait_rules import as_counted

MEDIAN, NINETIETH = 0.5, 0.9


@dataclass
class WaitCounts:
	"""By seconds."""

	elapsed: Counter[int] = field(default_factory=Counter)
	business: Counter[int] = field(default_factory=Counter)

	def add(self, elapsed: int, business: int) -> None:
		self.elapsed[as_counted(elapsed)] += 1
		self.business[as_counted(business)] += 1

	def waits(self) -> Waits:
		elapsed, business = sorted(self.elapsed.items()), sorted(self.business.items())
		return Waits(
			count=self.elapsed.total(),
			elapsed_median=quantile(elapsed, MEDIAN),
			elapsed_ninetieth=quantile(elapsed, NINETIETH),
			business_median=quantile(business, MEDIAN),
			business_ninetieth=quantile(business, NINETIETH),
		)
