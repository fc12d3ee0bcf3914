"""The jobs that measured code has queued, run here and now as a worker would."""

from __future__ import annotations

import frappe
from frappe.utils.background_jobs import get_queue, get_queues_timeout
from rq.job import Job

from lead_inbox.tests.perf.measure import time_of


def run_queued() -> float:
	"""Run all queued jobs of this site; returns the seconds that their own work took."""
	seconds = 0.0
	for name in get_queues_timeout():
		queue = get_queue(name)
		jobs = [job for job in queue.jobs if job.kwargs["site"] == frappe.local.site]
		seconds += sum(_run(job) for job in jobs)
		for job in jobs:
			job.delete()
	return seconds


def _run(job: Job) -> float:
	method = job.kwargs["method"]
	if frappe.session.user != job.kwargs["user"]:
		frappe.set_user(job.kwargs["user"])

	def work() -> None:
		frappe.call(frappe.get_attr(method) if isinstance(method, str) else method, **job.kwargs["kwargs"])
		frappe.db.commit()

	return time_of(work)
