"""What users read when a vendor could not do what it was asked for. Plain text, without secrets."""

from __future__ import annotations

from frappe import _

from lead_inbox.reseller.vendor.interface import VendorError, Why


def said(error: VendorError) -> str:
	"""Return what went wrong and what to do, with the vendor's own words where it gave some."""
	return f"{_sentences(error.why)} {error.theirs}".strip()


def _sentences(why: Why) -> str:
	return {
		Why.UNREACHABLE: _("The vendor could not be reached, or was busy."),
		Why.NO_ANSWER_IN_TIME: _("The vendor did not answer in time."),
		Why.NOT_SHOWN_YET: _("The vendor says that the account is there, and does not show it yet."),
		Why.IDENTITY_IN_THE_MAKING: _("The vendor is still making the identity of the account."),
		Why.EXISTS: _("The account is there already."),
		Why.SERVED_BY_ANOTHER: _(
			"The domain has an account already that we don't serve. Begin an import instead of a new customer."
		),
		Why.NO_SUCH_ACCOUNT: _(
			"The vendor has no such account. Check the domain or the e-mail, or add a new customer."
		),
		Why.ACCOUNT_GONE: _(
			"The vendor does not know the account that is noted here. Look for the customer in the vendor's console. "
			"If it has left, transfer it out; if the account was mistyped here, correct it."
		),
		Why.SEVERAL_ACCOUNTS: _(
			"There are several accounts for this. Enter the Cloud Identity ID of the one that is meant."
		),
		Why.TOKEN_NEEDED: _(
			"The vendor wants the customer's transfer token. Ask the customer for it and enter it."
		),
		Why.TOKEN_REFUSED: _("The vendor refused the transfer token. Ask the customer for a new one."),
		Why.DATA_REFUSED: _("The vendor does not accept the data. Correct it, then try again."),
		Why.NOT_AS_THINGS_STAND: _("The vendor can't do this as things stand."),
		Why.ADDRESS_TAKEN: _(
			"The vendor knows the primary e-mail from another account. Agree on another one with the customer, and correct it."
		),
		Why.OURS_DIFFERS: _(
			"We have an account for this customer already, in another country or with another domain. "
			"Correct it in the vendor's console, then try again."
		),
		Why.NOT_SET_UP: _("The connection is not set up. Fill in the tab Reselling of Lead Inbox Settings."),
		Why.NO_LIBRARY: _(
			"Google's library is missing. An administrator of the server installs it: "
			"bench pip install -e 'apps/lead_inbox[google]'. Then the bench is restarted."
		),
		Why.KEY_UNREADABLE: _(
			"The key of the service account can't be read. Paste the whole JSON file into Lead Inbox Settings."
		),
		Why.SIGN_IN_REFUSED: _(
			"The vendor does not accept the service account, or the administrator for whom it acts. "
			"Check both in Lead Inbox Settings."
		),
		Why.NO_RIGHT: _(
			"The service account has no right to do this. Give it one in the vendor's console for resellers."
		),
	}[why]
