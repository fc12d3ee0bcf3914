"""Inputs that the tests of all channels share."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from lead_inbox.channels.event import ChannelContext

BERLIN = ChannelContext(zone=ZoneInfo("Europe/Berlin"), event_id="delivery-1")

NASTY_TEXTS = (
	"",
	" ",
	"<script>alert(1)</script>",
	"\x00",
	"\ud800",
	"a\u202eb",
	"9" * 5000,
	"N" * 10_000,
	"1-800-FLOWERS",
	"2026-02-30T25:61:61Z",
	"javascript:alert(1)",
	"[::1",
)

# Everything that json.loads can return, and then some: half surrogate pairs, NaN, datetimes.
texts = st.text(max_size=40) | st.text(st.characters(), max_size=10) | st.sampled_from(NASTY_TEXTS)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | texts | st.datetimes()


def json_like(keys: st.SearchStrategy[str] = texts) -> st.SearchStrategy[object]:
	"""Arbitrarily nested values whose objects have the given keys."""
	return st.recursive(
		scalars,
		lambda inner: st.lists(inner, max_size=5) | st.dictionaries(keys, inner, max_size=8),
		max_leaves=20,
	)


def objects(keys: tuple[str, ...]) -> st.SearchStrategy[dict[str, object]]:
	"""Objects that mostly use the names that a parser knows, with values of any type."""
	names = st.sampled_from(keys) | texts
	return st.dictionaries(names, scalars | json_like(names), max_size=12)
