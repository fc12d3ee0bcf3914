"""What may be said about a charged lead, and what follows, as pure functions (IN-10).

The reasons are Google's (Local Services Ads, ProvideLeadFeedback), in words that other sources share.
"""

from __future__ import annotations

from decimal import Decimal

FEEDBACK, DISPUTE = "Feedback", "Dispute"
FILED, PENDING, CREDITED, REFUSED = "Filed", "Pending", "Credited", "Refused"
OTHER = "Other"
SATISFIED = ("Very Satisfied", "Satisfied")
DISSATISFIED = ("Dissatisfied", "Very Dissatisfied")
SATISFACTIONS = (*SATISFIED, "Neutral", *DISSATISFIED)
PRAISE = ("Booked Customer", "Likely Booked Customer", "Service Related", "High Value Service")
COMPLAINTS = (
	"Geographic Mismatch",
	"Job Type Mismatch",
	"Not Ready to Book",
	"Spam",
	"Duplicate",
	"Solicitation",
)
OPEN_RESULTS = (FILED, PENDING)
NEXT_RESULTS = {FILED: (PENDING, CREDITED, REFUSED), PENDING: (CREDITED, REFUSED)}
CREDIT_STATES = (PENDING, CREDITED, REFUSED)


def reasons_for(kind: str, satisfaction: str | None = None) -> tuple[str, ...]:
	"""Return the reasons that fit; a dispute is always a complaint, a neutral customer may say either."""
	if kind == DISPUTE or satisfaction in DISSATISFIED:
		return (*COMPLAINTS, OTHER)
	if satisfaction in SATISFIED:
		return (*PRAISE, OTHER)
	return (*PRAISE, *COMPLAINTS, OTHER)


def can_be_disputed(charged: bool, price: float | Decimal | None) -> bool:
	"""Whether there is a charge to dispute: some sources tell only the price, some only the charge."""
	return charged or bool(price)


def may_follow(before: str | None, after: str) -> bool:
	"""Whether a result may follow another. before: None for one that is being filed, with whatever is known."""
	return before is None or after == before or after in NEXT_RESULTS.get(before, ())


def credit_state_after(kind: str, result: str) -> str | None:
	"""Return the lead's credit state that a result means, None when it means nothing.

	A dispute asks for a credit from the moment it is filed; feedback only may bring one.
	"""
	if result == FILED:
		return PENDING if kind == DISPUTE else None
	return result if result in CREDIT_STATES else None


def credited_amount(result: str, amount: float, price: float) -> float:
	"""Return the amount of a credit: the whole price where nothing else was said, none without a credit."""
	return (amount or price) if result == CREDITED else 0
