"""The page on which customers book, move and cancel, by a signed link and without a login (BO-5).

Plain HTML with forms: it works without JavaScript, and shows the same to a user of the desk who opens a link.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from frappe import _

from lead_inbox.bookings.pages import acting, booked, choosing, limits, links, page_rules, views
from lead_inbox.bookings.pages.choosing import Choice
from lead_inbox.bookings.pages.links import Opened
from lead_inbox.bookings.pages.page_rules import Asked, Step, text_of
from lead_inbox.bookings.pages.views import Context
from lead_inbox.bookings.refusals import sentence
from lead_inbox.bookings.rules import Refusal


def answer(sends: bool, sent: Mapping[str, Any]) -> Context | str:
	"""Return what the template shows, or the address to go on to when something was done.

	sends: whether a form was sent; else it is a view. sent: what came with the request.
	"""
	token = text_of(sent, "link")
	if limits.is_exceeded_by_address(sends):
		return _too_often()
	try:
		opened = links.opened(token, links.BOOKED, links.SERVICE)
	except links.LinkRefused as refused:
		return views.closed(_("This Link Does Not Work"), str(refused), refused.http_status_code)
	if limits.is_exceeded_by_link(token, sends):
		return _too_often(opened.lead)
	asked = page_rules.read(sent)
	if sends:
		return _do(token, opened, asked, sent)
	return _show_booking(token, opened, asked) if opened.booking else _show_offer(token, opened, asked)


def _do(token: str, opened: Opened, asked: Asked, sent: Mapping[str, Any]) -> Context | str:
	"""A link to a booking changes that one, a link to book makes one; what else is sent does nothing."""
	deed = text_of(sent, "do")
	if opened.booking and deed == "move":
		return acting.move(token, opened, asked)
	if opened.booking and deed == "cancel":
		return acting.cancel(token, opened, sent)
	if not opened.booking and deed == "book":
		return acting.book(token, opened, asked, sent)
	return views.url(token)


def _show_offer(token: str, opened: Opened, asked: Asked) -> Context:
	service = choosing.service_named(asked.service)
	if not service:
		notice = sentence(Refusal.UNKNOWN_SERVICE) if asked.service else ""
		return choosing.services_view(token, opened.lead, notice)
	return _show_times(Choice(token, opened.lead, service), asked)


def _show_booking(token: str, opened: Opened, asked: Asked) -> Context:
	if asked.step is Step.CANCEL:
		return booked.ask_to_cancel(token, opened)
	row = booked.read(opened.booking)
	choice = booked.choice_to_move(token, opened, row)
	if asked.step is Step.SEE or not choice or booked.change_refusal(row):
		return booked.see(token, opened)
	return _show_times(choice, asked)


def _show_times(choice: Choice, asked: Asked) -> Context:
	if not asked.starts_on:
		return choosing.slots_view(choice, asked)
	slot = choice.slot_at(asked.starts_on)
	if not slot:
		return choosing.slots_view(choice, asked, sentence(Refusal.TAKEN))
	return choosing.confirm_view(choice, slot)


def _too_often(lead: str = "") -> Context:
	return views.closed(_("One Moment, Please"), limits.sentence(), limits.TOO_MANY_REQUESTS, lead)
