"""The page on which a customer reviews a booking: what it shows, and what is sent from it (BO-8).

Whoever has the signed link may see the page and give the one review; nothing else is told of the booking.
Works without JavaScript. Everything is returned as plain text, which the template escapes.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from lead_inbox.bookings.pages import limits, links
from lead_inbox.bookings.reviewing import review_rules, reviews
from lead_inbox.bookings.reviewing.review_rules import LONGEST, STARS, Refusal, Said
from lead_inbox.bookings.reviewing.reviews import ReviewRefused
from lead_inbox.bookings.telling import words
from lead_inbox.inbox import messages

NOT_SAID = Said(0, "")
GONE, UNUSABLE = 410, 422

Context = dict[str, Any]


class AskedTooOften(links.LinkRefused):
	http_status_code = limits.TOO_MANY_REQUESTS


def show(token: str) -> Context:
	"""Return what the template shows for a link: the form, the review that was given, or why there is neither."""
	try:
		booking = _booking_of(token, sends=False)
	except links.LinkRefused as refused:
		return _closed(str(refused), refused.http_status_code)
	if not booking:
		return _closed(_("This booking does not exist any more."))
	return _page(token, booking, NOT_SAID)


def submit(token: str, stars: str, text: str) -> Context | None:
	"""Keep the review that was sent. None: all is done, and `show` thanks for it.

	Of a second one for the same booking nothing is kept, and nothing is asked. What can be mended is shown again.
	"""
	try:
		booking = _booking_of(token, sends=True)
	except links.LinkRefused as refused:
		return _closed(str(refused), refused.http_status_code)
	if not booking or reviews.refusal_of(booking):
		return None
	said = review_rules.read(stars, text)
	if fault := review_rules.fault_of(said):
		page = _page(token, booking, said)
		page["form"]["fault"] = reviews.fault_sentence(fault)
		return {**page, "http_status_code": UNUSABLE}
	try:
		reviews.give(booking.name, said)
	except ReviewRefused:
		return None
	return None


def _booking_of(token: str, sends: bool) -> frappe._dict | None:
	"""Return the booking that a link is for. sends: a form was sent. Raises links.LinkRefused."""
	if limits.is_exceeded_by_address(sends):
		raise AskedTooOften(limits.sentence())
	booking = links.opened(token, links.REVIEW).booking
	if limits.is_exceeded_by_link(token, sends):
		raise AskedTooOften(limits.sentence())
	return frappe.db.get_value("Booking", booking, words.FIELDS, as_dict=True)


def _page(token: str, booking: frappe._dict, said: Said) -> Context:
	refusal = reviews.refusal_of(booking)
	if refusal is Refusal.GIVEN:
		return {**_frame(_("Thank you for your review"), _about(booking)), "review": _given(booking.name)}
	if refusal:
		return _closed(reviews.refusal_sentence(refusal))
	return {**_frame(_("How was it?"), _about(booking)), "form": _form(token, said)}


def _closed(sentence: str, status: int = GONE) -> Context:
	return {**_frame(_("No review can be given here")), "sentence": sentence, "http_status_code": status}


def _frame(title: str, about: str = "") -> Context:
	return {"title": title, "about": about, "stars": STARS}


def _about(booking: frappe._dict) -> str:
	"""Return what was booked and on which day, on one line."""
	facts = words.facts_of(booking)
	return _("{0}, {1}").format(facts["service"], facts["date"])


def _given(booking: str) -> Context:
	row = reviews.of_booking(booking)
	return {
		"stars": row.stars,
		"stars_label": _stars_label(row.stars),
		"words": messages.as_text(row.words),
		"answer": messages.as_text(row.answer),
	}


def _form(token: str, said: Said) -> Context:
	return {
		"link": token,
		"stars": said.stars,
		"words": said.words,
		"labels": [_stars_label(stars) for stars in STARS],
		"longest": LONGEST,
		"csrf_token": frappe.session.data.csrf_token,  # of a user who is logged in; guests have none
	}


def _stars_label(stars: int) -> str:
	return _("{0} of {1} stars").format(stars, review_rules.MOST)
