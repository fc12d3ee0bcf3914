"""What templates of messages to a lead may name beside its fields: {{ booking_link }} and the like.

What is built on the inbox gives them, named in hooks.py, as in inbox/listeners.py.
"""

from __future__ import annotations

import frappe

HOOK = "lead_inbox_placeholders"


def names() -> list[str]:
	return list(frappe.get_hooks(HOOK, default={}))


def of_lead(lead: str) -> dict[str, str]:
	"""Return the text of each placeholder by its name."""
	return {
		name: frappe.get_attr(makers[-1])(lead) for name, makers in frappe.get_hooks(HOOK, default={}).items()
	}
