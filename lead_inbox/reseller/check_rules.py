"""What has to be true of a customer before the vendor is asked for an account: RS-1, RS-4. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from lead_inbox.reseller.rules import CustomerType, Origin


class Subject(str, Enum):
	"""What a requirement is about."""

	REGISTERED_DOMAIN = "Registered Domain"
	OTHER_PRODUCT = "Not on Another Product"
	CONSENT = "Consent to Purchase"


class Result(str, Enum):
	OPEN = "Open"
	PASSED = "Passed"
	FAILED = "Failed"


@dataclass(frozen=True)
class Requirement:
	"""product: the one that the customer must not be on; "" for the other subjects."""

	subject: Subject
	product: str = ""


@dataclass(frozen=True)
class Answer:
	requirement: Requirement
	result: Result
	evidence: str = ""


def requirements(
	customer_type: CustomerType, origin: Origin, unsellable_products: Iterable[str]
) -> list[Requirement]:
	"""Return what is asked about a customer. unsellable_products: on which nobody may be who is sold to."""
	asked = [Requirement(Subject.REGISTERED_DOMAIN)] if customer_type is CustomerType.DOMAIN else []
	asked += [Requirement(Subject.OTHER_PRODUCT, product) for product in unsellable_products]
	return asked + ([Requirement(Subject.CONSENT)] if origin is Origin.IMPORT else [])


def answers(asked: Sequence[Requirement], known: Iterable[Answer]) -> list[Answer]:
	"""Return an answer to each requirement, in their order; what is asked no longer is left out."""
	by_requirement = {answer.requirement: answer for answer in known}
	return [by_requirement.get(requirement, Answer(requirement, Result.OPEN)) for requirement in asked]


def is_proved(answer: Answer) -> bool:
	"""Nobody can look at a mere yes again: it needs its evidence."""
	return answer.result is Result.PASSED and bool(answer.evidence.strip())


def unmet(given: Iterable[Answer]) -> list[Answer]:
	"""Return what keeps a customer from being created or imported."""
	return [answer for answer in given if not is_proved(answer)]
