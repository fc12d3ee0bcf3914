from __future__ import annotations

from lead_inbox.inbox.rows import RowOfDocument


class ResellerDetailCheck(RowOfDocument):
	"""What a customer answered when it was asked for changed details (RS-7)."""
