from __future__ import annotations

from lead_inbox.inbox.rows import RowOfDocument


class ResellerCustomerConsent(RowOfDocument):
	"""A customer agreed to buy a product family from us (RS-4)."""
