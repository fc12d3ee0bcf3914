"""Who is told what about a lead, by a desk notification and a mail that open it in the inbox (RE-8).

Nobody is told twice. An assignee hears of a new lead through ERPNext's own assignment notification,
reworded and pointed at the inbox here. A mail of the customer that Frappe passes on to its assignees by
mail is only a desk notification here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlencode

import frappe
from frappe import _
from frappe.utils import escape_html, get_url

from lead_inbox.inbox import messages, notify
from lead_inbox.inbox.contact.contact_rules import Alert, Arrival, alert_of, find_mentions
from lead_inbox.inbox.contact.mask_rules import mask_any
from lead_inbox.inbox.notify import Notice
from lead_inbox.inbox.rules import Status

INBOX_ROUTE = "/app/lead-inbox"
TITLES_LISTED = 20
MESSAGE_FIELDS = (
	"lead",
	"kind",
	"direction",
	"call_status",
	"content",
	"communication",
	"creation",
	"user",
	"automated",
	"delivery_error",
)


def inbox_url(lead: str) -> str:
	"""Return the address that opens exactly this lead in the inbox."""
	return get_url(f"{INBOX_ROUTE}/{lead}")


def arrived(lead: str, message: str, channel: Any, *, before: Mapping[str, Any] | None) -> None:
	"""Tell who must know of a message that was just kept. What is told when is contact_rules.alert_of's.

	channel: the Lead Channel it came by. before: the lead's state fields before it, None for a new lead.
	All assignees are told, else the channel's people; of a customer who came back, whoever did business
	with them.
	"""
	row = frappe.db.get_value("Lead", lead, ["title", "inbox_status", "inbox_assignee"], as_dict=True)
	said = _message(message)
	is_missed = said.call_status == "Missed"
	alert = alert_of(
		Arrival(
			before=before["inbox_status"] if before is not None else None,
			after=row.inbox_status,
			assigned=bool(row.inbox_assignee),
			inbound=said.direction == "In",
			is_call=said.kind == "Call",
			missed=is_missed,
		)
	)
	if not alert:
		return
	users = _whom_to_tell(alert, lead, channel, said)
	subject = _subject(Alert.MISSED_CALL if is_missed else alert, _bold(row.title), channel.name)
	kind = "new_lead" if alert is Alert.NEW_LEAD else "message"
	notify.tell(users, _notice(kind, lead, subject, said.content), mailed_already=_mailed_by_frappe(said))


def nudge(lead: str, user: str, title: str) -> None:
	"""Remind an assignee, the day before, that nobody has answered a lead."""
	subject = _("{0} turns Unanswered in a day: answer it now").format(_bold(title))
	notify.tell([user], _notice("nudge", lead, subject))


def mentioned(lead: str, message: str) -> list[str]:
	"""Tell each user whose `@Full Name` is in a note, and who may read the lead. Its author is not told.

	message: the note, a Lead Message. Returns the users who are meant.
	"""
	note = _message(message)
	text = messages.as_text(note.content)
	meant = find_mentions(text, _names_of_desk_users()) if "@" in text else []
	users = [
		user
		for user in meant
		if user != note.user and frappe.has_permission("Lead", ptype="read", doc=lead, user=user)
	]
	if users:
		author = escape_html(frappe.utils.get_fullname(note.user))
		subject = _("{0} mentioned you in a note on {1}").format(author, _bold(_title(lead)))
		notify.tell(users, _notice("mention", lead, subject, note.content))
	return users


def handed_over(lead: str, user: str | None) -> None:
	"""Tell who is to accept an SQL or send it back. user: who has it, None for its channel's people."""
	subject = _("{0} is sales qualified: accept the lead, or send it back").format(_bold(_title(lead)))
	notify.tell([user] if user else _people_of_lead(lead), _notice("qualified", lead, subject))


def to_qualify(users: Collection[str], leads: Mapping[str, str]) -> None:
	"""Remind users of the leads that wait to be qualified, in one alert. leads: titles by name."""
	titles = [title or name for name, title in leads.items()]
	if len(leads) == 1:
		subject = _("{0} has not been qualified yet").format(_bold(titles[0]))
		notify.tell(users, _notice("qualified", next(iter(leads)), subject))
		return
	listed = titles[:TITLES_LISTED] + (["…"] if len(titles) > TITLES_LISTED else [])
	subject = _("{0} leads have not been qualified yet").format(frappe.bold(str(len(leads))))
	filters = urlencode({"qualification_status": "Unqualified", "inbox_stage": "Lead"})
	notice = Notice(
		kind="qualified",
		doctype="Lead",
		name="",
		link=get_url(f"/app/lead?{filters}"),
		subject=subject,
		content=messages.as_stored("\n".join(listed)),
	)
	notify.tell(users, notice)


def failed_send(message: str) -> None:
	"""Tell the author of a message that it could not be sent; of one that wrote itself, who has the lead.

	message: a Lead Message that was given up.
	"""
	failed = _message(message)
	if failed.user and not failed.automated:
		users, subject = [failed.user], _("Your message to {0} could not be sent")
	else:
		users = open_assignees(failed.lead) or _people_of_lead(failed.lead)
		subject = _("An automatic message to {0} could not be sent")
	subject = subject.format(_bold(_title(failed.lead)))
	notify.tell(users, _notice("failed_send", failed.lead, subject, failed.delivery_error))


def mail_held(lead: str, sender: str) -> None:
	"""Tell who has the lead of a mail to its relay address from an address that is not known for it.

	The address itself stays in the inbox, which shows it to those who may see it.
	"""
	subject = _("A mail to {0} from {1} waits for you to accept or refuse it").format(
		_bold(_title(lead)), escape_html(mask_any(sender))
	)
	notify.tell(open_assignees(lead) or _people_of_lead(lead), _notice("message", lead, subject))


def channel_warned(channel: str, sentence: str) -> None:
	"""Tell the Sales Managers what is wrong with a channel.

	sentence: translated, plain.
	"""
	notice = Notice(
		kind="channel",
		doctype="Lead Channel",
		name=channel,
		link=get_url(f"/app/lead-channel/{channel}"),
		subject=escape_html(sentence),
	)
	notify.tell(_users_with_role("Sales Manager"), notice)


def activity_given(activity: str) -> None:
	"""Tell who has got something to do from somebody else: a user, or all members of a User Group.

	activity: a Sales Activity. Whoever gives it to themselves knows.
	"""
	row = frappe.db.get_value(
		"Sales Activity",
		activity,
		["title", "user", "user_group", "reference_doctype", "reference_name", "instructions"],
		as_dict=True,
	)
	users = [row.user] if row.user else people_of(row)
	record = _bold(
		frappe.db.get_value(row.reference_doctype, row.reference_name, "title") or row.reference_name
	)
	subject = _("{0} gave you {1} to do for {2}").format(
		escape_html(frappe.utils.get_fullname()), _bold(row.title), record
	)
	link = (
		inbox_url(row.reference_name)
		if row.reference_doctype == "Lead"
		else frappe.utils.get_url_to_form(row.reference_doctype, row.reference_name)
	)
	notice = Notice(
		"activity",
		row.reference_doctype,
		row.reference_name,
		link,
		subject,
		messages.as_stored(row.instructions),
	)
	notify.tell([user for user in users if user != frappe.session.user], notice)


def describe_assignment(notification: Any) -> None:
	"""Make ERPNext's notification of an assigned lead say what arrived, and open it in the inbox.

	It tells of an assignment that was taken away by the same type; that one keeps its words.
	"""
	notification.link = inbox_url(notification.document_name)
	lead = frappe.db.get_value(
		"Lead",
		notification.document_name,
		["title", "inbox_status", "inbox_channel", "inbox_last_message"],
		as_dict=True,
	)
	if not lead or lead.inbox_status != Status.NEW.value or not lead.inbox_channel:
		return
	if notification.for_user not in open_assignees(notification.document_name):
		return
	notification.subject = _subject(Alert.NEW_LEAD, _bold(lead.title), lead.inbox_channel)
	if lead.inbox_last_message:
		content = frappe.db.get_value("Lead Message", lead.inbox_last_message, "content")
		notification.email_content = notify.as_html(content)


def people_of(channel: Any) -> list[str]:
	"""Return the users to tell of a lead that nobody is assigned to."""
	if channel.user_group:
		return frappe.get_all(
			"User Group Member", filters={"parent": channel.user_group}, pluck="user", order_by="idx asc"
		)
	return _users_with_role("Sales User")


def open_assignees(lead: str) -> list[str]:
	"""Return the users that have the lead, by its open assignments."""
	return frappe.get_all(
		"ToDo",
		filters={"reference_type": "Lead", "reference_name": lead, "status": "Open"},
		pluck="allocated_to",
		order_by="creation asc",
	)


def business_owners(lead: str) -> list[str]:
	"""Return who looks after what became of a converted lead: Opportunity and Customer owners."""
	opportunities = frappe.get_all(
		"Opportunity",
		or_filters={"inbox_lead": lead, "party_name": lead},
		fields=["opportunity_owner", "owner"],
		order_by="creation desc",
		limit=1,
	)
	customers = frappe.get_all(
		"Customer",
		or_filters={"lead_name": lead, "name": frappe.db.get_value("Lead", lead, "inbox_customer") or ""},
		fields=["account_manager", "owner"],
		order_by="creation desc",
		limit=1,
	)
	owners = [row.opportunity_owner or row.owner for row in opportunities]
	owners += [row.account_manager or row.owner for row in customers]
	return list(dict.fromkeys(owners))


def _whom_to_tell(alert: Alert, lead: str, channel: Any, said: frappe._dict) -> list[str]:
	if alert is Alert.RETURNED:
		return business_owners(lead) or people_of(channel)
	assignees = open_assignees(lead)
	if alert is Alert.DECLINED:
		return assignees
	if not assignees:
		return people_of(channel)
	told_by_assignment = _assigned_since(lead, said.creation)
	return [user for user in assignees if user not in told_by_assignment]


def _assigned_since(lead: str, moment: Any) -> list[str]:
	"""Return whom ERPNext tells of the lead by itself: an arrival that makes it New again may assign it."""
	assigned = frappe.get_all(
		"ToDo",
		filters={"reference_type": "Lead", "reference_name": lead, "creation": [">=", moment]},
		fields=["allocated_to", "assigned_by"],
		order_by="creation asc",
	)
	return [row.allocated_to for row in assigned if row.allocated_to != row.assigned_by]


def _mailed_by_frappe(said: frappe._dict) -> set[str]:
	"""Return the addresses to which Frappe passes on the mail that a message was made of.

	It does so when an Email Account receives a mail of a lead it knows: to the owner and the assignees who
	have not turned that off.
	"""
	if not said.communication:
		return set()
	mail = frappe.get_doc("Communication", said.communication)
	if mail.sent_or_received != "Received" or not mail.email_account or mail.reference_name != said.lead:
		return set()
	return set(mail.mail_cc(is_inbound_mail_communcation=True))


def _subject(alert: Alert, title: str, channel: str) -> str:
	"""title: HTML."""
	return {
		Alert.NEW_LEAD: _("New lead from {0}: {1}").format(escape_html(channel), title),
		Alert.RETURNED: _("{0} is back: the customer has written or called").format(title),
		Alert.DECLINED: _("{0} was declined and has written or called again").format(title),
		Alert.MISSED_CALL: _("Missed call from {0}: call back").format(title),
		Alert.CALL: _("{0} has called").format(title),
		Alert.MESSAGE: _("New message from {0}").format(title),
	}[alert]


def _notice(kind: str, lead: str, subject: str, content: str | None = "") -> Notice:
	return Notice(kind, "Lead", lead, inbox_url(lead), subject, content or "")


def _message(name: str) -> frappe._dict:
	return frappe.db.get_value("Lead Message", name, MESSAGE_FIELDS, as_dict=True)


def _title(lead: str) -> str:
	return frappe.db.get_value("Lead", lead, "title") or lead


def _bold(title: str | None) -> str:
	return frappe.bold(escape_html(title or ""))


def _people_of_lead(lead: str) -> list[str]:
	channel = frappe.db.get_value("Lead", lead, "inbox_channel")
	return people_of(frappe.get_cached_doc("Lead Channel", channel) if channel else frappe._dict())


def _users_with_role(role: str) -> list[str]:
	return frappe.get_all(
		"Has Role",
		filters={"role": role, "parenttype": "User", "parent": ["!=", "Administrator"]},
		pluck="parent",
		order_by="parent asc",
	)


def _names_of_desk_users() -> dict[str, str]:
	users = frappe.get_all(
		"User",
		filters={"enabled": 1, "user_type": "System User"},
		fields=["name", "full_name"],
		order_by="name asc",
	)
	return {user.name: user.full_name or "" for user in users}
