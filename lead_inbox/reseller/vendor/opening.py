"""Getting a customer its account, in steps that can be repeated whatever happened between them (RS-9).

A call may have succeeded although its answer never came, or never was written down. So the vendor is always
asked first what it has.
"""

from __future__ import annotations

from dataclasses import replace

from lead_inbox.reseller.rules import CustomerType, Origin
from lead_inbox.reseller.vendor.interface import Account, Details, Vendor, VendorError, Why
from lead_inbox.reseller.vendor.vendor_rules import Found, Step, Trouble, next_step

WHY = {
	Trouble.SERVED_BY_ANOTHER: Why.SERVED_BY_ANOTHER,
	Trouble.NO_SUCH_ACCOUNT: Why.NO_SUCH_ACCOUNT,
}


def open_account(vendor: Vendor, details: Details, origin: Origin, token: str = "") -> Account:
	"""Return the customer's account, made, taken over or found. Raises VendorError."""
	step, found = _step(vendor, details, origin)
	if step is Step.ADOPT:
		return vendor.read(found.name)
	if step is Step.CREATE:
		return _made(vendor, details)
	return vendor.bring_in(replace(details.sought, cloud_identity_id=found.cloud_identity_id), token)


def give_identity(vendor: Vendor, name: str, details: Details) -> Account:
	"""Return an account with its identity, which is made if it has none. Raises VendorError."""
	account = vendor.read(name)
	return account if account.cloud_identity_id else vendor.provision(name, details)


def as_seen_from(account: Account, customer_type: CustomerType) -> Account:
	"""Return what an account means for a customer whom we know as one of a type.

	Google does not say of a customer whether its domain is verified. A team that has become an account by domain
	has verified it.
	"""
	has_grown = customer_type is CustomerType.TEAM and account.customer_type is CustomerType.DOMAIN
	return replace(account, is_domain_verified=True) if has_grown else account


def _step(vendor: Vendor, details: Details, origin: Origin) -> tuple[Step, Found | None]:
	sought = details.sought
	found = [account for account in vendor.find(sought) if account.name not in sought.taken]
	answer = next_step(origin, sought.customer_type, sought.cloud_identity_id, found)
	if isinstance(answer, Trouble):
		raise VendorError(WHY[answer])
	if answer[0] is Step.CHOOSE:
		raise VendorError(Why.SEVERAL_ACCOUNTS)
	return answer


def _made(vendor: Vendor, details: Details) -> Account:
	"""Somebody may make the same in the same moment: then theirs is ours too, or nobody's."""
	try:
		return vendor.create(details)
	except VendorError as error:
		if error.trouble is not Trouble.EXISTS:
			raise
	step, found = _step(vendor, details, Origin.NEW)
	if step is not Step.ADOPT:
		raise VendorError(Why.NOT_SHOWN_YET)
	return vendor.read(found.name)
