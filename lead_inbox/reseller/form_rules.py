"""The guided form: its steps, and what is still to be said in each: RS-2, RS-4. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from lead_inbox.reseller import contact_rules, domain_rules
from lead_inbox.reseller.rules import CustomerType, Origin


class Step(str, Enum):
	KIND = "Kind"
	CUSTOMER = "Customer"
	REQUIREMENTS = "Requirements"
	CONSENT = "Consent"
	CONTACT = "Contact"
	REVIEW = "Review"


class Fault(str, Enum):
	"""Faults of the form itself; those of domains and contacts have their own names."""

	MISSING = "missing"
	TYPE_NOT_OFFERED = "type not offered"
	TAKEN = "taken"  # told by whoever sees the other customers


AnyFault = Fault | domain_rules.Fault | contact_rules.Fault


@dataclass(frozen=True)
class Family:
	"""What the form has to know of a product family."""

	types: frozenset[CustomerType]
	asks_identifier: bool


FIELDS: dict[Step, tuple[str, ...]] = {
	Step.KIND: ("product_family", "customer_type", "is_educational", "public_identifier"),
	Step.CUSTOMER: ("organization_name", "domain", "primary_email", "cloud_identity_id", "crm_id"),
	Step.REQUIREMENTS: (),
	Step.CONSENT: (),
	Step.CONTACT: (
		"first_name",
		"last_name",
		"address_line1",
		"address_line2",
		"city",
		"state",
		"postal_code",
		"country",
		"alternate_email",
		"phone",
	),
	Step.REVIEW: (),
}
# The characters that a line may have which may be empty
IDS = {"cloud_identity_id": contact_rules.SHORT, "crm_id": contact_rules.SHORT}
LINES = {
	**dict.fromkeys(("first_name", "last_name"), contact_rules.LONGEST),
	**dict.fromkeys(("address_line1", "address_line2", "city", "state"), contact_rules.LONGEST),
	"postal_code": contact_rules.SHORT,
}
LENGTHS = {**IDS, **LINES, "public_identifier": contact_rules.SHORT}


def steps(origin: Origin) -> list[Step]:
	return [step for step in Step if step is not Step.CONSENT or origin is Origin.IMPORT]


def step_of(field: str) -> Step | None:
	return next((step for step, fields in FIELDS.items() if field in fields), None)


def faults(step: Step, values: Mapping[str, Any], family: Family | None) -> dict[str, AnyFault]:
	"""Return what is wrong in a step, by field. family: the chosen one, None while there is none."""
	check = {Step.KIND: _kind_faults, Step.CUSTOMER: _customer_faults, Step.CONTACT: _contact_faults}.get(
		step
	)
	found = check(values, family) if check else {}
	return {field: fault for field, fault in found.items() if fault}


def all_faults(origin: Origin, values: Mapping[str, Any], family: Family | None) -> dict[str, AnyFault]:
	return {field: fault for step in steps(origin) for field, fault in faults(step, values, family).items()}


def longest(field: str) -> int:
	"""Return how many characters a line may have."""
	return LENGTHS.get(field, contact_rules.LONGEST)


def first_open(faulty: Iterable[str]) -> Step | None:
	"""Return the first step in which one of these fields is."""
	concerned = {step_of(field) for field in faulty}
	return next((step for step in Step if step in concerned), None)


def _kind_faults(values: Mapping[str, Any], family: Family | None) -> dict[str, AnyFault | None]:
	if not family:
		return {"product_family": Fault.MISSING}
	offered = _type_text(values) in {customer_type.value for customer_type in family.types}
	return {
		"customer_type": None if offered else Fault.TYPE_NOT_OFFERED,
		"public_identifier": contact_rules.line_fault(
			_text(values, "public_identifier"),
			required=family.asks_identifier,
			longest=longest("public_identifier"),
		),
	}


def _customer_faults(values: Mapping[str, Any], family: Family | None) -> dict[str, AnyFault | None]:
	return {
		"organization_name": contact_rules.line_fault(_text(values, "organization_name"), required=True),
		**_domain_faults(_type_of(values), _text(values, "domain"), _text(values, "primary_email")),
		**_line_faults(values, IDS),
	}


def _domain_faults(customer_type: CustomerType, written: str, email: str) -> dict[str, AnyFault | None]:
	"""A team needs no domain, and is known by the address that it was made with.

	As long as nobody knows the domain, an address can't be elsewhere; it can still be none.
	"""
	domain = domain_rules.read(written)
	if not isinstance(domain, domain_rules.Fault):
		return {"primary_email": contact_rules.primary_email_fault(email, customer_type, domain.ascii)}
	is_fault = customer_type is CustomerType.DOMAIN or domain is not domain_rules.Fault.EMPTY
	return {
		"domain": domain if is_fault else None,
		"primary_email": contact_rules.primary_email_fault(email, CustomerType.TEAM, ""),
	}


def _contact_faults(values: Mapping[str, Any], family: Family | None) -> dict[str, AnyFault | None]:
	return {
		**_line_faults(values, LINES),
		"country": None if _text(values, "country") else Fault.MISSING,
		"alternate_email": _alternate_email_fault(values),
		"phone": contact_rules.phone_fault(_text(values, "phone")),
	}


def _alternate_email_fault(values: Mapping[str, Any]) -> contact_rules.Fault | None:
	"""A team has a domain as well if its administrator's address is of no mail service."""
	customer_type = _type_of(values)
	domains = [_text(values, "domain")]
	if customer_type is CustomerType.TEAM:
		domains.append(domain_rules.of_address(_text(values, "primary_email")))
	return contact_rules.alternate_email_fault(
		_text(values, "alternate_email"), customer_type, *_registered(domains)
	)


def _registered(written: Iterable[str]) -> list[str]:
	"""Return the domains among texts, in ASCII."""
	read = map(domain_rules.read, written)
	return [domain.ascii for domain in read if not isinstance(domain, domain_rules.Fault)]


def _line_faults(values: Mapping[str, Any], longest: Mapping[str, int]) -> dict[str, AnyFault | None]:
	return {
		field: contact_rules.line_fault(_text(values, field), required=False, longest=limit)
		for field, limit in longest.items()
	}


def _type_of(values: Mapping[str, Any]) -> CustomerType:
	"""Return the type by which the other fields are judged, whatever is written there."""
	return CustomerType.TEAM if _type_text(values) == CustomerType.TEAM.value else CustomerType.DOMAIN


def _type_text(values: Mapping[str, Any]) -> str:
	"""The form begins with the kind that most customers are."""
	return _text(values, "customer_type") or CustomerType.DOMAIN.value


def _text(values: Mapping[str, Any], field: str) -> str:
	return str(values.get(field) or "").strip()
