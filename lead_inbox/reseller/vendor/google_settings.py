"""The settings of Google's connection, in Lead Inbox Settings: RS-9."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import frappe
from frappe import _

from lead_inbox.reseller.records import SETTINGS
from lead_inbox.reseller.vendor import google_settings_rules as settings_rules
from lead_inbox.reseller.vendor.google_settings_rules import Fault

ACCOUNT, ADMINISTRATOR, KEY = "google_reseller_account", "google_administrator", "google_service_account_key"


@dataclass(frozen=True)
class GoogleSettings:
	"""account: the reseller's, as accounts/C012345. administrator: for whom we act. key: a JSON file's text."""

	account: str
	administrator: str
	key: str = field(repr=False)


def stored() -> GoogleSettings | None:
	"""Return the settings, None unless all are filled in."""
	settings = frappe.get_cached_doc(SETTINGS)
	key = settings.get_password(KEY, raise_exception=False)
	account, administrator = settings.get(ACCOUNT), settings.get(ADMINISTRATOR)
	return GoogleSettings(account, administrator, key) if account and administrator and key else None


def check(settings: Any) -> None:
	"""Refuse what can't be right. settings: the Lead Inbox Settings that are being saved."""
	for name in (ACCOUNT, ADMINISTRATOR, KEY):
		settings.set(name, (settings.get(name) or "").strip() or None)
	key = settings.get(KEY) or ""
	is_new_key = key and not settings.is_dummy_password(key)
	found = {
		ACCOUNT: settings_rules.account_fault(settings.get(ACCOUNT) or ""),
		ADMINISTRATOR: settings_rules.administrator_fault(settings.get(ADMINISTRATOR) or ""),
		KEY: settings_rules.key_fault(key) if is_new_key else None,
	}
	for name, fault in found.items():
		if fault:
			frappe.throw(f"{_(settings.meta.get_label(name))}: {_words(fault)}")


def _words(fault: Fault) -> str:
	return {
		Fault.NOT_AN_ACCOUNT: _(
			"Enter it as Google's console for partners shows it, like accounts/C012abcde."
		),
		Fault.NOT_AN_ADDRESS: _("This is no e-mail address. Enter one like name@example.com."),
		Fault.NOT_A_KEY: _(
			"This is no key of a service account. Paste the whole JSON file that Google gave you."
		),
		Fault.NOT_GOOGLES: _(
			"The key does not lead to Google. Paste the JSON file as Google gave it to you."
		),
	}[fault]
