"""What to do with what a vendor answers, so that each request can be repeated: RS-4, RS-9. Pure.

Moments are naive datetimes in the site's time zone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from lead_inbox.reseller.rules import CustomerType, Origin


class Step(str, Enum):
	"""What the next call to the vendor is, if any."""

	CREATE = "create"
	IMPORT = "import"
	ADOPT = "adopt"  # it is there already: an earlier call was not recorded, or somebody made it by hand
	CHOOSE = "choose"  # several accounts: a person has to say which


class Action(str, Enum):
	"""What a request asks of a vendor."""

	CREATE = "Create"
	IMPORT = "Import"
	PROVISION = "Provision"
	COMPARE = "Compare"


class RequestStatus(str, Enum):
	WAITING = "Waiting"
	DONE = "Done"
	FAILED = "Failed"


class Trouble(str, Enum):
	"""Why a call came to nothing, as far as it matters for what is done about it."""

	TRANSIENT = "transient"  # the same call may succeed later
	EXISTS = "exists"
	SERVED_BY_ANOTHER = "served by another"
	TOKEN_NEEDED = "token needed"
	TOKEN_REFUSED = "token refused"
	NO_SUCH_ACCOUNT = "no such account"
	NOT_PERMITTED = "not permitted"
	REFUSED = "refused"  # the data is not accepted; the vendor's words say why


@dataclass(frozen=True)
class Found:
	"""An account that a vendor has for a domain or an address. is_ours: we sell to it."""

	name: str
	cloud_identity_id: str
	customer_type: CustomerType | None
	is_ours: bool


OPENING = {Action.CREATE: Origin.NEW, Action.IMPORT: Origin.IMPORT}
# Minutes before each further attempt. After the last one a person is asked.
WAITS = (1, 5, 15, 60, 240)
# A vendor's list shows some seconds late what was made last. Whoever asks anew waits until it surely does.
SHOWN_AFTER = timedelta(minutes=1)


def next_step(
	origin: Origin, customer_type: CustomerType, cloud_identity_id: str, found: Sequence[Found]
) -> tuple[Step, Found | None] | Trouble:
	"""Return what follows from the accounts that a vendor has.

	cloud_identity_id: of the account that is meant, "" when it is not known. Teams of one name, or one domain,
	are told apart by it alone.
	"""
	meant = [account for account in found if _is_meant(account, customer_type, cloud_identity_id)]
	ours = [account for account in meant if account.is_ours and _is_whole(account, origin)]
	if ours:
		return (Step.ADOPT, ours[0]) if len(ours) == 1 else (Step.CHOOSE, None)
	theirs = [account for account in meant if not account.is_ours]
	if origin is Origin.NEW:
		# a domain has one account; a person may have a team without being in the way of another one
		in_the_way = theirs and customer_type is CustomerType.DOMAIN
		return Trouble.SERVED_BY_ANOTHER if in_the_way else (Step.CREATE, None)
	if not theirs:
		return Trouble.NO_SUCH_ACCOUNT
	return (Step.IMPORT, theirs[0]) if len(theirs) == 1 else (Step.CHOOSE, None)


def _is_meant(account: Found, customer_type: CustomerType, cloud_identity_id: str) -> bool:
	"""Where the identity is not known, a domain's account and the teams with addresses of it are not confused."""
	if cloud_identity_id and account.cloud_identity_id:
		return account.cloud_identity_id == cloud_identity_id
	return account.customer_type in (customer_type, None) and (account.is_ours or not cloud_identity_id)


def _is_whole(account: Found, origin: Origin) -> bool:
	"""What is taken over has an identity. A customer of ours without one only waits to be given theirs."""
	return origin is Origin.NEW or bool(account.cloud_identity_id)


def first_attempt_on(last_ended_on: datetime | None, now: datetime) -> datetime:
	"""Return when a new request is taken up. last_ended_on: when the customer's last one came to an end."""
	return max(now, last_ended_on + SHOWN_AFTER) if last_ended_on else now


def next_attempt_on(trouble: Trouble, attempts: int, now: datetime) -> datetime | None:
	"""Return when to try again, None when a person has to act. attempts: that have failed, this one with them."""
	if trouble is not Trouble.TRANSIENT or attempts > len(WAITS):
		return None
	return now + timedelta(minutes=WAITS[attempts - 1])


def must_tell(action: Action, trouble: Trouble, has_failed_so_before: bool = False) -> bool:
	"""Return whether somebody is told that a request came to nothing.

	A comparison is made again by itself, so its troubles are told of once, and only those that are news about the
	customer. has_failed_so_before: whether the last one did, with the same words.
	"""
	if action is not Action.COMPARE:
		return True
	return trouble in (Trouble.NO_SUCH_ACCOUNT, Trouble.REFUSED) and not has_failed_so_before


def needs_identity(action: Action, cloud_identity_id: str, is_educational: bool) -> bool:
	"""Return whether an account that is there now is to be given an identity next.

	Of an educational institution Google wants to know more than we ask for: a person makes it in the console.
	"""
	return action in OPENING and not cloud_identity_id and not is_educational
