"""The tie between the inbox and ERPNext's Lead.status (requirement IN-5)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.inbox.rules import (
	FROM_CUSTOMER,
	HUMAN_RESPONSES,
	Happening,
	Reason,
	Status,
	erp_status_after,
	happening_of_erp_status,
)
from lead_inbox.tests.unit.inbox.strategies import happenings, statuses

ERP_STATUSES = (
	"Lead",
	"Open",
	"Replied",
	"Opportunity",
	"Quotation",
	"Lost Quotation",
	"Interested",
	"Converted",
	"Do Not Contact",
)
SPEAKING = (*HUMAN_RESPONSES, *FROM_CUSTOMER)
NOT_CLOSED = [status for status in Status if status is not Status.CLOSED]

erp_statuses = st.sampled_from(ERP_STATUSES)


@pytest.mark.parametrize("status", ["Lead", "Open"])
def test_a_human_reply_makes_it_replied(status: str) -> None:
	assert erp_status_after(Happening.REPLIED, status) == "Replied"


def test_an_inbound_message_opens_a_replied_lead() -> None:
	assert erp_status_after(Happening.INBOUND, "Replied") == "Open"


@pytest.mark.parametrize("status", [status for status in ERP_STATUSES if status not in ("Lead", "Open")])
def test_a_reply_leaves_every_other_status_alone(status: str) -> None:
	assert erp_status_after(Happening.REPLIED, status) == status


@pytest.mark.parametrize("status", [status for status in ERP_STATUSES if status != "Replied"])
def test_an_inbound_message_leaves_every_other_status_alone(status: str) -> None:
	assert erp_status_after(Happening.INBOUND, status) == status


@given(happenings.filter(lambda happening: happening not in SPEAKING), erp_statuses)
def test_nothing_but_speaking_touches_it(happening: Happening, status: str) -> None:
	assert erp_status_after(happening, status) == status


@given(happenings)
def test_a_do_not_contact_is_never_undone(happening: Happening) -> None:
	assert erp_status_after(happening, "Do Not Contact") == "Do Not Contact"


@pytest.mark.parametrize("status", [None, *NOT_CLOSED])
def test_what_erpnext_converted_is_converted_here(status: Status | None) -> None:
	assert happening_of_erp_status("Converted", status, "") is Happening.CONVERTED


@pytest.mark.parametrize("status", [None, *NOT_CLOSED])
def test_whom_a_person_marked_do_not_contact_is_closed(status: Status | None) -> None:
	assert happening_of_erp_status("Do Not Contact", status, "") is Happening.CONTACT_REFUSED


def test_a_converted_lead_may_still_refuse_contact() -> None:
	assert happening_of_erp_status("Do Not Contact", Status.CLOSED, "Converted") is Happening.CONTACT_REFUSED


@pytest.mark.parametrize("reason", ["Converted", "Do Not Contact"])
def test_nothing_happens_where_both_agree(reason: str) -> None:
	assert happening_of_erp_status(reason, Status.CLOSED, reason) is None


@given(statuses, st.sampled_from(["", *Reason]), erp_statuses)
def test_two_words_of_erpnext_close_a_lead_and_no_other_does_more_than_reopen_it(
	status: Status, reason: str, erp_status: str
) -> None:
	happening = happening_of_erp_status(erp_status, status, reason)
	assert happening in {
		"Converted": (None, Happening.CONVERTED),
		"Do Not Contact": (None, Happening.CONTACT_REFUSED),
	}.get(erp_status, (None, Happening.CLOSING_UNDONE))


@pytest.mark.parametrize("status", ["Lead", "Open", "Replied", "Interested"])
def test_taking_do_not_contact_back_reopens_the_lead(status: str) -> None:
	assert happening_of_erp_status(status, Status.CLOSED, "Do Not Contact") is Happening.CLOSING_UNDONE


def test_a_converted_lead_that_erpnext_opens_for_an_event_stays_closed() -> None:
	assert happening_of_erp_status("Open", Status.CLOSED, "Converted") is None


def test_a_merged_lead_stays_closed_whatever_erpnext_calls_it() -> None:
	assert happening_of_erp_status("Open", Status.CLOSED, "Merged") is None


def test_a_converted_lead_whose_customer_came_back_is_not_closed_again() -> None:
	assert happening_of_erp_status("Converted", Status.ACTIVE, "Returned") is None
