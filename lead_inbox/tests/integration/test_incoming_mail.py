"""What comes back from the customer by mail, through Frappe's own receiver: RE-2, RE-3 and IN-3.

The mails are in tests/corpus/mails, as RFC 822 messages. The first that we sent has the message id
our-mail-1@company.example; the relay token of its lead is TOKEN.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import frappe
import pytest
from frappe.email.receive import InboundMail
from frappe.utils import add_to_date, now_datetime

from lead_inbox.api import mails
from lead_inbox.channels.charsets import know_mail_charsets
from lead_inbox.inbox import events, lifecycle, messages
from lead_inbox.inbox.replies import held_mail, relay
from lead_inbox.inbox.rules import Happening
from lead_inbox.tests.integration.builders import (
	make_lead,
	make_user,
	process_all,
	state_of,
	transitions_of,
)

CORPUS = Path(__file__).parents[1] / "corpus" / "mails"
TOKEN = "00c0ffee00c0ffee"
ADA = "ada@customer.example"
IMPOSTOR = "ada@impostor.example"


@pytest.fixture(autouse=True)
def no_files_stay() -> Iterator[None]:
	"""Attachments are written to the disk, which no rollback clears."""
	folder = Path(frappe.get_site_path("private", "files"))
	before = set(folder.iterdir())
	yield
	for path in set(folder.iterdir()) - before:
		path.unlink()


@pytest.fixture
def mailbox() -> Any:
	"""An Email Account of the channel E-mail that, too, makes contacts of whoever writes."""
	know_mail_charsets()  # as before each job
	account = frappe.get_doc(
		doctype="Email Account",
		email_account_name="Sales mail",
		email_id="sales@company.example",
		create_contact=1,
	).insert()
	frappe.get_doc("Lead Channel", "E-mail").update({"email_account": account.name}).save()
	return account


@pytest.fixture
def ada(mailbox: Any) -> str:
	"""A lead that we have mailed once."""
	lead = make_lead(first_name="Ada", last_name="Lovelace", email_id=ADA).name
	frappe.get_doc(
		doctype="Communication",
		communication_medium="Email",
		communication_type="Communication",
		sent_or_received="Sent",
		sender="sales@company.example",
		recipients=ADA,
		subject="Your request",
		content="When may we come?",
		message_id="our-mail-1@company.example",
		reference_doctype="Lead",
		reference_name=lead,
	).insert()
	frappe.db.set_value("Lead", lead, "inbox_relay_token", TOKEN)
	return lead


def fetch(mailbox: Any, *names: str) -> list[Any]:
	"""Let Frappe receive mails of the corpus, as its scheduler does."""
	return [receive(mailbox, (CORPUS / f"{name}.eml").read_bytes()) for name in names]


def receive(mailbox: Any, raw: bytes) -> Any:
	communication = InboundMail(raw, mailbox).process()
	frappe.db.commit()
	process_all()
	return communication


def inbound(lead: str | None = None) -> list[frappe._dict]:
	return frappe.get_all(
		"Lead Message",
		filters={"direction": "In", **({"lead": lead} if lead else {})},
		fields=["*"],
		order_by="creation asc",
	)


def contacts() -> int:
	return frappe.db.count("Contact")


def last_number() -> int:
	"""How many numbers of the Leads' series are used up."""
	table = frappe.qb.DocType("Series")
	found = frappe.qb.from_(table).select(table.current).where(table.name.like("CRM-LEAD-%")).run()
	return sum(current for (current,) in found)


@dataclass
class Read:
	"""How a mail is read in the inbox."""

	sender: str
	subject: str
	text: str
	files: list[str] = field(default_factory=list)


QUOTED = """Friday at ten is fine.

On Fri, 20 Nov 2026 at 11:02, Sales <sales@company.example> wrote:
> Hello Ada,
>
> when may we come?
>
>> my kitchen tap drips"""
FORWARDED = """Bitte um ein Angebot.

-----Ursprüngliche Nachricht-----
Von: Hausverwaltung <hv@verwaltung.example>
Gesendet: Freitag, 20. November 2026 16:02
An: ada@customer.example
Betreff: Anfrage

Die Heizung im 3. Stock ist defekt."""
BOUNCE_QUOTED = """My mail to your colleague came back, see below. Please call me.

> <bob@company.example>: 550 5.1.1 User unknown"""

# Every mail that a person wrote. Names in other than Latin letters are dropped by Frappe's receiver
# before anybody sees them; the inbox then makes a name of the address.
READINGS = {
	"plain": Read(
		"Ada Lovelace",
		"Leaking tap",
		"Hello,\n\nmy kitchen tap drips. Can you come on Friday?\n\nAda",
	),
	"html_only": Read(
		"Ada Lovelace",
		"Heating",
		"unseen\nGood morning,\n\nthe heating makes a knocking noise & stays cold.\n\nFloor: 2\nSize: 80 m²",
	),
	"alternative": Read("Ada Lovelace", "Quote please", "The plain words."),
	"attachment": Read("Ada Lovelace", "Plan of the flat", "Here is the plan.", ["plan.pdf"]),
	"attachment_encoded_name": Read(
		"Ada Lovelace", "Grundriss", "Anbei der Grundriss.", ["Grundriss Büro.pdf"]
	),
	"two_attachments": Read("Ada Lovelace", "Two files", "A picture and a list.", ["rooms.csv", "tap.png"]),
	"inline_image": Read(
		"Ada Lovelace", "See the picture", "This is the tap:\n\nWhat does it cost?", ["photo.png"]
	),
	"forwarded_inline": Read("Ada Lovelace", "WG: Anfrage", FORWARDED),
	"quoted_history": Read("Ada Lovelace", "Re: Your request", QUOTED),
	"reply_without_brackets": Read("Ada Lovelace", "Re: Your request", "No brackets around the id."),
	"reply_from_other_address": Read("Ada at work", "Re: Your request", "I write from work now."),
	"reply_to_other_address": Read(
		"Ada Lovelace", "Question from the form", "Sent by a form, answered to Ada."
	),
	"person_away_by_subject_word": Read(
		"Ada Lovelace", "Out of office chairs, do you deliver?", "We need twelve of them."
	),
	"person_forwards_bounce": Read("Ada Lovelace", "Fwd: Undelivered Mail Returned to Sender", BOUNCE_QUOTED),
	"broken_charset": Read("Ada Lovelace", "Odd letters", "Grüße aus Köln,  50 m"),
	"wrong_charset": Read("Ada Lovelace", "Wrong label", "The caf costs 20 ."),
	"no_charset": Read(
		"Ada Lovelace", "No label", "Die Küche wird größer, bitte um ein Angebot für die Rohre."
	),
	"thai_windows_874": Read("Somchai", "สอบถามราคา", "สวัสดีครับ ซ่อมแอร์ราคาเท่าไหร่ครับ"),
	"thai_utf8": Read("Somying", "น้ำรั่ว", "ก๊อกน้ำรั่ว ด่วน"),
	"greek_iso_8859_7": Read("Maria", "Προσφορά", "Θέλω μια προσφορά για δύο καλοριφέρ."),
	"vietnamese_utf8": Read("Trn Văn An", "Báo giá", "Tôi cần sửa vòi nước, giá bao nhiêu?"),
	"vietnamese_windows_1258": Read("An", "Hoi gia", "Nuo\u0301c nóng không cha\u0323y."),
	"japanese_iso_2022_jp": Read("Yamada", "見積もりのお願い", "水漏れの修理をお願いします。"),
	"encoded_headers": Read("Jürgen Müller", "Angebot für drei Bäder", "Drei Bäder."),
	"raw_8bit_headers": Read("Jrgen Mller", "Drei Bäder", "Unkodierte Kopfzeilen."),
	"folded_headers": Read(
		"Ada Lovelace",
		"A subject that is so long that the mail program of the customer has folded it over three lines",
		"Folded.",
	),
	"empty_body": Read("Ada Lovelace", "Please call me", ""),
	"missing_date": Read("Ada Lovelace", "No date", "When was this?"),
	"future_date": Read("Ada Lovelace", "From the future", "My clock runs fast."),
	"no_message_id": Read("Ada Lovelace", "No id", "My program gives no id."),
	"flowed_emoji": Read("Ada Lovelace", "Wasser 💧 im Keller", "Es tropft 💧 und\ntropft. 👍🏽"),
	"calendar_invitation": Read("Ada Lovelace", "Invitation: visit", "Shall we meet on site?", ["visit.ics"]),
	"relay_in_copy": Read("Ada Lovelace", "In copy", "You are in copy."),
	"relay_known_sender": Read("Ada Lovelace", "A new thread", "I start anew at your relay address."),
}


def reading_of(communication: Any) -> Read:
	said = frappe.get_doc("Lead Message", {"communication": communication.name})
	files = frappe.get_all(
		"File",
		filters={"attached_to_doctype": "Communication", "attached_to_name": communication.name},
		pluck="file_name",
		order_by="file_name asc",
	)
	texts = (messages.as_text(said.get(part)) for part in ("sender_name", "subject", "content"))
	return Read(*texts, files)


def test_each_mail_that_a_person_wrote_is_read_as_it_was_meant(mailbox):
	found = {}
	for name in READINGS:
		(communication,) = fetch(mailbox, name)
		found[name] = reading_of(communication)
	assert found == READINGS


def test_the_corpus_has_no_mail_that_is_not_tested_here():
	machines = {*OUT_OF_OFFICE, *BOUNCES, "delayed", "bounce_unknown_address", "bounce_forwarding"}
	others = {"forwarded_as_attachment", "script_and_tracking", "missing_from", "duplicate_message_id"}
	others |= {"injecting_name", "relay_unknown_sender", "relay_bounce"}
	assert {path.stem for path in CORPUS.glob("*.eml")} == {*READINGS, *machines, *others}


def test_a_forwarded_mail_is_read_with_the_mail_in_it(mailbox):
	(communication,) = fetch(mailbox, "forwarded_as_attachment")
	text = reading_of(communication).text
	assert text.startswith("Is this offer still good?\nFrom: Other Plumber")
	assert "We would do it for 480 euros." in text


def test_scripts_and_tracking_images_do_not_reach_the_page(mailbox):
	(communication,) = fetch(mailbox, "script_and_tracking")
	stored = inbound()[0]

	assert "<" not in stored.content + stored.subject + stored.sender_name
	assert reading_of(communication).text == "Dear sales,\n\nour list\n<img src=x onerror=alert(1)>"


def test_line_breaks_in_a_name_stay_within_one_line(mailbox):
	fetch(mailbox, "injecting_name")
	lead = frappe.get_last_doc("Lead")
	assert "\n" not in lead.lead_name + inbound()[0].sender_name + inbound()[0].subject


def test_a_mail_without_a_date_or_from_the_future_is_of_now(mailbox):
	started = now_datetime()
	fetch(mailbox, "missing_date", "future_date")
	assert all(started.replace(microsecond=0) <= said.sent_on <= now_datetime() for said in inbound())


def test_a_mail_without_a_sender_makes_nothing_and_is_in_the_error_log(mailbox):
	with pytest.raises(AttributeError):  # Frappe's receiver; it logs the mail whole
		fetch(mailbox, "missing_from")
	assert frappe.db.count("Lead") == 0
	assert frappe.db.exists("Error Log", {"error": ["like", "%Who am I?%"]})


def test_a_mail_fetched_twice_is_one_message(mailbox):
	fetch(mailbox, "plain", "plain", "duplicate_message_id")
	assert [said.external_id for said in inbound()] == ["plain-1@customer.example"]


def test_attachments_over_the_limit_are_missed_in_the_text(mailbox):
	frappe.db.set_single_value("System Settings", "max_file_size", 1)
	raw = (CORPUS / "attachment.eml").read_bytes()
	start = raw.index(b"JVBER")
	too_large = raw[:start] + b"QUFB" * 400_000 + b"\n--b2--\n"
	communication = receive(mailbox, too_large.replace(b"plan.pdf", b"plan.bin").replace(b"/pdf", b"/x-b"))

	assert reading_of(communication).files == []
	assert "An attachment was too large" in reading_of(communication).text


# Threads


def test_a_first_mail_makes_one_lead_with_one_contact_whatever_the_account_is_set_to(mailbox):
	before = contacts()
	(communication,) = fetch(mailbox, "plain")

	lead = frappe.get_doc("Lead", {"email_id": ADA})
	assert contacts() == before + 1
	assert (communication.reload() or communication).reference_name == lead.name


@pytest.mark.parametrize(
	"name", ["quoted_history", "reply_without_brackets", "reply_from_other_address", "plain"]
)
def test_an_answer_joins_its_lead_and_leaves_nothing_else_behind(mailbox, ada, name):
	before = contacts(), last_number()
	(communication,) = fetch(mailbox, name)

	assert [said.lead for said in inbound()] == [ada]
	assert frappe.db.get_value("Communication", communication.name, "reference_name") == ada
	assert (contacts(), last_number()) == before
	assert frappe.db.count("Lead") == 1


def test_an_account_that_appends_to_lead_wastes_no_number_and_leaves_no_contact(mailbox, ada):
	mailbox.append_to = "Lead"
	before = contacts(), last_number()
	fetch(mailbox, "plain")

	assert [said.lead for said in inbound()] == [ada]
	assert (contacts(), last_number()) == before


def test_a_person_is_told_of_a_double_before_it_takes_a_number(ada):
	before = contacts(), last_number()
	with pytest.raises(frappe.DuplicateEntryError, match="already used in"):
		make_lead(email_id=ADA)
	assert (contacts(), last_number()) == before


def test_doubles_are_made_where_the_site_allows_them(ada):
	frappe.db.set_single_value("CRM Settings", "allow_lead_duplication_based_on_emails", 1)
	assert make_lead(email_id=ADA).name != ada


def test_an_account_that_we_answer_from_knows_leads_and_takes_in_no_strangers(mailbox, ada):
	frappe.get_doc("Lead Channel", "E-mail").update({"email_account": None}).save()
	frappe.db.set_value("Email Account", mailbox.name, "default_outgoing", 1)
	fetch(mailbox, "plain", "thai_utf8", "bounce_exim", "bounce_unknown_address")

	assert [said.lead for said in inbound()] == [ada]
	assert frappe.db.get_value("Lead", ada, "inbox_bounced_email") == ADA
	assert frappe.db.count("Lead") == 1
	assert frappe.db.count("Lead Event") == 2


def test_an_answer_on_an_account_of_no_channel_joins_its_lead(mailbox, ada):
	other = frappe.get_doc(
		doctype="Email Account", email_account_name="Other mail", email_id="other@company.example"
	).insert()
	fetch(other, "quoted_history", "plain")
	assert [said.subject for said in inbound(ada)] == ["Re: Your request"]
	assert frappe.db.count("Lead") == 1


def test_an_answer_to_a_merged_lead_goes_to_its_winner(mailbox, ada):
	winner = make_lead(first_name="Winner").name
	lifecycle.merge_away(ada, winner)
	(communication,) = fetch(mailbox, "quoted_history")

	assert [said.lead for said in inbound()] == [winner]
	assert frappe.db.get_value("Communication", communication.name, "reference_name") == winner


def test_a_mail_on_another_document_is_that_document_s(mailbox, ada):
	todo = frappe.get_doc(doctype="ToDo", description="Call back").insert().name
	frappe.db.set_value(
		"Communication",
		{"message_id": "our-mail-1@company.example"},
		{"reference_doctype": "ToDo", "reference_name": todo},
	)
	(communication,) = fetch(mailbox, "quoted_history")

	assert frappe.db.get_value("Communication", communication.name, "reference_doctype") == "ToDo"
	assert inbound() == []


# Answer machines

OUT_OF_OFFICE = (
	"out_of_office_en",
	"out_of_office_de",
	"out_of_office_fr",
	"out_of_office_el",
	"out_of_office_th",
	"out_of_office_es",
	"out_of_office_vi",
	"answer_machine_by_its_words",
	"read_receipt",
)


def test_an_answer_machine_is_heard_but_moves_nothing(mailbox, ada):
	snoozed_until = add_to_date(now_datetime().replace(microsecond=0), days=3)
	lifecycle.snooze(ada, snoozed_until)
	fields = ["status", "inbox_status", "inbox_last_inbound_on", "inbox_last_interaction_on"]
	fields += ["inbox_snoozed_until", "inbox_aging_from", "inbox_last_message", "inbox_call_back_on"]
	before = frappe.db.get_value("Lead", ada, fields)
	fetch(mailbox, *OUT_OF_OFFICE)

	said = inbound(ada)
	assert len(said) == len(OUT_OF_OFFICE)
	assert all(message.automated for message in said)
	assert frappe.db.get_value("Lead", ada, fields) == before


def test_an_answer_machine_does_not_wake_an_inactive_lead_and_is_in_its_timeline(mailbox, ada):
	lifecycle.apply(ada, Happening.WENT_QUIET)
	(communication,) = fetch(mailbox, "out_of_office_en")

	assert state_of(ada) == ("Inactive", "Quiet")
	assert frappe.db.get_value("Communication", communication.name, "reference_name") == ada


def test_answer_machines_of_strangers_and_bounces_about_them_make_no_lead(mailbox):
	before = contacts(), last_number()
	fetch(mailbox, *OUT_OF_OFFICE, "delayed", "bounce_unknown_address", "bounce_exim")

	assert frappe.db.count("Lead") == 0
	assert (contacts(), last_number()) == before
	kept = frappe.get_all("Lead Event", fields=["status", "reason", "lead"], order_by="name asc")
	assert len(kept) == len(OUT_OF_OFFICE) + 3
	assert all(row.status == events.PROCESSED and row.reason and not row.lead for row in kept)


def test_what_names_itself_a_machine_s_makes_no_lead_on_an_account_that_appends_to_lead(mailbox):
	mailbox.append_to = "Lead"
	before = contacts(), last_number()
	fetch(mailbox, "out_of_office_en", "out_of_office_th", "delayed", "bounce_exim")

	assert frappe.db.count("Lead") == 0
	assert (contacts(), last_number()) == before


# Bounces

BOUNCES = {
	"bounce_postfix": "550 5.1.1",
	"bounce_gmail": "550 5.1.1",
	"bounce_exchange": "550 5.1.1",
	"bounce_exim": "552 5.2.2 mailbox is full",
	"bounce_qmail": "554 5.7.1 Relay access denied",
	"bounce_german": "550 Requested action not taken",
	"bounce_null_sender": "550 5.1.1",
	"relay_bounce": "550 5.1.1",
}


@pytest.mark.parametrize("name", BOUNCES)
def test_a_mail_that_came_back_marks_the_address_and_the_message(mailbox, ada, name):
	before = transitions_of(ada)
	(communication,) = fetch(mailbox, name)

	assert frappe.db.get_value("Lead", ada, "inbox_bounced_email") == ADA
	sent = frappe.get_doc("Lead Message", {"lead": ada, "direction": "Out"})
	assert sent.delivery_status == "Failed"
	assert ADA in sent.delivery_error and BOUNCES[name] in messages.as_text(sent.delivery_error)
	assert inbound() == [] and transitions_of(ada) == before
	assert frappe.db.get_value("Lead", ada, "inbox_last_inbound_on") is None
	assert frappe.db.get_value("Communication", communication.name, "reference_name") == ada
	assert frappe.db.count("Lead") == 1


def test_the_author_of_a_mail_that_came_back_is_told(mailbox, ada):
	author = make_user("jun@company.example")
	frappe.db.set_value("Lead Message", {"lead": ada, "direction": "Out"}, "user", author)
	fetch(mailbox, "bounce_postfix")
	assert frappe.db.count("Notification Log", {"for_user": author, "document_name": ada}) == 1


def test_of_several_mails_the_one_that_the_bounce_refers_to_has_failed(mailbox, ada):
	first = frappe.db.get_value("Lead Message", {"lead": ada, "direction": "Out"})
	later = messages.record(
		ada,
		lead_email=ADA,
		kind="Email",
		direction="Out",
		external_id="later",
		recipient=ADA,
		delivery_status="Sent",
	)
	fetch(mailbox, "bounce_gmail")
	assert frappe.db.get_value("Lead Message", first, "delivery_status") == "Failed"
	assert frappe.db.get_value("Lead Message", later, "delivery_status") == "Sent"

	fetch(mailbox, "bounce_exim")  # names the address, but no mail of ours
	assert frappe.db.get_value("Lead Message", later, "delivery_status") == "Failed"


def test_a_bounce_of_an_address_behind_the_customer_s_marks_the_customer_s(mailbox, ada):
	fetch(mailbox, "bounce_forwarding")
	assert frappe.db.get_value("Lead", ada, "inbox_bounced_email") == ADA


def test_a_delay_is_no_bounce(mailbox, ada):
	fetch(mailbox, "delayed")
	assert frappe.db.get_value("Lead", ada, "inbox_bounced_email") is None


def test_a_mail_from_the_address_that_bounced_takes_the_mark_away(mailbox, ada):
	fetch(mailbox, "bounce_postfix", "out_of_office_en")
	assert frappe.db.get_value("Lead", ada, "inbox_bounced_email") == ADA
	fetch(mailbox, "reply_from_other_address")
	assert frappe.db.get_value("Lead", ada, "inbox_bounced_email") == ADA
	fetch(mailbox, "plain")
	assert frappe.db.get_value("Lead", ada, "inbox_bounced_email") is None


# Relay


@pytest.mark.parametrize("name", ["relay_known_sender", "relay_in_copy"])
def test_a_mail_to_the_relay_address_reaches_its_lead_before_all_else(mailbox, ada, name):
	frappe.db.set_value("Lead", ada, "email_id", None)  # so that the sender alone would be a new lead
	link_address(ada, ADA)
	fetch(mailbox, name)
	assert [said.lead for said in inbound()] == [ada]
	assert frappe.db.count("Lead") == 1


def link_address(lead: str, address: str) -> None:
	frappe.get_doc(
		doctype="Contact",
		first_name="Second",
		email_ids=[{"email_id": address.upper(), "is_primary": 1}],
		links=[{"link_doctype": "Lead", "link_name": lead}],
	).insert()


def test_a_mail_to_the_relay_address_of_a_merged_lead_reaches_the_winner(mailbox, ada):
	winner = make_lead(first_name="Winner").name
	lifecycle.merge_away(ada, winner)
	link_address(winner, ADA)
	fetch(mailbox, "relay_known_sender")
	assert [said.lead for said in inbound()] == [winner]


def held(lead: str) -> list[tuple[str, str, str]]:
	return [(row["sender"], row["subject"], row["preview"]) for row in held_mail.of_lead(lead)]


def test_a_stranger_s_mail_to_the_relay_address_waits_outside_the_conversation(mailbox, ada):
	lifecycle.apply(ada, Happening.REPLIED)
	before = state_of(ada), frappe.db.get_value("Lead", ada, ["status", "modified"])
	(communication,) = fetch(mailbox, "relay_unknown_sender")

	assert inbound() == [] and frappe.db.count("Lead") == 1
	assert held(ada) == [(IMPOSTOR, "Change of bank details", "Please pay to this account instead.")]
	assert (state_of(ada), frappe.db.get_value("Lead", ada, ["status", "modified"])) == before
	mail = frappe.db.get_value(
		"Communication", communication.name, ["reference_doctype", "reference_name", "status"]
	)
	assert mail == (None, None, "Open")
	assert not frappe.db.exists("Contact Email", {"email_id": IMPOSTOR})


def test_who_has_the_lead_is_told_once_of_mails_that_wait(mailbox, ada):
	jun = make_user("jun@company.example")
	frappe.get_doc(
		doctype="ToDo", description="Yours", reference_type="Lead", reference_name=ada, allocated_to=jun
	).insert()
	frappe.db.delete("Notification Log")
	raw = (CORPUS / "relay_unknown_sender.eml").read_bytes()
	for number in (b"1", b"2"):
		receive(mailbox, raw.replace(b"rel-2", b"rel-2-" + number))

	assert len(held(ada)) == 2
	assert frappe.db.count("Notification Log", {"for_user": jun}) == 1


def test_staff_are_strangers_at_the_relay_address(mailbox, ada):
	make_user(IMPOSTOR)
	fetch(mailbox, "relay_unknown_sender")
	assert len(held(ada)) == 1


def test_a_forged_thread_alone_is_threaded_as_frappe_does(mailbox, ada):
	fetch(mailbox, "reply_from_other_address")
	assert [said.lead for said in inbound()] == [ada]


def test_an_accepted_mail_joins_the_conversation_and_its_sender_is_remembered(mailbox, ada):
	(communication,) = fetch(mailbox, "relay_unknown_sender")
	before = contacts()
	mails.accept(held_mail.of_lead(ada)[0]["event"], remember=1)
	process_all()

	assert held(ada) == []
	assert [messages.as_text(said.content) for said in inbound(ada)] == [
		"Please pay to this account instead."
	]
	assert frappe.db.get_value("Communication", communication.name, "reference_name") == ada
	assert contacts() == before
	raw = (CORPUS / "relay_unknown_sender.eml").read_bytes()
	receive(mailbox, raw.replace(b"rel-2", b"rel-2-next"))
	assert len(inbound(ada)) == 2 and held(ada) == []


def test_a_mail_accepted_once_vouches_for_no_other(mailbox, ada):
	fetch(mailbox, "relay_unknown_sender")
	mails.accept(held_mail.of_lead(ada)[0]["event"], remember=0)
	process_all()
	raw = (CORPUS / "relay_unknown_sender.eml").read_bytes()
	receive(mailbox, raw.replace(b"rel-2", b"rel-2-next"))

	assert len(inbound(ada)) == 1 and len(held(ada)) == 1


def test_a_lead_without_a_contact_gets_one_to_remember_the_sender_by(mailbox, ada):
	contact = frappe.db.get_value("Dynamic Link", {"link_doctype": "Lead", "link_name": ada}, "parent")
	frappe.delete_doc("Contact", contact)
	fetch(mailbox, "relay_unknown_sender")
	mails.accept(held_mail.of_lead(ada)[0]["event"], remember=1)

	assert relay.known_addresses(ada) == {ADA, IMPOSTOR}


def test_a_refused_mail_is_put_away_for_good(mailbox, ada):
	fetch(mailbox, "relay_unknown_sender")
	event = held_mail.of_lead(ada)[0]["event"]
	mails.refuse(event)
	process_all()

	assert held(ada) == [] and inbound() == []
	assert frappe.db.get_value("Lead Event", event, ["status", "lead"]) == (events.PROCESSED, ada)
	for decide in (mails.accept, mails.refuse):
		with pytest.raises(frappe.ValidationError, match="decided on already"):
			decide(event)


def test_only_who_may_write_the_lead_decides_on_its_mails(mailbox, ada):
	fetch(mailbox, "relay_unknown_sender")
	event = held_mail.of_lead(ada)[0]["event"]
	frappe.set_user(make_user("reader@company.example", "Employee"))
	for decide in (mails.accept, mails.refuse):
		with pytest.raises(frappe.PermissionError):
			decide(event)


def test_what_a_channel_rejected_for_another_reason_is_not_offered_as_held(mailbox, ada):
	frappe.get_doc("Lead Channel", "E-mail").update({"enabled": 0}).save()
	fetch(mailbox, "quoted_history")
	assert frappe.db.count("Lead Event", {"lead": ada, "status": events.REJECTED}) == 1
	assert held(ada) == []


@pytest.mark.parametrize(
	("of_channel", "of_settings", "address"),
	[
		({}, {}, "sales@company.example"),
		({}, {"relay": "Plus Address"}, f"sales+{TOKEN}@company.example"),
		({"relay": "Plus Address"}, {}, f"sales+{TOKEN}@company.example"),
		(
			{"relay": "Catch-all", "relay_domain": "in.company.example"},
			{"relay": "Plus Address"},
			f"{TOKEN}@in.company.example",
		),
		({"relay": "Catch-all"}, {"relay_domain": "in.company.example"}, f"{TOKEN}@in.company.example"),
		({"relay": "Catch-all"}, {}, "sales@company.example"),
	],
)
def test_the_address_to_answer_to_is_the_channel_s_else_the_settings(ada, of_channel, of_settings, address):
	frappe.get_doc("Lead Channel", "E-mail").update(of_channel).save()
	frappe.get_doc("Lead Inbox Settings").update(of_settings).save()

	assert relay.reply_address(ada, "E-mail", "sales@company.example") == address
	if TOKEN in address:
		assert relay.lead_of_recipients([f'"Sales, Inc" <{address.title()}>, b@c.example']) == ada


def test_an_address_with_a_token_of_no_lead_is_an_address():
	assert relay.lead_of_recipients(["sales+ffffffffffffffff@company.example", None]) is None
