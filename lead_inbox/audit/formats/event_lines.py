"""Events in this app's own JSON, one a line, or as a table whose columns are the dotted paths of its fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from lead_inbox.audit.formats.base import Context, Need
from lead_inbox.audit.formats.fields import entries_of, exact, nested, object_of
from lead_inbox.audit.told import Source, Told, Unreadable
from lead_inbox.channels import standard
from lead_inbox.channels.event import ChannelContext

_ARRIVED = "occurred_at"
_MOMENTS = (_ARRIVED, "starts_at", "ends_at")
_IDS = ("id", "thread_id", "booking_id")
# Fields that no other export has under these names: with two of them, the first event may lack its time.
_OWN = frozenset(("thread_id", "direction", "message", "call", "booking_id", "starts_at", "is_test"))
_FEWEST_OWN = 2
_TARGETS = frozenset(standard.known_targets())


class EventLines:
	"""What a partner would send to the app's webhook, in the order in which it happened or not."""

	source = Source.EVENTS
	name = "Lead Inbox events"
	needs = (Need(_ARRIVED, frozenset(("occurredat",))),)

	def recognizes(self, columns: Sequence[str], first: object) -> bool:
		written = columns or (first if isinstance(first, Mapping) else ())
		names = {_path(str(name)).partition(".")[0] for name in written}
		return _ARRIVED in names or len(names & _OWN) >= _FEWEST_OWN

	def moments(self, values: Mapping[str, object]) -> Iterator[object]:
		yield from (value for name, value in entries_of(values) if _path(name) in _MOMENTS and value)

	def read(self, values: Mapping[str, object], context: Context) -> list[Told]:
		payload = nested({_path(name): value for name, value in object_of(values).items()})
		for name in _MOMENTS:
			if isinstance(written := payload.get(name), str) and written.strip():
				payload[name] = context.dates.read(written)
		for name in _IDS:
			exact(payload.get(name))
		event = standard.parse(payload, ChannelContext(zone=context.zone))
		if event.occurred_on is None:
			raise Unreadable("The event does not say when it happened: occurred_at is missing.")
		return [Told(Source.EVENTS, event)]


def _path(written: str) -> str:
	"""A column's path as the webhook spells it, where it is one of the webhook's."""
	path = written.strip().lower().replace(" ", "_")
	return path if path in _TARGETS else written.strip()
