from __future__ import annotations

from lead_inbox.inbox.rows import RowOfDocument


class ResellerSetupTip(RowOfDocument):
	"""A tip that each new customer of a product family gets (RS-6)."""
