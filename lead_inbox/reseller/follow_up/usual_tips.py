"""What a new customer of Google Workspace is usually told (RS-6), to begin a family's setup tips with."""

from __future__ import annotations

from frappe import _


def usual_tips() -> list[dict[str, str]]:
	"""Return rows of setup tips, in the user's language."""
	return [
		{
			"topic": _("Language and time zone"),
			"instructions": _(
				"A new account begins with the vendor's language and time zone. Set the customer's own in the Admin "
				"console: Account, Account settings, Profile."
			),
		},
		{
			"topic": _("Smart features by region"),
			"instructions": _(
				"In the European Economic Area, Switzerland, Japan and the United Kingdom smart features are off "
				"until the administrator turns them on. Ask the customer, and set the default for all users."
			),
		},
		{
			"topic": _("Administrator access"),
			"instructions": _(
				"The reseller may administer the customer's account from the start. Ask the customer whether this "
				"shall stay; the customer can turn it off at any time."
			),
		},
		{
			"topic": _("What we cannot do in the customer's console"),
			"instructions": _(
				"Accepting the terms of service, making transfer tokens, seeing its own billing, searching mail logs, "
				"and changing backup codes and two-step verification stay with the customer. Tell its administrator, "
				"so that nobody waits for us."
			),
		},
	]
