"""Relay addresses: what the customer answers to, and whose lead an answer is about (RE-3).

With a relay the customer sees no address of staff, and a mail finds its lead even where the mail program
dropped the headers of the thread.
"""

from __future__ import annotations

from collections.abc import Iterable

import frappe

from lead_inbox.channels import relay_address
from lead_inbox.channels.phone import fold_email
from lead_inbox.inbox import identity, lifecycle

PLUS_ADDRESS, CATCH_ALL = "Plus Address", "Catch-all"
SETTINGS = "Lead Inbox Settings"


def reply_address(lead: str, channel: str | None, account_email: str) -> str:
	"""Return the address that answers to a mail about a lead shall go to.

	channel: Lead Channel that the lead came by; without a relay of its own the settings' applies.
	account_email: of the Email Account that sends; the answer where no relay is set up.
	"""
	kind, domain = _relay_of(channel)
	if kind == PLUS_ADDRESS and "@" in account_email:
		return relay_address.plus_address(account_email, lifecycle.relay_token(lead))
	if kind == CATCH_ALL and domain:
		return relay_address.catch_all_address(lifecycle.relay_token(lead), domain)
	return account_email


def lead_of_recipients(addresses: Iterable[str | None]) -> str | None:
	"""Return the lead whose relay address is among the recipients, the first of several.

	addresses: values of To and CC, each with any number of addresses and names.
	"""
	tokens = relay_address.tokens_in(addresses)
	if not tokens:
		return None
	rows = frappe.get_all(
		"Lead",
		filters={"inbox_relay_token": ["in", tokens]},
		fields=["name", "inbox_relay_token"],
		order_by="creation asc",
	)
	leads = {row.inbox_relay_token: row.name for row in rows}
	lead = next((leads[token] for token in tokens if token in leads), None)
	return identity.winner_of(lead) if lead else None


def knows_sender(lead: str, address: str | None) -> bool:
	"""Whether an address is known for a lead: its own, or one of its Contacts'.

	A System User's address is as good as a stranger's: it can be forged as well.
	"""
	return bool(address) and fold_email(address) in known_addresses(lead)


def known_addresses(lead: str) -> set[str]:
	"""Return the folded addresses of a lead, of those that were merged into it, and of its Contacts."""
	link, email = frappe.qb.DocType("Dynamic Link"), frappe.qb.DocType("Contact Email")
	rows = (
		frappe.qb.from_(link)
		.join(email)
		.on((email.parent == link.parent) & (email.parenttype == "Contact"))
		.select(email.email_id)
		.where((link.parenttype == "Contact") & (link.link_doctype == "Lead") & (link.link_name == lead))
	).run(pluck=True)
	names = [lead, *identity.merged_into(lead)]
	own = frappe.get_all("Lead", filters={"name": ["in", names]}, pluck="email_id", order_by="name asc")
	return {fold_email(address) for address in (*own, *rows) if address}


def _relay_of(channel: str | None) -> tuple[str, str]:
	"""The way and the domain. A channel that sets a way without a domain uses the settings'."""
	settings = frappe.get_cached_doc(SETTINGS)
	own = frappe.get_cached_value("Lead Channel", channel, ["relay", "relay_domain"]) if channel else None
	if own and own[0]:
		return own[0], own[1] or settings.relay_domain or ""
	return settings.relay or "", settings.relay_domain or ""
