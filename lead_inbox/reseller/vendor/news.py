"""Telling of what a vendor said: in the customer's timeline, and whoever looks after it when a person has to act."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import escape_html, get_url_to_form

from lead_inbox.inbox import messages, notify
from lead_inbox.inbox.notify import Notice
from lead_inbox.reseller.follow_up import responsible
from lead_inbox.reseller.records import FAMILY, RESELLER_CUSTOMER
from lead_inbox.reseller.vendor.interface import Account
from lead_inbox.reseller.vendor.vendor_rules import OPENING, Action, Trouble


def of_account(doc: Any, action: Action, account: Account) -> None:
	"""Keep in the timeline what the vendor has now. What a comparison changed stands there as it is."""
	if action is Action.COMPARE:
		return
	said = [_("The account is there: {0}.").format(account.name)]
	if account.cloud_identity_id:
		said.append(_("Its Cloud Identity ID is {0}.").format(account.cloud_identity_id))
	elif action in OPENING and doc.is_educational:
		said.append(
			_(
				"Google wants to know the kind and the size of an educational institution: make its identity in Google's console."
			)
		)
	_comment(doc, " ".join(said))


def of_failure(doc: Any, action: Action, trouble: Trouble, error: str) -> None:
	"""error: plain text."""
	_comment(doc, error)
	link = get_url_to_form(RESELLER_CUSTOMER, doc.name)
	subject = _subject(action, trouble).format(frappe.bold(escape_html(doc.title)))
	notice = Notice("reseller", RESELLER_CUSTOMER, doc.name, link, subject, messages.as_stored(error))
	notify.tell(responsible.users(doc), notice)


def _subject(action: Action, trouble: Trouble) -> str:
	"""Return the sentence about a customer, as HTML."""
	if action is Action.COMPARE and trouble is not Trouble.NO_SUCH_ACCOUNT:
		return _("What the vendor says of the account of {0} could not be noted")
	return {
		Action.CREATE: _("The vendor has not created the account of {0}"),
		Action.IMPORT: _("The vendor has not let us import the account of {0}"),
		Action.PROVISION: _("The account of {0} has got no identity to sign in with"),
		Action.COMPARE: _("The vendor does not know the account of {0} any more"),
	}[action]


def _comment(doc: Any, said: str) -> None:
	"""said: plain text."""
	connection = frappe.get_cached_value(FAMILY, doc.product_family, "connection")
	doc.add_comment("Info", escape_html(f"{_(connection)}: {said}"))
