"""Who does a step when the one who should can't: requirement SQ-4."""

from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.sequences.enrollment.assignee_rules import first_available

USERS = st.sampled_from(["ana", "ben", "cleo", None, ""])


def test_the_wanted_user_has_it_when_they_can():
	assert first_available(["ana", "ben"], {"ana", "ben"}.__contains__) == "ana"


def test_the_next_in_line_has_it_when_they_can_not():
	assert first_available(["ana", None, "ben"], {"ben"}.__contains__) == "ben"


def test_nobody_has_it_when_nobody_can():
	assert first_available(["ana", "ben"], lambda _user: False) is None


@given(st.lists(USERS), st.sets(USERS))
def test_whoever_has_it_is_available_and_nobody_before_them_is(wanted, available):
	chosen = first_available(wanted, available.__contains__)
	able = [user for user in wanted if user and user in available]
	assert chosen == (able[0] if able else None)
