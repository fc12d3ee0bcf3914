"""What becomes of a message after an attempt to send it: requirements RE-1, RE-5 and RE-7."""

import smtplib
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.inbox.replies import delivery_rules, sms_rules
from lead_inbox.inbox.replies.delivery_rules import MAX_ATTEMPTS, Delivery, Outcome, Result, next_step

NOW = datetime(2026, 3, 2, 10, 0)
outcomes = st.builds(Outcome, st.sampled_from(Result), st.text(max_size=20))


@given(outcomes, st.integers(1, 10))
def test_only_what_surely_was_not_sent_is_tried_again(outcome, attempts):
	step = next_step(outcome, attempts, NOW)
	if step.next_attempt_on:
		assert outcome.result in (Result.NOT_SENT, Result.HELD)
		assert step.status is Delivery.QUEUED and step.next_attempt_on > NOW
	else:
		assert step.status in (Delivery.SENT, Delivery.FAILED, Delivery.CANCELLED)


@given(outcomes, st.integers(1, 10))
def test_a_message_that_did_not_go_says_why(outcome, attempts):
	step = next_step(outcome, attempts, NOW)
	assert step.error == ("" if step.status is Delivery.SENT else outcome.words)


def test_an_unreachable_server_is_tried_three_times_and_each_wait_is_longer():
	steps = [next_step(Outcome(Result.NOT_SENT), attempts, NOW) for attempts in (1, 2, 3)]
	assert [step.status for step in steps] == [Delivery.QUEUED, Delivery.QUEUED, Delivery.FAILED]
	assert steps[0].next_attempt_on < steps[1].next_attempt_on


def test_a_site_that_sends_nothing_holds_a_message_for_any_time():
	step = next_step(Outcome(Result.HELD, "muted"), MAX_ATTEMPTS, NOW)
	assert (step.status, step.error) == (Delivery.QUEUED, "muted")


@pytest.mark.parametrize(
	("status", "wait", "due"),
	[
		("Queued", 0, True),
		("Scheduled", 0, True),
		("Scheduled", 1, False),
		("Sending", -9999, False),
		("Failed", -9999, False),
		("Sent", -9999, False),
	],
)
def test_a_message_is_due_when_its_time_has_come_and_it_was_not_sent(status, wait, due):
	assert delivery_rules.is_due(status, NOW + timedelta(seconds=wait), NOW) is due


def test_a_message_without_a_time_is_never_due():
	assert not delivery_rules.is_due("Queued", None, NOW)


@pytest.mark.parametrize(
	("error", "result"),
	[
		(smtplib.SMTPDataError(451, b"try later"), Result.NOT_SENT),
		(smtplib.SMTPDataError(554, b"spam"), Result.REFUSED),
		(smtplib.SMTPSenderRefused(421, b"busy", "a@b.example"), Result.NOT_SENT),
		(smtplib.SMTPRecipientsRefused({"a@b.example": (450, b"greylisted")}), Result.NOT_SENT),
		(smtplib.SMTPRecipientsRefused({"a@b.example": (550, b"unknown")}), Result.REFUSED),
		(smtplib.SMTPServerDisconnected("Connection unexpectedly closed"), Result.UNCERTAIN),
		(TimeoutError("timed out"), Result.UNCERTAIN),
		(ConnectionResetError(104, "reset"), Result.UNCERTAIN),
		(FileNotFoundError("an attachment"), Result.REFUSED),
		(RuntimeError("anything else"), Result.UNCERTAIN),
	],
)
def test_a_server_s_answer_is_certain_and_a_lost_line_is_not(error, result):
	assert delivery_rules.smtp_result(error) is result


def test_the_server_s_own_words_are_shown():
	assert delivery_rules.smtp_words(smtplib.SMTPDataError(554, b"5.7.1 Spam\r\n detected")) == (
		"554 5.7.1 Spam detected"
	)
	refused = smtplib.SMTPRecipientsRefused({"a@b.example": (550, b"No such user")})
	assert delivery_rules.smtp_words(refused) == "550 No such user"


@given(st.integers(100, 599))
def test_a_gateway_s_server_errors_are_tried_again_and_its_refusals_are_not(status):
	result = delivery_rules.http_result(status)
	if 200 <= status < 300:
		assert result is Result.SENT
	else:
		assert (result is Result.NOT_SENT) == (status >= 500 or status == 429)


@given(st.text(max_size=300))
def test_a_subject_is_one_line_whatever_is_typed(text):
	line = delivery_rules.one_line(text, 140)
	assert len(line.splitlines()) <= 1
	assert len(line) <= 140 and line == line.strip()


def test_words_of_a_subject_stay_apart_when_its_lines_are_joined():
	assert delivery_rules.one_line("Hello\r\nBcc: all@victim.example\u2028x\x00y", 140) == (
		"Hello Bcc: all@victim.example x y"
	)


def test_files_above_the_limit_are_too_large_together():
	limit = delivery_rules.MAX_ATTACHMENT_BYTES
	assert delivery_rules.excess_bytes([limit // 2, limit // 2]) == 0
	assert delivery_rules.excess_bytes([limit, 1]) == 1


@pytest.mark.parametrize(
	("last_heard_by", "can_mail", "can_text", "medium"),
	[
		("SMS", True, True, "SMS"),
		("SMS", True, False, "Email"),
		("Email", True, True, "Email"),
		("Message", False, True, "SMS"),
		(None, False, False, "Email"),
	],
)
def test_a_reply_goes_the_way_the_customer_wrote_if_the_lead_has_it(
	last_heard_by, can_mail, can_text, medium
):
	assert delivery_rules.choose_medium(last_heard_by, can_mail, can_text) == medium


@pytest.mark.parametrize(
	("scheduled", "status", "moved_minutes", "stopped"),
	[
		(True, "Declined", 5, "Declined"),
		(True, "Closed", 5, "Closed"),
		(True, "Closed", -5, ""),
		(True, "Active", 5, ""),
		(False, "Declined", 5, ""),
	],
)
def test_a_scheduled_message_stops_when_its_lead_came_to_rest_since(
	scheduled, status, moved_minutes, stopped
):
	moved_on = NOW + timedelta(minutes=moved_minutes)
	assert delivery_rules.stopped_because(scheduled, status, moved_on, NOW) == stopped


@pytest.mark.parametrize(
	("text", "segments"),
	[
		("", 0),
		("a" * 160, 1),
		("a" * 161, 2),
		("a" * 306, 2),
		("a" * 307, 3),
		("€" * 80, 1),
		("€" * 81, 2),
		("a" * 152 + "€" + "a" * 152, 3),  # the sign's two places are not split between two messages
		("ж" * 70, 1),
		("ж" * 71, 2),
		("ж" * 135, 3),
		("😀" * 35, 1),
		("😀" * 36, 2),
		("สวัสดี", 1),
	],
)
def test_an_sms_is_counted_as_the_networks_do(text, segments):
	assert sms_rules.count_segments(text) == segments


@given(st.text(max_size=800), st.text(max_size=80))
def test_a_longer_text_never_takes_fewer_messages(text, more):
	assert sms_rules.count_segments(text + more) >= sms_rules.count_segments(text)


numbers = st.builds(
	dict,
	number=st.sampled_from(["+14155550101", "+14155550102", "+14155550103"]),
	label=st.just("Phone"),
	kind=st.sampled_from(["business", "personal"]),
)


@given(st.lists(numbers))
def test_a_business_number_comes_before_any_personal_one(rows):
	ordered = sms_rules.business_first(rows)
	kinds = [row["kind"] for row in ordered]
	assert kinds == sorted(kinds)
	assert len({row["number"] for row in ordered}) == len(ordered)
	assert {row["number"] for row in ordered} == {row["number"] for row in rows}


@pytest.mark.parametrize(
	("name", "content", "kind"),
	[
		("invite.ics", b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\n", "text/calendar; method=REQUEST"),
		("INVITE.ICS", b"BEGIN:VCALENDAR\nMETHOD:CANCEL\n", "text/calendar; method=CANCEL"),
		("holidays.ics", b"BEGIN:VCALENDAR\r\nSUMMARY:METHOD:REQUEST\r\n", "text/calendar"),
		("forged.ics", b'METHOD:REQUEST"; name=x\r\n', "text/calendar"),
		("plan.pdf", b"METHOD:REQUEST\r\n", "application/pdf"),
		("notes", b"", None),
	],
)
def test_a_calendar_file_says_in_its_type_what_it_is_for(name, content, kind):
	assert delivery_rules.content_type(name, content) == kind
