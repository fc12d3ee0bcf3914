"""The checklist of a new customer (RS-6): given with its account, ticked and assigned one by one.

The tips are copied from the product family, so that what was done stays as it was when the family's change.
An assigned tip is a ToDo of Frappe's, one for each tip: Frappe's own assigning makes one for a user and a
document, and ticking one tip must not close another.
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.desk.form import assign_to
from frappe.model.document import Document
from frappe.utils import escape_html, now_datetime

from lead_inbox.reseller import customers
from lead_inbox.reseller.records import FAMILY, RESELLER_CUSTOMER
from lead_inbox.reseller.refusals import refuse


def give(customer: Document) -> None:
	"""A listener of customers.py: put the family's tips on a customer that has got its account."""
	if customer.tips:
		return
	for tip in frappe.get_cached_doc(FAMILY, customer.product_family).setup_tips:
		customer.append("tips", {"topic": tip.topic, "instructions": tip.instructions})


def withdraw(customer: Document) -> None:
	"""A listener of customers.py: nobody sets up a customer who buys elsewhere now."""
	for tip in customer.tips:
		if not tip.done:
			_set_status(tip.todo, "Cancelled")


def tick(name: str, row: str, done: bool) -> None:
	"""Note that a tip has been followed, by whom and when; or take that back. The same again changes nothing.

	row: of the customer's tips. Raises ResellerRefused.
	"""
	customer = customers.hold(name)
	tip = _tip(customer, row)
	if bool(tip.done) == done:
		return
	tip.done = int(done)
	tip.done_by, tip.done_on = (frappe.session.user, now_datetime()) if done else (None, None)
	_set_status(tip.todo, "Closed" if done else "Open")
	customers.settle(customer)


def assign(name: str, row: str, user: str | None) -> None:
	"""Give an open tip to a user, or to nobody. The same again changes nothing. Raises ResellerRefused."""
	customer = customers.hold(name)
	tip, user = _tip(customer, row), user or None
	if (tip.assigned_to or None) == user:
		return
	if tip.done:
		refuse(_("This is done already. Take the tick away to assign it."))
	if user:
		_check_assignee(customer, user)
	_set_status(tip.todo, "Cancelled")
	tip.assigned_to = user
	tip.todo = _make_todo(customer, tip) if user else None
	customers.settle(customer)


def _tip(customer: Document, row: str) -> Document:
	for tip in customer.tips:
		if tip.name == row:
			return tip
	refuse(_("This tip does not exist any more. Reload the page."))


def _check_assignee(customer: Document, user: str) -> None:
	"""Only who may write the customer can tick what they are given."""
	wanted = {"name": user, "enabled": 1, "user_type": "System User"}
	if not frappe.db.exists("User", wanted):
		refuse(_("{0} is not a user of the desk. Choose another one.").format(escape_html(user)))
	if not frappe.has_permission(RESELLER_CUSTOMER, ptype="write", doc=customer, user=user):
		refuse(_("{0} may not change this customer. Choose somebody else.").format(escape_html(user)))


def _make_todo(customer: Document, tip: Document) -> str:
	"""Return the name of a new ToDo, as Frappe's own assigning makes it; its user is told."""
	text = [f"<b>{escape_html(tip.topic)}</b>", escape_html(tip.instructions or "")]
	todo = frappe.get_doc(
		doctype="ToDo",
		allocated_to=tip.assigned_to,
		assigned_by=frappe.session.user,
		reference_type=RESELLER_CUSTOMER,
		reference_name=customer.name,
		description="<br>".join(filter(None, text)),
	)
	todo.insert(
		ignore_permissions=True
	)  # whoever may write the customer may assign what is to be done for it
	assign_to.notify_assignment(
		todo.assigned_by,
		todo.allocated_to,
		RESELLER_CUSTOMER,
		customer.name,
		action="ASSIGN",
		description=todo.description,
	)
	return todo.name


def _set_status(todo: str | None, status: str) -> None:
	"""Bring a tip's ToDo in step with it. Its user may have deleted it, which is theirs to do."""
	if not todo or not frappe.db.exists("ToDo", todo):
		return
	doc = frappe.get_doc("ToDo", todo)
	if doc.status != status:
		doc.status = status
		doc.save(
			ignore_permissions=True
		)  # it belongs to whom it is assigned; the tip is whose customer it is
