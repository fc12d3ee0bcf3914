"""Asking a worker to look for work, once for however much is waiting."""

from __future__ import annotations

from dataclasses import dataclass

import frappe
from redis.exceptions import RedisError

WAKE_SECONDS = 30


@dataclass(frozen=True)
class Waking:
	"""A job that looks for work by itself, and the key of the claim that it has been asked for."""

	key: str
	method: str
	queue: str = "short"

	def wake(self) -> None:
		"""Queue the job, unless somebody has. Call it after the commit.

		Without Redis, or with a full queue, the work waits for the scheduler's sweep.
		"""
		try:
			if self.claim():
				frappe.enqueue(self.method, queue=self.queue)
		except (RedisError, frappe.QueueOverloaded) as error:
			frappe.logger("lead_inbox").warning(f"{self.method} waits for the scheduler's sweep: {error!r}")

	def claim(self) -> bool:
		"""Become the one who will look for work; False when somebody else is about to already.

		Raises RedisError.
		"""
		return bool(frappe.cache.set(frappe.cache.make_key(self.key), 1, nx=True, ex=WAKE_SECONDS))

	def is_awake(self) -> None:
		"""Let the next one ask again. The job calls it before it looks, so that nothing is overlooked."""
		try:
			frappe.cache.delete(frappe.cache.make_key(self.key))
		except RedisError as error:
			frappe.logger("lead_inbox").warning(f"The next wake-up waits {WAKE_SECONDS} seconds: {error!r}")
