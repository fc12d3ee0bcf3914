"""Which places a booking takes of a service and of who does it: BO-3. Pure. Instants are in UTC."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count

SERVICE_PREFIX, USER_PREFIX = "service:", "user:"


@dataclass(frozen=True)
class Claim:
	"""One place of one resource, for one tick."""

	resource: str
	tick: datetime
	seat: int


@dataclass(frozen=True)
class Choice:
	"""What a booking takes. user: whom it falls to, None where nobody has to do it."""

	user: str | None
	claims: tuple[Claim, ...]


def service_resource(service: str) -> str:
	return SERVICE_PREFIX + service


def user_resource(user: str) -> str:
	return USER_PREFIX + user


class Taken:
	"""The seats that other bookings hold."""

	def __init__(self, claims: Iterable[Claim]) -> None:
		self._seats: dict[tuple[str, datetime], set[int]] = defaultdict(set)
		for claim in claims:
			self._seats[claim.resource, claim.tick].add(claim.seat)

	def count(self, resource: str, tick: datetime) -> int:
		return len(self._seats.get((resource, tick), ()))

	def lowest_free(self, resource: str, tick: datetime) -> int:
		seats = self._seats.get((resource, tick), ())
		return next(seat for seat in count() if seat not in seats)

	def overbooked(self, resource: str, ticks: Sequence[datetime], places: int) -> int:
		"""Return at how many ticks there is no place left."""
		return sum(self.count(resource, tick) >= places for tick in ticks)


def choose(
	service: str | None,
	capacity: int,
	users: Sequence[str],
	ticks: Sequence[datetime],
	taken: Taken,
	bookings_that_day: Mapping[str, int],
	over: bool,
) -> Choice | None:
	"""Return what a booking takes, None when there is no place for it.

	A service does `capacity` bookings at once, a user one. It falls to the free user who has fewest bookings
	that day, of those to the first given. A seat is the lowest that is free at its tick: places that another
	booking has left are used again, and two bookings of different length need no seat in common.
	over: take it in any case, from those users whom it hinders least.
	"""
	if service and not over and taken.overbooked(service_resource(service), ticks, capacity):
		return None
	user = _choose_user(users, ticks, taken, bookings_that_day, over)
	if users and not user:
		return None
	resources = [service_resource(service)] if service else []
	resources += [user_resource(user)] if user else []
	claims = (
		Claim(resource, tick, taken.lowest_free(resource, tick)) for resource in resources for tick in ticks
	)
	return Choice(user, tuple(claims))


def _choose_user(
	users: Sequence[str],
	ticks: Sequence[datetime],
	taken: Taken,
	bookings_that_day: Mapping[str, int],
	over: bool,
) -> str | None:
	hindered = {user: taken.overbooked(user_resource(user), ticks, 1) for user in users}
	able = [user for user in users if over or not hindered[user]]
	return min(able, key=lambda user: (hindered[user], bookings_that_day.get(user, 0)), default=None)
