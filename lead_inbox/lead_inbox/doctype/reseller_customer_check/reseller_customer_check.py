from __future__ import annotations

from lead_inbox.inbox.rows import RowOfDocument


class ResellerCustomerCheck(RowOfDocument):
	"""A requirement of a customer, with the answer and what shows it (RS-1)."""
