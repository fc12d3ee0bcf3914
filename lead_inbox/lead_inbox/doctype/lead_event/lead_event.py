from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_days, now_datetime

from lead_inbox.inbox import events

UNFINISHED = (events.REJECTED, events.FAILED)
CLEAR_BATCH = 10_000


class LeadEvent(Document):
	"""What a source delivered, as it came. Written by inbox/events.py."""

	@frappe.whitelist(methods=["POST"])
	def take_up(self) -> None:
		"""Process a rejected or failed event after all. For those who may change channels."""
		frappe.has_permission("Lead Channel", ptype="write", doc=self.channel, throw=True)
		if self.status not in UNFINISHED:
			frappe.throw(_("This event is {0}; there is nothing left to do with it.").format(_(self.status)))
		events.requeue(self.name)
		frappe.db.after_commit.add(events.WAKING.wake)

	@staticmethod
	def clear_old_logs(days: int = 90) -> None:
		"""Called daily by Log Settings. What still waits or failed is kept: it is a lead nobody has seen."""
		table = frappe.qb.DocType("Lead Event")
		cutoff = add_days(now_datetime(), -days)
		done = table.status.isin([events.PROCESSED, events.TEST, events.REJECTED])
		while True:
			frappe.qb.from_(table).delete().where(done & (table.received_on < cutoff)).limit(
				CLEAR_BATCH
			).run()
			deleted = frappe.db._cursor.rowcount
			frappe.db.commit()
			if deleted < CLEAR_BATCH:
				return


def on_doctype_update() -> None:
	frappe.db.add_unique("Lead Event", ["channel", "event_key"], constraint_name="channel_event")
	frappe.db.add_index("Lead Event", ["status", "next_attempt_on"], index_name="status_due")
