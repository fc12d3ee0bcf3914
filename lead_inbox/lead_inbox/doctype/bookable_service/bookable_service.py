from __future__ import annotations

from dataclasses import asdict

import frappe
from frappe import _
from frappe.model.document import Document

from lead_inbox.bookings.reviewing import reviews
from lead_inbox.bookings.services import claims
from lead_inbox.bookings.services.slot_rules import MOST_BUFFER, TICK
from lead_inbox.inbox.response.channel_hours import check_hours, check_time_zone

MINUTES_OF_A_TICK = TICK.seconds // 60
AT_LEAST_ONE = ("capacity", "horizon_days")
BUFFERS = ("buffer_before_minutes", "buffer_after_minutes")


class BookableService(Document):
	"""What can be booked, by whom and when (BO-2)."""

	def onload(self) -> None:
		average = reviews.averages("service", [self.name]).get(self.name)
		self.set_onload("average", asdict(average) if average else None)

	def validate(self) -> None:
		self.validate_duration()
		self.validate_whole_ticks()
		self.validate_buffers()
		self.validate_at_least_one()
		check_time_zone(self.time_zone)
		check_hours(self.hours)

	def after_rename(self, old: str, new: str, merge: bool = False) -> None:
		claims.rename_service(old, new)

	def validate_duration(self) -> None:
		if (self.duration_minutes or 0) <= 0:
			frappe.throw(_("Enter how many minutes the service takes."))

	def validate_whole_ticks(self) -> None:
		"""What a booking holds is counted in whole ticks."""
		for field in ("duration_minutes", "step_minutes", *BUFFERS):
			if (self.get(field) or 0) % MINUTES_OF_A_TICK:
				frappe.throw(
					_("{0} must be a multiple of {1}.").format(self._label(field), MINUTES_OF_A_TICK)
				)

	def validate_buffers(self) -> None:
		most = int(MOST_BUFFER.total_seconds()) // 60
		for field in BUFFERS:
			if (self.get(field) or 0) > most:
				frappe.throw(_("{0} must be at most {1}.").format(self._label(field), most))

	def validate_at_least_one(self) -> None:
		for field in AT_LEAST_ONE:
			if (self.get(field) or 0) < 1:
				frappe.throw(_("{0} must be at least 1.").format(self._label(field)))

	def _label(self, field: str) -> str:
		return _(self.meta.get_label(field))
