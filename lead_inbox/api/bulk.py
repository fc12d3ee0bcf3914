"""Doing one thing to several leads that the user has selected."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import frappe
from frappe import _

from lead_inbox.api import arguments

MAX_LEADS = 500


def each(names: str | list, action: Callable[[str], Any]) -> dict[str, Any]:
	"""Do something to each lead that the user may write; one that fails does not stop the others.

	names: a list of leads, or JSON of one. Returns `done`, the leads it worked for, and `failed`, name and
	message of the others. Raises frappe.ValidationError for no lead or too many.
	"""
	none, too_many = _("Select at least one lead."), _("Select at most {0} leads.")
	done, failed = [], []
	for name in arguments.names(names, MAX_LEADS, none=none, too_many=too_many):
		frappe.db.savepoint("lead")
		try:
			frappe.has_permission("Lead", ptype="write", doc=name, throw=True)
			action(name)
			done.append(name)
		except (frappe.ValidationError, frappe.PermissionError, frappe.DoesNotExistError) as error:
			frappe.db.rollback(save_point="lead")
			frappe.clear_last_message()
			message = frappe.utils.strip_html(str(error)) or _("Not permitted")
			failed.append({"name": name, "message": message})
	return {"done": done, "failed": failed}
