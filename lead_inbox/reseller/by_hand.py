"""Accounts that people make in the vendor's console and note here: the way without a connection (RS-9)."""

from __future__ import annotations

from frappe import _

from lead_inbox.channels.clean import web_address
from lead_inbox.reseller import completing, customers, readiness
from lead_inbox.reseller.refusals import refuse
from lead_inbox.reseller.rules import CustomerType
from lead_inbox.reseller.vendor.interface import Account


def note_account(
	name: str, account: str, cloud_identity_id: str, console: str, *, is_domain_verified: bool
) -> None:
	"""Write down an account that a user has made or taken over. account: as the vendor names or numbers it.

	Refused while something is lacking, as the vendor would not be asked either, and while it is being asked.
	"""
	account, cloud_identity_id, console = _read(account, cloud_identity_id, console)
	doc = customers.hold(name)
	readiness.refuse_unless_ready(doc)
	completing.refuse_unless_open(doc)
	has_domain = doc.customer_type == CustomerType.DOMAIN.value
	customers.note_account(
		name,
		Account(
			name=account,
			organization_name=doc.organization_name,
			domain=doc.domain or "",
			cloud_identity_id=cloud_identity_id,
			is_domain_verified=is_domain_verified and has_domain,
			console=console,
		),
	)


def correct_account(name: str, account: str, cloud_identity_id: str, console: str) -> None:
	"""Mend what a user has mistyped of an account. Frappe keeps what it was in the history."""
	customers.correct_account(name, *_read(account, cloud_identity_id, console))


def _read(account: str, cloud_identity_id: str, console: str) -> tuple[str, str, str]:
	if not account.strip():
		refuse(_("Enter the account as the vendor names it, so that it is found again."))
	address = web_address(console)
	if console.strip() and not address:
		refuse(
			_("The console's address has to begin with https:// and contain no spaces or quotation marks.")
		)
	return account.strip(), cloud_identity_id.strip(), address
