from __future__ import annotations

from datetime import datetime, timezone

import pytest

from lead_inbox.channels.event import Person
from lead_inbox.channels.mail import name_from_address, parse
from lead_inbox.tests.unit.channels.strategies import BERLIN

MAIL = {
	"name": "comm-1",
	"message_id": "abc@mail.example",
	"subject": "My tap\r\n drips",
	"sender": "ada@example.com",
	"sender_full_name": "Ada Lovelace",
	"text_content": "Hello,\r\nplease call.\r\n\r\n> earlier mail",
	"content": "<p>not this</p>",
	"communication_date": "2026-03-31 14:05:00.123456",
	"recipients": "sales@our.example",
	"sent_or_received": "Received",
	"in_reply_to": "comm-0",
}


def test_a_mail() -> None:
	event = parse(MAIL, BERLIN)
	assert (event.external_id, event.kind, event.direction) == ("abc@mail.example", "Email", "In")
	assert event.thread_id == ""
	assert event.subject == "My tap drips"
	assert event.text == "Hello,\nplease call.\n\n> earlier mail"
	assert event.person == Person(full_name="Ada Lovelace", emails=("ada@example.com",))
	assert event.occurred_on == datetime(2026, 3, 31, 12, 5, 0, 123456, timezone.utc)


def test_html_when_there_is_no_text() -> None:
	content = "<style>p{}</style><p>Hello,<br>please call &amp; ask</p><script>evil()</script>"
	assert parse(MAIL | {"text_content": " ", "content": content}, BERLIN).text == "Hello,\nplease call & ask"


def test_a_mail_without_a_message_id() -> None:
	assert parse(MAIL | {"message_id": None}, BERLIN).external_id == "comm-1"


def test_a_mail_that_we_sent() -> None:
	sent = {"sent_or_received": "Sent", "recipients": '"Lovelace, Ada" <ada@example.com>, b@example.com'}
	event = parse(MAIL | sent, BERLIN)
	assert event.direction == "Out"
	assert event.person == Person(full_name="Lovelace, Ada", emails=("ada@example.com",))
	assert parse(MAIL | sent | {"recipients": None}, BERLIN).person == Person()


@pytest.mark.parametrize("full_name", [None, "", "ADA.lovelace@example.com"])
def test_a_name_from_the_address(full_name: str | None) -> None:
	changes = {"sender": "ada.lovelace@example.com", "sender_full_name": full_name}
	assert parse(MAIL | changes, BERLIN).person.full_name == "Ada Lovelace"


def test_a_name_written_with_the_address() -> None:
	changes = {"sender": "Ada L <al@example.com>", "sender_full_name": ""}
	person = parse(MAIL | changes, BERLIN).person
	assert person == Person(full_name="Ada L", emails=("al@example.com",))


def test_a_sender_that_is_no_address_is_kept_as_written() -> None:
	changes = {"sender": "Ada, (at) home <", "sender_full_name": ""}
	assert parse(MAIL | changes, BERLIN).person.emails == ("Ada, (at) home <",)


@pytest.mark.parametrize(
	("address", "name"),
	[
		("ada@example.com", "Ada"),
		("ada_m.lovelace-king@example.com", "Ada M Lovelace King"),
		("ada+shop@example.com", "Ada"),
		("McAda1985@example.com", "McAda1985"),
		("no-reply@example.com", ""),
		("noreply@example.com", ""),
		("info@example.com", ""),
		("user8834021@example.com", ""),
		("3f2b9c1d7e6a4f50@relay.example", ""),
		("a" * 31 + "@example.com", ""),
		("123@example.com", ""),
		("", ""),
	],
)
def test_which_addresses_are_names(address: str, name: str) -> None:
	assert name_from_address(address) == name
