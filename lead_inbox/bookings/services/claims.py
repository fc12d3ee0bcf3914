"""What the database enforces: no place is given to two bookings (BO-3).

A booking holds a row of Booking Claim for each tick, of its service and of the user who does it. Two rows
of one resource, tick and seat cannot exist, whatever else goes wrong.

So that takers wait for each other instead of failing, each first locks the gates of all resources that it may
touch, in one order: rows of their own that stay for good. Whoever holds a resource's gate reads its claims
as they are now, not as they were when the transaction began. Nothing locks a claim without its gate, and a
gate is the last entry of its resource in the index: the gaps that the database locks while claims are read
or written end there, at the holder's own. So no two transactions wait for each other here.

A transaction takes or releases once, and waits for no lead and no booking afterwards.
Ticks are in UTC: a local hour that comes twice holds twice as many.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timezone
from typing import Any
from zoneinfo import ZoneInfo

import frappe
from frappe import _
from frappe.query_builder.functions import Max, Min
from frappe.utils import get_system_timezone, now_datetime

from lead_inbox.bookings.services import claim_rules, slot_rules
from lead_inbox.bookings.services.claim_rules import (
	Choice,
	Claim,
	Taken,
	service_resource,
	user_resource,
)
from lead_inbox.bookings.services.slot_rules import MOST_BUFFER, TICK, Service, Span
from lead_inbox.inbox.response.working_time import DAY, instant_of

CLAIM = "Booking Claim"
COLUMNS = ("name", "creation", "modified", "owner", "modified_by", "resource", "tick_on", "seat", "booking")
NAME_LENGTH = 20
SAVEPOINT = "claims"
# The tick of a gate: after all that anybody books. The first tick there can be.
GATE_TICK, FIRST_TICK = datetime(9999, 12, 31), datetime(1970, 1, 1)
OF_RANGE = "resource in %(resources)s and tick_on >= %(begins)s and tick_on < %(ends)s"


class SlotTaken(frappe.ValidationError):
	"""Somebody else has the time."""


@dataclass(frozen=True)
class _Holdings:
	"""Where all the claims of a booking lie, and maybe those of others."""

	resources: frozenset[str]
	span: Span


def take(
	booking: str,
	service: Service | None,
	starts_on: datetime,
	ends_on: datetime,
	users: Sequence[str],
	*,
	over: bool = False,
) -> str | None:
	"""Give a booking its place, in exchange for any it had before; return the user whom it falls to.

	service: None for one that only a source knows. users: of whom one has to do it; none where nobody has to.
	over: take it even if there is no place left. Naive, site time. The caller holds the Booking's row.
	Raises SlotTaken when there is no place, or none of the users is free: then the booking keeps its place.
	"""
	site_zone = _site_zone()
	span = slot_rules.held_by(service, starts_on, ends_on, site_zone)
	before = _holdings(booking)
	resources = [service_resource(service.name)] if service else []
	resources += [user_resource(user) for user in users]
	_lock_gates(before.resources.union(resources))
	choice = claim_rules.choose(
		service.name if service else None,
		service.capacity if service else 0,
		users,
		slot_rules.ticks(span),
		_taken_by_others(resources, span, booking),
		_bookings_of_day(users, starts_on.date(), booking),
		over,
	)
	if not choice:
		raise SlotTaken(_("Somebody else has taken this time. Choose another one."))
	_exchange(booking, before, choice)
	return choice.user


def release(*bookings: str) -> None:
	"""Give the places of bookings back. The caller holds the Bookings' rows."""
	held = {booking: _holdings(booking) for booking in sorted(bookings)}
	_lock_gates(resource for before in held.values() for resource in before.resources)
	for booking, before in held.items():
		_delete(before.resources, before.span, booking)


def forget_past() -> None:
	"""Delete the claims on times that have been over for a day. Commits after each resource."""
	until = instant_of(now_datetime(), _site_zone()) - DAY
	for resource in _all_resources():
		_lock_gates([resource])
		_delete([resource], Span(_utc(FIRST_TICK), until))
		frappe.db.commit()


def rename_service(old: str, new: str) -> None:
	"""Let a service's claims follow it to its new name, or into the service that it is merged with."""
	_rename(service_resource(old), service_resource(new))


def rename_user(old: str, new: str) -> None:
	"""Let a user's claims follow to the new name, or to the user that this one is merged with."""
	_rename(user_resource(old), user_resource(new))


def _holdings(booking: str) -> _Holdings:
	"""Return where a booking's claims lie.

	The claims may have been moved since the transaction began; then the Booking tells, which the caller has
	locked. Or the caller has written the Booking first; then nobody else has moved the claims.
	"""
	claim = frappe.qb.DocType(CLAIM)
	query = frappe.qb.from_(claim).where(claim.booking == booking).groupby(claim.resource)
	rows = query.select(claim.resource, Min(claim.tick_on), Max(claim.tick_on)).run()
	resources = {resource for resource, _first, _last in rows}
	begins = [_utc(first) for _resource, first, _last in rows]
	ends = [_utc(last) + TICK for _resource, _first, last in rows]
	fields = ["service", "user", "starts_on", "ends_on"]
	row = frappe.db.get_value("Booking", booking, fields, as_dict=True, for_update=True)
	if row:
		resources |= {service_resource(row.service)} if row.service else set()
		resources |= {user_resource(row.user)} if row.user else set()
		widest = slot_rules.held_span(row.starts_on, row.ends_on, MOST_BUFFER, MOST_BUFFER, _site_zone())
		begins.append(widest.begins)
		ends.append(widest.ends)
	nowhere = _utc(FIRST_TICK)
	return _Holdings(frozenset(resources), Span(min(begins, default=nowhere), max(ends, default=nowhere)))


def _lock_gates(resources: Iterable[str]) -> None:
	"""Lock resources until the transaction ends, one after another, always in the same order.

	Makes the gates that are missing, in the same statement: an existing one is found by its key alone, which
	locks no gap beside it.
	"""
	ordered = sorted(set(resources))
	if not ordered:
		return
	now, user = now_datetime(), frappe.session.user
	rows = [(_gate(name), now, now, user, user, name, GATE_TICK, 0, "") for name in ordered]
	table = frappe.qb.DocType(CLAIM)
	query = frappe.qb.into(table).columns(*COLUMNS).insert(*rows)
	query.on_duplicate_key_update(table.resource, table.resource).run()


def _gate(resource: str) -> str:
	return "gate-" + hashlib.sha256(resource.encode()).hexdigest()[:32]


def _taken_by_others(resources: Collection[str], span: Span, booking: str) -> Taken:
	"""Return the seats of other bookings, as they are now. The caller holds the gates."""
	if not resources:
		return Taken(())
	rows = frappe.db.sql(
		f"""select resource, tick_on, seat from `tab{CLAIM}` force index (one_holder)
		where {OF_RANGE} and booking != %(booking)s for update""",
		{**_range(resources, span), "booking": booking},
	)
	return Taken(Claim(resource, _utc(tick_on), seat) for resource, tick_on, seat in rows)


def _bookings_of_day(users: Sequence[str], day: date, booking: str) -> dict[str, int]:
	"""Return how many other bookings each user has on a day of the site's. The caller holds their gates."""
	if len(users) < 2:
		return {}
	midnight = datetime.combine(day, time.min)
	span = Span(instant_of(midnight, _site_zone()), instant_of(midnight + DAY, _site_zone()))
	by_resource = {user_resource(user): user for user in users}
	rows = frappe.db.sql(
		f"""select resource, count(distinct booking) from `tab{CLAIM}` force index (one_holder)
		where {OF_RANGE} and booking != %(booking)s group by resource lock in share mode""",
		{**_range(by_resource, span), "booking": booking},
	)
	return {by_resource[resource]: number for resource, number in rows}


def _exchange(booking: str, before: _Holdings, choice: Choice) -> None:
	"""Put the claims of a choice in the place of those that a booking has, or leave those as they are.

	Raises SlotTaken where the database knows better than what was read.
	"""
	frappe.db.savepoint(SAVEPOINT)
	try:
		_delete(before.resources, before.span, booking)
		_insert(booking, choice.claims)
	except Exception as error:
		if not frappe.db.is_unique_key_violation(error):
			raise
		frappe.db.rollback(save_point=SAVEPOINT)
		raise SlotTaken(_("Somebody else has taken this time. Choose another one.")) from error


def _insert(booking: str, claims: Iterable[Claim]) -> None:
	now, user = now_datetime(), frappe.session.user
	rows = [
		(
			frappe.generate_hash(length=NAME_LENGTH),
			*(now, now, user, user),
			*(claim.resource, claim.tick.replace(tzinfo=None), claim.seat, booking),
		)
		for claim in claims
	]
	frappe.db.bulk_insert(CLAIM, list(COLUMNS), rows)


def _delete(resources: Collection[str], span: Span, booking: str | None = None) -> None:
	"""Delete claims of a booking, or of all. By this index and no other: see above."""
	if not resources:
		return
	of_booking = "and booking = %(booking)s" if booking else ""
	frappe.db.sql(
		f"""delete claims from `tab{CLAIM}` claims force index (one_holder)
		where {OF_RANGE} {of_booking}""",
		{**_range(resources, span), "booking": booking},
	)


def _rename(old: str, new: str) -> None:
	"""Above the seats of the new resource, which may have claims of its own."""
	_lock_gates([old, new])
	span = Span(_utc(FIRST_TICK), _utc(GATE_TICK))
	seats = frappe.db.sql(
		f"select max(seat) + 1 from `tab{CLAIM}` force index (one_holder) where {OF_RANGE} for update",
		_range([new], span),
	)
	frappe.db.sql(
		f"""update `tab{CLAIM}` force index (one_holder) set resource = %(new)s, seat = seat + %(above)s
		where {OF_RANGE}""",
		{**_range([old], span), "new": new, "above": seats[0][0] or 0},
	)


def _all_resources() -> list[str]:
	table = frappe.qb.DocType(CLAIM)
	return frappe.qb.from_(table).select(table.resource).distinct().orderby(table.resource).run(pluck=True)


def _range(resources: Iterable[str], span: Span) -> dict[str, Any]:
	return {
		"resources": sorted(resources),
		"begins": span.begins.replace(tzinfo=None),
		"ends": span.ends.replace(tzinfo=None),
	}


def _utc(tick_on: datetime) -> datetime:
	return tick_on.replace(tzinfo=timezone.utc)


def _site_zone() -> ZoneInfo:
	return ZoneInfo(get_system_timezone())
