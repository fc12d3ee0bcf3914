"""The sending half of alerts: a desk notification and a mail to each user who wants them (RE-8).

Rows of Notification Log and Email Queue are part of the caller's transaction; the mail leaves later, from
the queue.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import frappe
from frappe import _
from frappe.utils import strip_html

from lead_inbox.custom_fields import ALERT_KINDS
from lead_inbox.inbox import messages


@dataclass(frozen=True)
class Notice:
	"""One fact to tell.

	kind: of ALERT_KINDS, by which users turn it off. subject and content are HTML, the content in the form
	that messages are stored in. link: an absolute address.
	"""

	kind: str
	doctype: str
	name: str
	link: str
	subject: str
	content: str = ""


def tell(users: Iterable[str], notice: Notice, *, mailed_already: Collection[str] = ()) -> None:
	"""Alert each of the users once, but for those who turned the kind off.

	mailed_already: addresses that have the same by mail; they get the desk notification alone.
	"""
	wanted = set(users)
	recipients = _who_want(wanted, notice.kind) if wanted else []
	for user in recipients:
		_put_on_desk(user.name, notice)
	_mail([user.email for user in recipients if user.wants_mail and user.email not in mailed_already], notice)


def as_html(content: str | None) -> str:
	"""Return the HTML that a notification shows of a message's stored form, which is escaped text."""
	return (content or "").replace("\n", "<br>")


def _who_want(users: set[str], kind: str) -> list[frappe._dict]:
	"""Return the enabled users with the switch of a kind on, by one query.

	A user without Notification Settings, or without a value in them, has everything on.
	"""
	if kind not in ALERT_KINDS:
		raise ValueError(f"No kind of alert: {kind}")
	user = frappe.qb.DocType("User")
	settings = frappe.qb.DocType("Notification Settings")
	rows = (
		frappe.qb.from_(user)
		.left_join(settings)
		.on(settings.name == user.name)
		.select(
			user.name,
			user.email,
			settings.enabled,
			settings.enable_email_notifications,
			settings[f"lead_inbox_{kind}"].as_("wanted"),
		)
		.where(user.name.isin(list(users)) & (user.enabled == 1))
		.orderby(user.name)
	).run(as_dict=True)
	return [
		frappe._dict(name=row.name, email=row.email, wants_mail=row.enable_email_notifications != 0)
		for row in rows
		if row.enabled != 0 and row.wanted != 0
	]


def _put_on_desk(user: str, notice: Notice) -> None:
	log = frappe.get_doc(
		doctype="Notification Log",
		type="Alert",
		for_user=user,
		from_user=frappe.session.user,
		document_type=notice.doctype,
		document_name=notice.name,
		link=notice.link,
		subject=notice.subject,
		email_content=as_html(notice.content),
	)
	log.insert(ignore_permissions=True)  # nobody has a right to write notifications of others


def _mail(addresses: list[str], notice: Notice) -> None:
	"""Frappe mails no notification of type Alert by itself. One row in the queue for all of them.

	A site without outgoing mail has its desk notifications; a muted one has an account without address.
	"""
	if not addresses or not _can_send():
		return
	frappe.sendmail(
		recipients=addresses,
		subject=messages.as_text(strip_html(notice.subject)),
		template="new_notification",
		args={
			"body_content": notice.subject,
			"description": as_html(notice.content),
			"doc_link": notice.link,
		},
		header=[_("New Notification"), "orange"],
	)


def _can_send() -> bool:
	"""Asked by a query: importing the Email Account's module takes a fresh worker most of a second."""
	outgoing = {"enable_outgoing": 1, "default_outgoing": 1}
	return bool(frappe.conf.get("mail_server") or frappe.db.exists("Email Account", outgoing))
