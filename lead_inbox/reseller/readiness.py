"""What is lacking before the vendor is asked for an account: RS-1, RS-2, RS-4."""

from __future__ import annotations

from typing import Any

from frappe import _

from lead_inbox.reseller import check_rules, reading, words
from lead_inbox.reseller.check_rules import Subject
from lead_inbox.reseller.refusals import refuse
from lead_inbox.reseller.rules import OF_ORIGIN, Origin, Status, may


def lacking(doc: Any) -> list[str]:
	"""Return, as sentences, the faults of the form, the requirements that are not met and the missing consent."""
	faults = words.with_labels(reading.form_faults(doc))
	unmet = [
		words.not_met(answer)
		for answer in check_rules.unmet(reading.answers_of(doc))
		if answer.requirement.subject is not Subject.CONSENT
	]
	refusal = reading.consent_refusal(doc)
	return [*faults, *unmet, *([words.consent(refusal)] if refusal else [])]


def refuse_while_lacking(doc: Any) -> None:
	"""Raise ResellerRefused with all that is lacking."""
	if found := lacking(doc):
		refuse(_("Something is lacking still: {0}").format(" ".join(found)))


def refuse_unless_ready(doc: Any) -> None:
	"""Raise ResellerRefused unless the customer is checked and still good: a consent may have ended since."""
	act, status = OF_ORIGIN[Origin(doc.origin)], Status(doc.status)
	if not may(status, act):
		refuse(words.not_now(act, status))
	refuse_while_lacking(doc)
