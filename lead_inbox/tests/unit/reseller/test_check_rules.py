from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.reseller.check_rules import (
	Answer,
	Requirement,
	Result,
	Subject,
	answers,
	is_proved,
	requirements,
	unmet,
)
from lead_inbox.reseller.rules import CustomerType, Origin

NOT_RESOLD = ["Workspace for Nonprofits", "Legacy Free Edition"]
REQUIREMENTS = st.builds(Requirement, st.sampled_from(Subject), st.sampled_from(["", *NOT_RESOLD]))
ANSWERS = st.builds(Answer, REQUIREMENTS, st.sampled_from(Result), st.sampled_from(["", "  ", "seen in DNS"]))


@pytest.mark.parametrize(
	("customer_type", "origin", "subjects"),
	[
		(
			CustomerType.DOMAIN,
			Origin.NEW,
			[Subject.REGISTERED_DOMAIN, Subject.OTHER_PRODUCT, Subject.OTHER_PRODUCT],
		),
		(CustomerType.TEAM, Origin.NEW, [Subject.OTHER_PRODUCT, Subject.OTHER_PRODUCT]),
		(CustomerType.TEAM, Origin.IMPORT, [Subject.OTHER_PRODUCT, Subject.OTHER_PRODUCT, Subject.CONSENT]),
	],
)
def test_each_kind_of_customer_is_asked_its_own_requirements(customer_type, origin, subjects):
	assert [asked.subject for asked in requirements(customer_type, origin, NOT_RESOLD)] == subjects


@given(asked=st.lists(REQUIREMENTS, unique=True), known=st.lists(ANSWERS))
def test_every_requirement_has_one_answer_and_is_open_until_it_is_given(asked, known):
	given_answers = answers(asked, known)
	assert [answer.requirement for answer in given_answers] == asked
	answered = {answer.requirement for answer in known}
	assert all(answer.result is Result.OPEN for answer in given_answers if answer.requirement not in answered)


@given(st.lists(ANSWERS))
def test_nothing_is_unmet_only_when_all_has_passed_with_evidence(given_answers):
	assert (unmet(given_answers) == []) == all(
		answer.result is Result.PASSED and answer.evidence.strip() for answer in given_answers
	)


def test_a_mere_yes_is_no_proof():
	assert not is_proved(Answer(Requirement(Subject.CONSENT), Result.PASSED, " "))
	assert not is_proved(Answer(Requirement(Subject.CONSENT), Result.FAILED, "They said no."))
