from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.channels.mail_nature import judge

ADA = "ada@customer.example"
OURS = ("sales@company.example",)


@pytest.mark.parametrize(
	"subject",
	[
		"Automatic reply: Your request",
		"AUTOMATIC REPLY: x",
		"Auto-Reply: x",
		"Autoreply",
		"Auto: Re: Your request",
		"[EXTERNAL] Automatic reply: x",
		"Out of office",
		"Out of the office: back on Monday",
		"Out of Office Re: Your request",
		"OOO - back soon",
		"On vacation!",
		"Automatische Antwort: Ihre Anfrage",
		"Abwesenheitsnotiz",
		"Réponse automatique\u00a0: Votre demande",
		"Respuesta automática: Su solicitud",
		"Fuera de la oficina: x",
		"Risposta automatica: x",
		"Resposta automática: x",
		"Automatisch antwoord: x",
		"Automatiskt svar: x",
		"Automatyczna odpowiedź: x",
		"Automatická odpověď: x",
		"Αυτόματη απάντηση: x",
		"ΕΚΤΟΣ ΓΡΑΦΕΊΟΥ: x",
		"Автоматический ответ: x",
		"Trả lời tự động: x",
		"ตอบกลับอัตโนมัติ: x",
		"自動応答: x",
		"自动答复: x",
		"자동 회신: x",
	],
)
def test_subjects_of_answer_machines(subject: str) -> None:
	assert judge(ADA, subject, "").nature == "Automatic"


@pytest.mark.parametrize(
	"subject",
	[
		"Re: Automatic reply: Your request",
		"Automatic doors for our shop",
		"Automatically closing doors",
		"Out of office chairs, do you deliver?",
		"Vacation home: new kitchen",
		"On holiday rentals",
		"Absent landlord needs a plumber",
		"Undeliverable: your parcel",
		"Fwd: Undelivered Mail Returned to Sender",
		"Delivery failed",
		"Read: my question",
		"",
	],
)
def test_subjects_of_people(subject: str) -> None:
	assert judge(ADA, subject, "I am away on Monday, please call my mobile.").nature == "Person"


@pytest.mark.parametrize(
	("sender", "subject", "text", "nature"),
	[
		("postmaster@customer.example", "New heating", "Please make an offer.", "Person"),
		("mailer-daemon@x.example", "in a language nobody here knows", "", "Bounce"),
		("MAILER-DAEMON", "failure notice", "", "Bounce"),
		("", "Undelivered Mail Returned to Sender", "", "Bounce"),
		("", "Question", "What does it cost?", "Person"),
		("mailer-daemon@x.example", "Delivery Status Notification (Delay)", "", "Automatic"),
		("postmaster@x.example", "Delivery delayed: Your request", "could not be delivered yet", "Automatic"),
		("autoreply@x.example", "We have got your mail", "", "Automatic"),
		("vacation@x.example", "Hello", "", "Automatic"),
		(ADA, "Re: x", "This is an automatic reply.\nI am away.", "Automatic"),
		(ADA, "Re: x", "Hello!\n" + 100 * "I need a tap. " + "This is an automatic reply.", "Person"),
		(ADA, "Read: Your request", "Your message\n\nwas read on Monday.", "Automatic"),
	],
)
def test_who_is_behind_a_mail(sender: str, subject: str, text: str, nature: str) -> None:
	assert judge(sender, subject, text).nature == nature


@pytest.mark.parametrize(
	("text", "failed"),
	[
		("<ada@customer.example>: host mx said: 550 5.1.1", (ADA,)),
		("<ADA@Customer.example>\n    (reason: 550)\n<bob@customer.example>:", (ADA, "bob@customer.example")),
		("Final-Recipient: rfc822; ada@customer.example", (ADA,)),
		("X-Failed-Recipients: ada@customer.example", (ADA,)),
		("Your message wasn't delivered to ada@customer.example because", (ADA,)),
		("Write to help@provider.example.\n\n  ada@customer.example\n    host mx", (ADA,)),
		("Recipient: Ada (ada@customer.example), help: help@provider.example", (ADA,)),
		("Ask postmaster@provider.example. The recipient is ada@customer.example.", (ADA,)),
		("From sales@company.example to ada@customer.example: failed", (ADA,)),
		("It failed.\n------ This is a copy of the message ------\nTo: ada@customer.example", (ADA,)),
		("It failed.\n------ This is a copy of the message ------\nwrite to help@company.example", ()),
		("Nothing is named.", ()),
	],
)
def test_which_address_failed(text: str, failed: tuple[str, ...]) -> None:
	assert judge("mailer-daemon@x.example", "failure notice", text, OURS).failed == failed


@pytest.mark.parametrize(
	("line", "is_reason"),
	[
		("550 5.1.1 <ada@customer.example>: User unknown", True),
		("#550 5.1.1 RESOLVER.ADR.RecipNotFound", True),
		("smtp; 452 4.2.2 Mailbox full", True),
		("Reason: 550 mailbox unavailable", True),
		("Call 550 1234 for help", True),
		("room 5.1", False),
		("It did not work.", False),
	],
)
def test_the_reason_is_the_mail_server_s_own_line(line: str, is_reason: bool) -> None:
	text = f"Sorry.\n{line}\nBye."
	assert judge("mailer-daemon@x.example", "failure notice", text).reason == (line if is_reason else "")


@given(st.text(), st.text(), st.text(), st.lists(st.text(), max_size=3))
def test_any_mail_is_one_of_the_three(sender: str, subject: str, text: str, recipients: list[str]) -> None:
	found = judge(sender, subject, text, recipients)
	assert found.nature in ("Person", "Automatic", "Bounce")
	assert len(found.failed) <= 10 and len(found.reason) <= 200
	if found.nature != "Bounce":
		assert not found.failed and not found.reason


@given(st.text(), st.text())
def test_a_person_s_address_never_makes_a_bounce(subject: str, text: str) -> None:
	assert judge(ADA, subject, text).nature != "Bounce"


@pytest.mark.parametrize(
	"piece", ["a", "a.", "<", "\n", " \n", "to: ", "550 ", "delivered to ", "--", "\u00e9@"]
)
def test_hostile_texts_are_judged_at_once(piece: str) -> None:
	text = piece * (1_000_000 // len(piece))
	start = time.process_time()
	judge("mailer-daemon@x.example", text[:100_000], text)
	assert time.process_time() - start < 2
