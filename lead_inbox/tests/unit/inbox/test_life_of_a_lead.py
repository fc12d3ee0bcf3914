"""Whatever happens to a lead in whatever order: what is never true of it (requirement IN-4)."""

from __future__ import annotations

from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from lead_inbox.inbox.rules import (
	AGING,
	CLOSING,
	HEARD_FROM,
	HUMAN_RESPONSES,
	Happening,
	Situation,
	Status,
	decide,
)
from lead_inbox.tests.unit.inbox.strategies import happenings

UNDOES = {Happening.RESTORED: Status.DECLINED, Happening.CLOSING_UNDONE: Status.CLOSED}


class LifeOfALead(RuleBasedStateMachine):
	"""A lead to which things happen, with the memory that the rules are told of."""

	@initialize()
	def arrive(self) -> None:
		self.status = decide(Situation(None), Happening.ARRIVED).status
		self.reason = ""
		self.left_for: dict[Status, tuple[Status, str]] = {}
		self.answered = False
		self.happened = Happening.ARRIVED
		self.was = self.status

	@rule(happening=happenings)
	def anything_happens(self, happening: Happening) -> None:
		self._happen(happening)

	@precondition(lambda self: self.status in UNDOES.values())
	@rule()
	def undo(self) -> None:
		"""Drawn often: at random it rarely follows what it undoes."""
		self._happen(next(undo for undo, status in UNDOES.items() if status is self.status))

	def _happen(self, happening: Happening) -> None:
		self.was, self.happened = self.status, happening
		before = self.left_for.get(self.status, (None, ""))
		decision = decide(Situation(self.status, *before, self.answered), happening)
		if decision.status is not self.status:
			self.left_for[decision.status] = (self.status, self.reason)
			self.reason = decision.reason
		self.status = decision.status
		self.answered |= happening in HUMAN_RESPONSES

	@property
	def moved(self) -> bool:
		return self.status is not self.was

	@invariant()
	def it_has_one_of_the_six_states(self) -> None:
		assert self.status in set(Status)

	@invariant()
	def only_its_customer_or_an_undoing_brings_it_back_from_closed(self) -> None:
		if self.moved and self.was is Status.CLOSED:
			assert self.happened in (*HEARD_FROM, Happening.CLOSING_UNDONE)

	@invariant()
	def only_restoring_or_closing_ends_declined(self) -> None:
		if self.moved and self.was is Status.DECLINED:
			assert self.happened in (Happening.RESTORED, *CLOSING)

	@invariant()
	def only_its_bookings_ending_or_closing_ends_booked(self) -> None:
		if self.moved and self.was is Status.BOOKED:
			assert self.happened in (Happening.BOOKINGS_ENDED, *CLOSING)

	@invariant()
	def aging_takes_only_new_and_active_and_only_to_rest(self) -> None:
		if self.happened in AGING and self.moved:
			assert (
				self.was is {"left unanswered": Status.NEW, "gone quiet": Status.ACTIVE}[self.happened.value]
			)
			assert self.status is Status.INACTIVE

	@invariant()
	def it_is_inactive_only_by_aging_or_by_an_undoing(self) -> None:
		if self.moved and self.status is Status.INACTIVE:
			assert self.happened in (*AGING, *UNDOES)

	@invariant()
	def an_undoing_gives_back_the_state_and_the_reason_it_had(self) -> None:
		if self.happened in UNDOES and self.was is UNDOES[self.happened]:
			assert (self.status, self.reason) == self.left_for[self.was]

	@invariant()
	def new_is_a_lead_that_nobody_answered(self) -> None:
		if self.moved and self.status is Status.NEW and self.happened not in UNDOES:
			assert not self.answered


LifeOfALead.TestCase.settings = settings(max_examples=200, stateful_step_count=40)
TestLifeOfALead = LifeOfALead.TestCase
