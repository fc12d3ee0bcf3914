"""How a person can be reached, in the forms by which two events are seen to be of one person (IN-3). Pure."""

from __future__ import annotations

from dataclasses import dataclass

from lead_inbox.channels.event import Person
from lead_inbox.channels.phone import fold_email, is_email, to_e164


@dataclass(frozen=True)
class Contacts:
	"""Numbers in E.164, folded addresses, and what is neither."""

	phones: tuple[str, ...] = ()
	emails: tuple[str, ...] = ()
	unusable: tuple[str, ...] = ()

	@property
	def phone_and_mobile(self) -> tuple[str | None, str | None]:
		"""The numbers that a lead has room for."""
		first, second = (*self.phones, None, None)[:2]
		return first, second


def contacts_of(person: Person, region: str | None) -> Contacts:
	"""region: ISO code of the country of a number without a country code, None where nobody knows."""
	numbers = [(written, to_e164(written, region)) for written in person.phones]
	return Contacts(
		phones=tuple(dict.fromkeys(e164 for _written, e164 in numbers if e164)),
		emails=tuple(dict.fromkeys(fold_email(email) for email in person.emails if is_email(email))),
		unusable=tuple(
			[written for written, e164 in numbers if not e164]
			+ [email for email in person.emails if not is_email(email)]
		),
	)
