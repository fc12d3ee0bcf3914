"""What makes a plan one that every record goes through to its end (SQ-1), as pure functions over plain values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from lead_inbox.sequences.rules import SECONDS_IN, Kind, Signal, Unit

END = "End"  # what the designer writes to end the plan after a step
MAX_WAIT_SECONDS = 30 * SECONDS_IN[Unit.DAYS]
COMPARING = ("Equal To", "Not Equal To")  # operators of a Field Value that need something to compare with


@dataclass(frozen=True)
class Outline:
	"""A step as far as its place in the plan goes.

	yes, then: the title of a step or End; empty for the row that follows, which is the end after the last.
	branches: whether the step asks something. Without a question `yes` leads nowhere.
	"""

	title: str
	branches: bool = False
	yes: str = ""
	then: str = ""


class BranchProblem(str, Enum):
	"""Why a question can't be asked after a step."""

	NOT_A_MAIL = "not a mail"
	NOT_A_CALL = "not a call"
	NOT_TRACKED = "not tracked"
	LEAVES_ON_REPLY = "leaves on reply"
	NO_LIMIT = "no limit"
	NO_FIELD = "no field"
	NO_VALUE = "no value"


@dataclass(frozen=True)
class Question:
	"""What a branch asks. within: how many of its units the customer has for the answer yes."""

	signal: str
	within: int = 0
	field: str = ""
	operator: str = ""
	value: str = ""


def is_reserved(title: str) -> bool:
	"""Whether a title would be read as the end of the plan."""
	return title.casefold() == END.casefold()


def repeated(titles: Iterable[str]) -> list[str]:
	"""Return the titles that stand for more than one step; case makes no difference to a reader."""
	titles = list(titles)
	counts = Counter(title.casefold() for title in titles)
	return [title for title in titles if counts[title.casefold()] > 1]


def ways(steps: Sequence[Outline]) -> dict[str, tuple[str, ...]]:
	"""Return where one may come from each step, by title: to other titles or to End."""
	following = [*(step.title for step in steps[1:]), END]
	return {
		step.title: tuple(
			dict.fromkeys(
				target or after for target in ([step.yes, step.then] if step.branches else [step.then])
			)
		)
		for step, after in zip(steps, following, strict=False)
	}


def unknown_targets(steps: Sequence[Outline]) -> list[tuple[str, str]]:
	"""Return each step that leads to a title which no step has, with that title."""
	titles = {END, *(step.title for step in steps)}
	return [
		(title, target)
		for title, targets in ways(steps).items()
		for target in targets
		if target not in titles
	]


def unreached(steps: Sequence[Outline]) -> list[str]:
	"""Return the titles that no record would ever come to, in their order."""
	out = ways(steps)
	seen: set[str] = set()
	ahead = [step.title for step in steps[:1]]
	while ahead:
		title = ahead.pop()
		if title not in seen:
			seen.add(title)
			ahead.extend(out.get(title, ()))
	return [step.title for step in steps if step.title not in seen]


def loop(steps: Sequence[Outline]) -> list[str]:
	"""Return the titles along a way that leads back to where it began, which stands first and last.

	Empty when there is none: then every way through the plan ends.
	"""
	left = _on_endless_ways(ways(steps))
	walked: list[str] = []
	title = next(iter(left), None)
	while title is not None and title not in walked:
		walked.append(title)
		title = next(target for target in left[title] if target in left)
	return [*walked[walked.index(title) :], title] if title is not None else []


def _on_endless_ways(out: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
	"""Return the ways without those steps from which every way ends."""
	left = dict(out)
	while ending := [title for title, targets in left.items() if not any(to in left for to in targets)]:
		for title in ending:
			del left[title]
	return left


def is_too_long(amount: int, unit: str) -> bool:
	"""Whether a wait or time limit is more than 30 days. Days that are worked count as days."""
	return amount * SECONDS_IN[Unit(unit)] > MAX_WAIT_SECONDS


def branch_problem(
	kind: str, question: Question, *, tracks_mails: bool, leaves_on_reply: bool
) -> BranchProblem | None:
	"""Return why a question can't be asked after a step of a kind, None when it can.

	tracks_mails: whether the site may know that a mail was opened. leaves_on_reply: whether the sequence is
	over for a record whose customer replies.
	"""
	signal = Signal(question.signal)
	if signal is Signal.FIELD:
		return _field_problem(question)
	if signal is Signal.ANSWERED:
		return None if kind == Kind.CALL.value else BranchProblem.NOT_A_CALL
	if signal is Signal.REPLIED and leaves_on_reply:
		return BranchProblem.LEAVES_ON_REPLY
	if signal in (Signal.OPENED, Signal.CLICKED):
		if kind != Kind.EMAIL.value:
			return BranchProblem.NOT_A_MAIL
		if not tracks_mails:
			return BranchProblem.NOT_TRACKED
	return None if question.within else BranchProblem.NO_LIMIT


def _field_problem(question: Question) -> BranchProblem | None:
	if not question.field:
		return BranchProblem.NO_FIELD
	if question.operator in COMPARING and not question.value:
		return BranchProblem.NO_VALUE
	return None
