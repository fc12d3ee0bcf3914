"""How often the pages of customers may be asked: by one link, and from one address.

Frappe's own limiter counts per method, which pages are not, and by the address it is told of: who sends
another X-Forwarded-For each time is another one each time. So a link has a limit of its own, however many
ask with it. Counted in windows of an hour; each has a key of its own, so none can stay behind.
"""

from __future__ import annotations

import hashlib
import time

import frappe
from frappe import _
from redis.exceptions import RedisError

WINDOW_SECONDS = 3600
TOO_MANY_REQUESTS = 429
# (views, sent forms) an hour. Many customers may share the address of their mobile network.
OF_LINK = (300, 30)
OF_ADDRESS = (1500, 150)


def is_exceeded_by_address(sends: bool) -> bool:
	"""Count a request of this session's address, and return whether there have been too many."""
	return _count("address", frappe.local.request_ip or "", sends) > OF_ADDRESS[sends]


def is_exceeded_by_link(token: str, sends: bool) -> bool:
	"""Count a request with a link, which has to be one of ours: others would fill the memory."""
	return _count("link", token, sends) > OF_LINK[sends]


def sentence() -> str:
	return _("This page was asked for too often. Try again in an hour, or call us.")


def _count(kind: str, value: str, sends: bool) -> int:
	"""Return how often there was such a request this hour; 0 without Redis, as Frappe goes on without it too."""
	digest = hashlib.sha256(value.encode()).hexdigest()[:32]
	window = int(time.time()) // WINDOW_SECONDS
	key = frappe.cache.make_key(f"lead_inbox_pages:{kind}:{int(sends)}:{digest}:{window}")
	try:
		with frappe.cache.pipeline() as pipeline:
			pipeline.incr(key)
			pipeline.expire(key, WINDOW_SECONDS)
			count, _expires = pipeline.execute()
	except RedisError as error:
		frappe.logger("lead_inbox").warning(f"Requests of customers' pages are not counted: {error!r}")
		return 0
	return count
