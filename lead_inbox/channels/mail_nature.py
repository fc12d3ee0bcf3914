"""What an incoming mail is: a person's, an automatic answer, or news that a mail of ours came back.

Frappe keeps neither Auto-Submitted nor the delivery status part of a mail, so it is judged by its sender,
its subject and its words. In doubt it is a person's: a customer who is overlooked is worse than a machine
that is listened to.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from lead_inbox.channels import clean
from lead_inbox.channels.event import MailNature
from lead_inbox.channels.phone import fold_email

_READ_LIMIT = 20_000  # what a machine has to say, it says first; behind it may be megabytes of our own mail
_MAX_ADDRESSES = 10
_REASON_LIMIT = 200


PERSON = MailNature("Person")
AUTOMATIC = MailNature("Automatic")

_MAIL_SYSTEM = re.compile(r"(mailer-?daemon|mdaemon|microsoftexchange[0-9a-f]{32})@|mailer-?daemon$")
_MAY_BE_MAIL_SYSTEM = re.compile(r"(postmaster|mail-?system|mail-?delivery|bounces?)([+@]|$)")
_ANSWER_MACHINE = re.compile(r"(auto-?(reply|responder|response|answer)|vacation)[+@]")

_FAILURE = re.compile(
	"|".join(
		(
			r"undeliver(ed|able)|delivery (status notification|has failed|failure|failed)|failure notice",
			r"mail delivery (failed|failure|system|subsystem)|returned (mail|to sender)|returning message to sender",
			r"could ?n[o']t be delivered|could not be delivered|was ?n[o']t delivered|unable to deliver",
			r"non ?remis|n'a pas pu être (remis|distribué|délivré)|échec de (la )?(remise|distribution)",
			r"unzustellbar|nicht zugestellt werden|konnte nicht zugestellt|zustellung fehlgeschlagen",
			r"no se (ha podido|pudo|puede) entregar|no entregado|error (de|en la) entrega|devuelto al remitente",
			r"mancato recapito|non recapitabile|non è stato possibile (recapitare|consegnare)",
			r"não (foi )?(possível )?entreg(ue|ar)|falha na entrega|onbestelbaar|niet (worden )?bezorgd",
			r"kunde inte levereras|kunne ikke leveres|nie można dostarczyć|nie została dostarczona",
			r"δεν (ήταν δυνατή η παράδοση|παραδόθηκε|είναι δυνατή η παράδοση)|αδυναμία παράδοσησ",
			r"не (удалось доставить|доставлено|может быть доставлено)|недоставлен",
			r"teslim edilemedi|không (thể gửi|gửi được|thể phân phối)|ส่งไม่สำเร็จ|ไม่สามารถส่ง",
			r"配信(できません|不能)|無法(傳遞|送達)|无法(投递|传递|送达)|退信|배달(되지 않|할 수 없)",
		)
	)
)
_DELAY = re.compile(
	r"delivery (status notification \(delay|((is|has been|was) )?delayed)|delayed mail|message (is )?delayed"
	r"|warning: (message|could not send)|still being (re)?tried|will (keep|continue) (re)?trying"
	r"|\(delay\)|verzögert|retardé|se ha retrasado|in ritardo|atrasad[ao]|vertraagd"
)

# Words that nobody but a machine begins a subject with.
_AUTOMATIC_SUBJECT = re.compile(
	r"(?:\[[^\]]*\]\s*)?(?:"
	+ "|".join(
		(
			r"auto(matic|mated)?[- ]?(reply|response|answer)|auto:",
			r"automatische (antwort|abwesenheits\w*)|abwesenheits\w+",
			r"réponse automatique|message automatique d'absence|respuesta automática|risposta automatica",
			r"resposta automática|automatisch antwoord|automatiskt svar|autosvar|automatisk svar",
			r"automaattinen vastaus|automatyczna odpowiedź|odpowiedź automatyczna|automatická odpově[ďd]",
			r"automatikus válasz|răspuns automat|αυτ[οό]ματη απ[αά]ντηση|автоматический ответ|автоответ",
			r"автоматична відповідь|otomatik (yanıt|cevap)|trả lời tự động|thư trả lời tự động",
			r"(การ)?ตอบกลับอัตโนมัติ|自動(応答|返信|回覆|回复)|自动(答复|回复)|자동 (회신|응답)|رد تلقائي|מענה אוטומטי",
		)
	)
	+ r")(?=\W|$)"
)
# Words that a person may begin with too; alone or before a mark they are a machine's.
_ABSENT_SUBJECT = re.compile(
	r"(?:\[[^\]]*\]\s*)?(?:"
	r"out of (the )?office|ooo|away from (the )?office|on (vacation|holiday|leave)|vacation"
	r"|nicht im büro|abwesend|absent(e)?( du bureau)?|absence( du bureau)?|fuera de la oficina"
	r"|fuori (ufficio|sede)|ausente|ausência|fora do escritório|afwezig|frånvarande|poissa"
	r"|poza biurem|εκτ[οό]σ γραφε[ιί]ου|απουσ[ιί]α|нет на месте|ofis dışında|vắng mặt|ไม่อยู่ที่สำนักงาน|不在"
	r")\s*(?:$|[:(\[–—!.]|- |-$|re:|aw:)"
)
_AUTOMATIC_TEXT = re.compile(
	r"this is an? auto(matic|mated|matically generated) (reply|response|e-?mail reply)"
	r"|dies ist eine automatische (antwort|abwesenheits)|ceci est une réponse automatique"
	r"|esta es una respuesta automática|esta é uma resposta automática|questa è una risposta automatica"
	r"|dit is een automatisch (antwoord|bericht)|αυτή είναι (μια )?αυτόματη απάντηση"
	r"|это автоматический ответ|đây là (thư|email) trả lời tự động|นี่คือการตอบกลับอัตโนมัติ"
)
_MACHINE_SPEAKS_WITHIN = 300  # characters; further down it may be quoted
_RECEIPT_SUBJECT = re.compile(r"(read|gelesen|lu|leído|letto|lida|gelezen|not read|ungelesen gelöscht):")
_RECEIPT_TEXT = re.compile(
	r"was (read|displayed|deleted without)|wurde (gelesen|angezeigt)|a été (lu|affich)"
)

# Bounded, so that a long word without an @ is not read again from each of its letters.
_SIGN = r"[^\s<>()\[\]\"',;:@=]"
_ADDRESS = rf"{_SIGN}{{1,64}}@{_SIGN}{{0,253}}[^\s<>()\[\]\"',;:@=.]"
_ANY_ADDRESS = re.compile(_ADDRESS)
# Ways to name the address that leave no doubt; what stands elsewhere may be a helpdesk's.
_NAMED = re.compile(
	rf"^[ \t]*(?:final-recipient|original-recipient)[ \t]*:[ \t]*(?:rfc822[ \t]*;)?[ \t]*<?({_ADDRESS})"
	rf"|^[ \t]*x-failed-recipients[ \t]*:[ \t]*({_ADDRESS})"
	rf"|^[ \t]*<({_ADDRESS})>[ \t]*(?::|\(|$)"
	rf"|^[ \t]*({_ADDRESS})[ \t]*$"
	rf"|delivered to[ \n]<?({_ADDRESS})",
	re.IGNORECASE | re.MULTILINE,
)
# Where the copy of our mail begins; the last form is Frappe's own, of an attached mail.
_COPY = re.compile(
	r"^[ \t]{0,20}--[^\n]{0,100}(?:copy of|original message|message header|returned message|undelivered message)"
	r"|^original message headers|^from: ",
	re.IGNORECASE | re.MULTILINE,
)
_COPY_TO = re.compile(rf"^to:[^\n@]{{0,200}}?({_ADDRESS})", re.IGNORECASE | re.MULTILINE)
_DIAGNOSTIC = re.compile(
	r"(?:^|[\s:;(#])[45]\d\d[ -]+#?[45]\.\d|(?:^|[\s:;(])5\d\d[ -]|\b[45]\.\d\.\d{1,3}\b"
)


def judge(sender: str, subject: str, text: str, recipients: Iterable[str] = ()) -> MailNature:
	"""Say what an incoming mail is.

	sender: address, empty for a mail without one. text: plain. recipients: the mail's own, which are ours
	and so never the ones that failed.
	"""
	sender, title = fold_email(sender), _folded(clean.one_line(subject))
	words = text[:_READ_LIMIT]
	if _is_bounce(sender, title, words):
		return MailNature("Bounce", _failed_addresses(words, recipients), _reason(words))
	return AUTOMATIC if _is_automatic(sender, title, _folded(words)) else PERSON


def _folded(text: str) -> str:
	"""As the patterns are written: in lower case, accents joined to their letters, the final sigma a sigma."""
	return unicodedata.normalize("NFC", text).casefold()


def _is_bounce(sender: str, title: str, words: str) -> bool:
	"""A mail that is only late has not come back."""
	is_mail_system = bool(_MAIL_SYSTEM.search(sender))
	if not (is_mail_system or not sender or _MAY_BE_MAIL_SYSTEM.match(sender)):
		return False
	if _DELAY.search(title):
		return False
	said = f"{title}\n{_folded(words)}"
	return bool(_FAILURE.search(said)) or (is_mail_system and not _DELAY.search(said))


def _is_automatic(sender: str, title: str, words: str) -> bool:
	if _MAIL_SYSTEM.search(sender) or _ANSWER_MACHINE.match(sender):
		return True
	if (not sender or _MAY_BE_MAIL_SYSTEM.match(sender)) and _DELAY.search(title):
		return True
	if _RECEIPT_SUBJECT.match(title) and _RECEIPT_TEXT.search(words):
		return True
	return bool(
		_AUTOMATIC_SUBJECT.match(title)
		or _ABSENT_SUBJECT.match(title)
		or _AUTOMATIC_TEXT.search(words[:_MACHINE_SPEAKS_WITHIN])
	)


def _failed_addresses(words: str, recipients: Iterable[str]) -> tuple[str, ...]:
	"""All that are named as failed, else the first that is mentioned, else whom the copy of our mail is to."""
	ours = {fold_email(address) for address in recipients}
	copy = _COPY.search(words)
	report = words[: copy.start()] if copy else words
	named = _theirs((found for match in _NAMED.findall(report) for found in match if found), ours)
	mentioned = _theirs(_ANY_ADDRESS.findall(report), ours)[:1]
	return named[:_MAX_ADDRESSES] or mentioned or _theirs(_COPY_TO.findall(words), ours)[:1]


def _theirs(addresses: Iterable[str], ours: set[str]) -> tuple[str, ...]:
	folded = (fold_email(address) for address in addresses)
	return tuple(
		dict.fromkeys(
			address
			for address in folded
			if address not in ours
			and not _MAIL_SYSTEM.search(address)
			and not _MAY_BE_MAIL_SYSTEM.match(address)
		)
	)


def _reason(words: str) -> str:
	"""The first line with the code of a mail server's refusal."""
	lines = (line for line in words.splitlines() if _DIAGNOSTIC.search(line))
	return clean.one_line(next(lines, ""), _REASON_LIMIT)
