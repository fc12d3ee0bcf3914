"""What goes with a lead to its customer: history is linked, work is moved, nothing is copied (CO-5).

Contacts and Addresses are linked by contacts.py, together with the Contact of the conversion. Notes, comments
and messages stay the lead's and are shown from there (timeline.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lead_inbox.conversion.carrying import belongings, history, work
from lead_inbox.conversion.ledger import Ledger


@dataclass(frozen=True)
class Targets:
	"""The records that a lead was converted to. Empty where there is none."""

	customer: str
	contact: str = ""
	opportunity: str = ""
	quotation: str = ""

	def named(self) -> list[tuple[str, str]]:
		"""Return DocType and name of those that there are."""
		records = (
			("Customer", self.customer),
			("Contact", self.contact),
			("Opportunity", self.opportunity),
			("Quotation", self.quotation),
		)
		return [record for record in records if record[1]]

	def business(self) -> list[tuple[str, str]]:
		"""Return DocType and name of the Customer and, if there is one, the Opportunity."""
		return [record for record in self.named() if record[0] in ("Customer", "Opportunity")]


def carry_over(lead: str, targets: Targets, ledger: Ledger, on: datetime) -> None:
	"""Give the new records what hangs on the lead, whose row is locked.

	on: the moment of the conversion. Before the lead is closed, so that what closing ends is only what
	stays with it. Done twice it adds nothing.
	"""
	history.link(lead, targets.named(), targets.business(), ledger, on)
	belongings.attach(lead, targets.customer, ledger, on)
	belongings.tag(lead, targets.business(), ledger, on)
	work.move(lead, targets.business()[-1], targets.contact, ledger)
