"""What leads cost and what came of them, as pure functions (IN-10). Money is never added across currencies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

SUMS = ("leads", "charged", "spend", "credits", "booked", "converted")


@dataclass(frozen=True)
class Spend:
	"""The leads of one group in one currency.

	currency: empty for leads of which nobody told one. spend: the prices of the charged leads. credits:
	what their sources gave back. booked, converted: leads that ever were.
	"""

	channel: str = ""
	month: str = ""
	currency: str = ""
	leads: int = 0
	charged: int = 0
	spend: float = 0.0
	credits: float = 0.0
	booked: int = 0
	converted: int = 0

	@property
	def net(self) -> float:
		return self.spend - self.credits

	@property
	def credit_rate(self) -> float | None:
		"""The part of the spend that came back, in percent."""
		return 100 * self.credits / self.spend if self.spend else None

	def cost_per(self, count: int) -> float | None:
		"""The net spend for each of so many; None for none."""
		return self.net / count if count else None

	def plus(self, other: Spend) -> Spend:
		"""Add the other's sums; what names the group stays."""
		return replace(self, **{name: getattr(self, name) + getattr(other, name) for name in SUMS})


def group(found: Iterable[Spend], by_channel: bool, by_month: bool) -> list[Spend]:
	"""Return the sums by channel, by month or by both, and by currency, in that order.

	Leads without a price count in the currency of their channel and month when there is just one: what a
	channel costs is shared by all its leads, also those it did not charge.
	"""
	return _sum(_with_currencies(_sum(found, True, True)), by_channel, by_month)


def _sum(found: Iterable[Spend], by_channel: bool, by_month: bool) -> list[Spend]:
	sums: dict[tuple[str, str, str], Spend] = {}
	for part in found:
		key = (part.channel if by_channel else "", part.month if by_month else "", part.currency)
		name = Spend(channel=key[0], month=key[1], currency=key[2])
		sums[key] = sums.get(key, name).plus(part)
	return [sums[key] for key in sorted(sums)]


def _with_currencies(found: list[Spend]) -> list[Spend]:
	currencies: dict[tuple[str, str], set[str]] = {}
	for part in found:
		if part.currency:
			currencies.setdefault((part.channel, part.month), set()).add(part.currency)
	return [_with_currency(part, currencies.get((part.channel, part.month), set())) for part in found]


def _with_currency(part: Spend, currencies: set[str]) -> Spend:
	is_free = not (part.currency or part.spend or part.credits)
	return replace(part, currency=next(iter(currencies))) if is_free and len(currencies) == 1 else part
