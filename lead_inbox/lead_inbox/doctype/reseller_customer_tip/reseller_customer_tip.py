from __future__ import annotations

from lead_inbox.inbox.rows import RowOfDocument


class ResellerCustomerTip(RowOfDocument):
	"""Something that is shown or set up for a new customer, copied from its product family (RS-6)."""
