"""When and by what a closed channel answers: requirement IN-8."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from lead_inbox.inbox.replies.auto_reply_rules import is_due, medium_of

CLOSED_SINCE = datetime(2026, 11, 20, 17)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
	("closed_since", "replied_on", "due"),
	[
		(None, None, False),
		(CLOSED_SINCE, None, True),
		(CLOSED_SINCE, CLOSED_SINCE - SECOND, True),
		(CLOSED_SINCE, CLOSED_SINCE, False),
		(CLOSED_SINCE, CLOSED_SINCE + SECOND, False),
	],
)
def test_a_customer_is_told_once_in_each_closed_period(
	closed_since: datetime | None, replied_on: datetime | None, due: bool
) -> None:
	assert is_due(closed_since, replied_on) is due


@pytest.mark.parametrize(
	("kind", "can_mail", "can_text", "medium"),
	[
		("Email", True, True, "Email"),
		("Email", False, True, None),
		("SMS", True, True, "SMS"),
		("Message", True, True, "SMS"),
		("Message", True, False, "Email"),
		("Form", True, True, "Email"),
		("Form", False, True, "SMS"),
		("Booking", False, False, None),
		("Call", True, True, "SMS"),
		("Call", True, False, None),
	],
)
def test_the_answer_goes_the_way_the_customer_came(
	kind: str, can_mail: bool, can_text: bool, medium: str | None
) -> None:
	assert medium_of(kind, can_mail, can_text) == medium
