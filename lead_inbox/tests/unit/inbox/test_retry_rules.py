"""How long a failed event waits until it is tried again."""

from __future__ import annotations

import itertools
from datetime import timedelta

from lead_inbox.inbox.rules import MAX_ATTEMPTS, retry_delay_seconds


def delays() -> list[int | None]:
	return [retry_delay_seconds(attempts) for attempts in range(1, MAX_ATTEMPTS)]


def test_each_wait_is_twice_the_one_before() -> None:
	waits = delays()
	assert waits[0] == 30
	assert [later / earlier for earlier, later in itertools.pairwise(waits)] == [2] * (len(waits) - 1)


def test_it_gives_up_after_the_last_try_and_stays_so() -> None:
	assert None not in delays()
	assert retry_delay_seconds(MAX_ATTEMPTS) is None
	assert retry_delay_seconds(MAX_ATTEMPTS + 1) is None


def test_all_tries_outlast_a_deployment_and_end_the_same_day() -> None:
	assert timedelta(minutes=30) < timedelta(seconds=sum(delays())) < timedelta(hours=4)
