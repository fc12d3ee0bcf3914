"""Keys of fixed length for what sources call their events and threads."""

from __future__ import annotations

import hashlib


def key_of(channel: str | None, external_id: str) -> str:
	"""Return the fixed-length key of what a source calls `external_id`, which may be of any length.

	Keys of two channels never meet; no channel is a channel of its own.
	"""
	return hashlib.sha256(f"{channel or ''}\0{external_id}".encode()).hexdigest()
