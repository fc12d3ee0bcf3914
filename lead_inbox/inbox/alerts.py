"""Telling people about a lead: a desk notification and a mail, each of which opens it in the inbox.

An assignee hears of the lead through ERPNext's own assignment notification, reworded and pointed at
the inbox here, so that nobody is told twice. Rows of Notification Log and Email Queue are part of the
arrival's transaction; the mail itself leaves later, from the queue.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import frappe
from frappe import _
from frappe.desk.doctype.notification_log.notification_log import make_notification_logs
from frappe.desk.doctype.notification_settings.notification_settings import is_email_notifications_enabled
from frappe.utils import escape_html, get_url, strip_html

from lead_inbox.inbox import messages
from lead_inbox.inbox.rules import Status

INBOX_ROUTE = "/app/lead-inbox"


def inbox_url(lead: str) -> str:
	"""Return the address that opens exactly this lead in the inbox."""
	return get_url(f"{INBOX_ROUTE}/{lead}")


def arrived(lead: str, message: str, channel: Any, *, before: Mapping[str, Any] | None) -> None:
	"""Tell who must know of a message that just came in.

	before: the lead's state fields before it, None for a new lead. A new one calls for its channel's
	people unless it is assigned already, one that came back for whoever made business with it, a
	declined one for its assignee. Any other message shows as unread in the inbox.
	"""
	lead_row = frappe.db.get_value("Lead", lead, ["title", "inbox_status", "inbox_assignee"], as_dict=True)
	title = frappe.bold(escape_html(lead_row.title))
	assignee = lead_row.inbox_assignee
	if before is None:
		users = [] if assignee else people_of(channel)
		subject = _new_lead_subject(title, channel.name)
	elif before["inbox_status"] == Status.CLOSED.value != lead_row.inbox_status:
		users = business_owners(lead) or people_of(channel)
		subject = _("{0} is back: the customer has written or called").format(title)
	elif lead_row.inbox_status == Status.DECLINED.value:
		users = [assignee] if assignee else []
		subject = _("{0} was declined and has written or called again").format(title)
	else:
		return
	if users:
		_notify(users, lead, subject, frappe.db.get_value("Lead Message", message, "content"))


def nudge(lead: str, user: str, title: str) -> None:
	"""Remind an assignee, the day before, that nobody has answered a lead."""
	subject = _("{0} turns Unanswered in a day: answer it now").format(frappe.bold(escape_html(title)))
	_notify([user], lead, subject, "")


def describe_assignment(notification: Any) -> None:
	"""Make ERPNext's notification of an assigned lead say what arrived, and open it in the inbox."""
	notification.link = inbox_url(notification.document_name)
	lead = frappe.db.get_value(
		"Lead",
		notification.document_name,
		["title", "inbox_status", "inbox_channel", "inbox_last_message"],
		as_dict=True,
	)
	if not lead or lead.inbox_status != Status.NEW.value or not lead.inbox_channel:
		return
	notification.subject = _new_lead_subject(frappe.bold(escape_html(lead.title)), lead.inbox_channel)
	if lead.inbox_last_message:
		content = frappe.db.get_value("Lead Message", lead.inbox_last_message, "content")
		notification.email_content = _as_html(content)


def people_of(channel: Any) -> list[str]:
	"""Return the users to tell of a lead that nobody is assigned to."""
	if channel.user_group:
		return frappe.get_all(
			"User Group Member", filters={"parent": channel.user_group}, pluck="user", order_by="idx asc"
		)
	return frappe.get_all(
		"Has Role",
		filters={"role": "Sales User", "parenttype": "User", "parent": ["!=", "Administrator"]},
		pluck="parent",
		order_by="parent asc",
	)


def business_owners(lead: str) -> list[str]:
	"""Return who looks after what became of a converted lead: Opportunity and Customer owners."""
	opportunities = frappe.get_all(
		"Opportunity",
		filters={"opportunity_from": "Lead", "party_name": lead},
		fields=["opportunity_owner", "owner"],
		order_by="creation desc",
		limit=1,
	)
	customers = frappe.get_all(
		"Customer",
		filters={"lead_name": lead},
		fields=["account_manager", "owner"],
		order_by="creation desc",
		limit=1,
	)
	owners = [row.opportunity_owner or row.owner for row in opportunities]
	owners += [row.account_manager or row.owner for row in customers]
	return list(dict.fromkeys(owners))


def _new_lead_subject(title: str, channel: str) -> str:
	return _("New lead from {0}: {1}").format(escape_html(channel), title)


def _as_html(content: str | None) -> str:
	"""A message's stored form is escaped text; a notification shows HTML."""
	return (content or "").replace("\n", "<br>")


def _notify(users: list[str], lead: str, subject: str, content: str | None) -> None:
	notification = frappe._dict(
		type="Alert",
		document_type="Lead",
		document_name=lead,
		link=inbox_url(lead),
		subject=subject,
		email_content=_as_html(content),
		from_user=frappe.session.user,
	)
	make_notification_logs(notification, users)
	_mail(users, notification)


def _can_send() -> bool:
	"""Asked by a query: importing the Email Account's module takes a fresh worker most of a second."""
	outgoing = {"enable_outgoing": 1, "default_outgoing": 1}
	return bool(frappe.conf.get("mail_server") or frappe.db.exists("Email Account", outgoing))


def _mail(users: list[str], notification: frappe._dict) -> None:
	"""Frappe mails no notification of type Alert by itself. One row in the queue for all of them.

	A site without outgoing mail has its desk notifications; a muted one has an account without address.
	"""
	recipients = frappe.get_all(
		"User", filters={"name": ["in", users], "enabled": 1}, fields=["name", "email"], order_by="name asc"
	)
	addresses = [user.email for user in recipients if is_email_notifications_enabled(user.name)]
	if not addresses or not _can_send():
		return
	frappe.sendmail(
		recipients=addresses,
		subject=messages.as_text(strip_html(notification.subject)),
		template="new_notification",
		args={
			"body_content": notification.subject,
			"description": notification.email_content,
			"doc_link": notification.link,
		},
		header=[_("New Notification"), "orange"],
	)
