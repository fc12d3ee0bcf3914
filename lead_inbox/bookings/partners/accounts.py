"""The Lead Channels whose partners have an interface that we call."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from lead_inbox.bookings.partners.service_titan_client import (
	PUBLIC_SIGN_IN_URL,
	PUBLIC_URL,
	Account,
	CredentialsRefused,
	ServiceTitanClient,
)
from lead_inbox.inbox import alerts

SERVICE_TITAN = "ServiceTitan"
NEEDED = ("partner_tenant", "partner_provider_id", "partner_client_id")
SECRETS = ("partner_client_secret", "partner_app_key")
WARN_AGAIN_SECONDS = 24 * 3600


def client_of(channel: Any) -> ServiceTitanClient:
	"""Return the client for a Lead Channel. Raises CredentialsRefused when something has not been filled in."""
	secrets = {field: channel.get_password(field, raise_exception=False) for field in SECRETS}
	missing = [field for field in NEEDED if not channel.get(field)]
	missing += [field for field, value in secrets.items() if not value]
	if missing:
		labels = ", ".join(_(channel.meta.get_label(field)) for field in missing)
		raise CredentialsRefused(_("Fill in {0}.").format(labels))
	return ServiceTitanClient(
		Account(
			tenant=channel.partner_tenant,
			provider_id=channel.partner_provider_id,
			client_id=channel.partner_client_id,
			client_secret=secrets["partner_client_secret"],
			app_key=secrets["partner_app_key"],
			url=channel.partner_url or PUBLIC_URL,
			sign_in_url=channel.partner_sign_in_url or PUBLIC_SIGN_IN_URL,
		)
	)


def warn(channel: str, words: str) -> None:
	"""Tell the Sales Managers, once a day at most, that a channel needs an administrator. Commits."""
	key = frappe.cache.make_key(f"lead_inbox_partner_warned:{channel}")
	if frappe.cache.set(key, 1, nx=True, ex=WARN_AGAIN_SECONDS):
		alerts.channel_warned(channel, _("{0}: {1}").format(channel, words))
		frappe.db.commit()
