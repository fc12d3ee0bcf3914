"""Google's Cloud Channel, by its own client library: an extra (`pip install lead_inbox[google]`), RS-9.

Nothing else imports this module; vendors.py does, when a product family wants it. Call it in jobs only.

Lists are filtered by domain, as an account may have thousands of customers. Such a list shows a new customer
some seconds late: vendor_rules.py leaves that time before anything is asked again.
"""

from __future__ import annotations

import concurrent.futures
import json
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from google.api_core import exceptions
from google.auth import exceptions as sign_in_exceptions
from google.auth.transport.requests import Request as SignInRequest
from google.cloud import channel_v1 as channel
from google.oauth2.service_account import Credentials
from google.type.postal_address_pb2 import PostalAddress

from lead_inbox.reseller import domain_rules
from lead_inbox.reseller.rules import CustomerType
from lead_inbox.reseller.vendor.interface import Account, Details, Sought, VendorError, Why
from lead_inbox.reseller.vendor.vendor_rules import Found

SCOPE = "https://www.googleapis.com/auth/apps.order"
CALL_SECONDS = 30.0
PROVISION_SECONDS = 120.0
PAGE = 50  # the most that Google gives at once
Kind = channel.CloudIdentityInfo.CustomerType
KINDS = {Kind.DOMAIN: CustomerType.DOMAIN, Kind.TEAM: CustomerType.TEAM}
OF_TYPE = {customer_type: kind for kind, customer_type in KINDS.items()}
Answer = TypeVar("Answer")

# The first class that an error is of decides.
REASONS: tuple[tuple[type[Exception], Why], ...] = (
	(exceptions.AlreadyExists, Why.EXISTS),
	(exceptions.NotFound, Why.NO_SUCH_ACCOUNT),
	(exceptions.Unauthenticated, Why.SIGN_IN_REFUSED),
	(exceptions.PermissionDenied, Why.NO_RIGHT),
	(exceptions.InvalidArgument, Why.DATA_REFUSED),
	(exceptions.FailedPrecondition, Why.NOT_AS_THINGS_STAND),
	(exceptions.GoogleAPICallError, Why.UNREACHABLE),
	(exceptions.RetryError, Why.NO_ANSWER_IN_TIME),
	(concurrent.futures.TimeoutError, Why.IDENTITY_IN_THE_MAKING),
)
ERRORS = tuple(kind for kind, _why in REASONS)
WITH_THEIR_WORDS = (Why.DATA_REFUSED, Why.NOT_AS_THINGS_STAND)


def connect(account: str, key: str, subject: str) -> GoogleChannel:
	"""account: the reseller's, as "accounts/C012345". key: the service account's, in JSON. subject: the reseller's
	administrator for whom it acts. Calls nobody. Raises VendorError for a key that is none."""
	try:
		credentials = Credentials.from_service_account_info(json.loads(key), scopes=[SCOPE], subject=subject)
	except (ValueError, TypeError, AttributeError):
		raise VendorError(Why.KEY_UNREADABLE) from None
	return GoogleChannel(channel.CloudChannelServiceClient(credentials=credentials), account, credentials)


class GoogleChannel:
	"""A Vendor. client: Google's own; account: the reseller's; credentials: None where nobody signs in."""

	def __init__(
		self,
		client: channel.CloudChannelServiceClient,
		account: str,
		credentials: Credentials | None = None,
	) -> None:
		self.client = client
		self.account = account
		self.credentials = credentials

	def find(self, sought: Sought) -> list[Found]:
		"""An account without an identity is in our list alone; one that others serve, in their answer alone."""
		everybodys = self._everybodys(sought)
		identities = {found.cloud_identity_id for found in everybodys} - {""}
		ours = [
			_found(customer)
			for customer in self._listed(f'domain="{_domain_of(sought)}"')
			if customer.cloud_identity_id in identities or _is_sought(customer, sought)
		]
		known = {found.cloud_identity_id for found in ours}
		return ours + [found for found in everybodys if found.cloud_identity_id not in known]

	def create(self, details: Details) -> Account:
		request = channel.CreateCustomerRequest(parent=self.account, customer=_customer(details))
		return _account(self._call(self.client.create_customer, request))

	def bring_in(self, sought: Sought, token: str) -> Account:
		request = channel.ImportCustomerRequest(parent=self.account, auth_token=token)
		if sought.cloud_identity_id:
			request.cloud_identity_id = sought.cloud_identity_id
		elif sought.customer_type is CustomerType.TEAM:
			request.primary_admin_email = sought.primary_email
		else:
			request.domain = sought.domain
		try:
			return _account(self._call(self.client.import_customer, request))
		except VendorError as error:
			raise _import_error(error, token) from None

	def provision(self, name: str, details: Details) -> Account:
		request = channel.ProvisionCloudIdentityRequest(
			customer=name,
			cloud_identity_info=_identity(details),
			user=channel.AdminUser(
				email=details.sought.primary_email,
				given_name=details.first_name,
				family_name=details.last_name,
			),
		)
		try:
			operation = self._call(self.client.provision_cloud_identity, request)
			return _account(operation.result(timeout=PROVISION_SECONDS))
		except ERRORS as error:
			raise _provision_error(_translated(error)) from None
		except VendorError as error:
			raise _provision_error(error) from None

	def read(self, name: str) -> Account:
		try:
			return _account(self._call(self.client.get_customer, channel.GetCustomerRequest(name=name)))
		except VendorError as error:
			raise _read_error(error) from None

	def accounts(self) -> Iterator[Account]:
		return (_account(customer) for customer in self._listed(""))

	def _everybodys(self, sought: Sought) -> list[Found]:
		"""Google wants the domain of a team's address too."""
		request = channel.CheckCloudIdentityAccountsExistRequest(
			parent=self.account, domain=_domain_of(sought)
		)
		if sought.customer_type is CustomerType.TEAM:
			request.primary_admin_email = sought.primary_email
		answer = self._call(self.client.check_cloud_identity_accounts_exist, request)
		return [
			Found(row.customer_name, row.customer_cloud_identity_id, KINDS.get(row.customer_type), row.owned)
			for row in answer.cloud_identity_accounts
			if row.existing
		]

	def _listed(self, filter_: str) -> Iterator[channel.Customer]:
		request = channel.ListCustomersRequest(parent=self.account, page_size=PAGE, filter=filter_)
		pages = self._call(self.client.list_customers, request)
		try:
			yield from pages
		except ERRORS as error:
			raise _translated(error) from None

	def _call(self, method: Callable[..., Answer], request: Any) -> Answer:
		"""One attempt: our own queue repeats, and asks first what the vendor has by then."""
		self._sign_in()
		try:
			return method(request=request, retry=None, timeout=CALL_SECONDS)
		except ERRORS as error:
			raise _translated(error) from None

	def _sign_in(self) -> None:
		"""Before the call: within it, a refused key looks as if the line were down."""
		if not self.credentials or self.credentials.valid:
			return
		try:
			self.credentials.refresh(SignInRequest())
		except sign_in_exceptions.TransportError:
			raise VendorError(Why.UNREACHABLE) from None
		except sign_in_exceptions.GoogleAuthError as error:
			raise VendorError(Why.UNREACHABLE if error.retryable else Why.SIGN_IN_REFUSED) from None


def _translated(error: Exception) -> VendorError:
	why = next(why for kind, why in REASONS if isinstance(error, kind))
	return VendorError(why, getattr(error, "message", "") if why in WITH_THEIR_WORDS else "")


def _read_error(error: VendorError) -> VendorError:
	"""Of a name that it does not know Google says either. A person may have typed it."""
	is_unknown = error.why in (Why.NO_SUCH_ACCOUNT, Why.DATA_REFUSED)
	return VendorError(Why.ACCOUNT_GONE) if is_unknown else error


def _import_error(error: VendorError, token: str) -> VendorError:
	"""Without a right to the account an import needs the customer's token. Nobody repeats a token in words."""
	theirs = error.theirs.replace(token, "…") if token else error.theirs
	if error.why is Why.EXISTS:
		return VendorError(Why.OURS_DIFFERS)
	if error.why is Why.NO_RIGHT:
		return VendorError(Why.TOKEN_REFUSED if token else Why.TOKEN_NEEDED)
	if error.why is Why.DATA_REFUSED and token:
		return VendorError(Why.TOKEN_REFUSED, theirs)
	return VendorError(error.why, theirs)


def _provision_error(error: VendorError) -> VendorError:
	return VendorError(Why.ADDRESS_TAKEN) if error.why is Why.EXISTS else error


def _domain_of(sought: Sought) -> str:
	"""A team's is that of the address with which it was made."""
	return sought.domain or domain_rules.of_address(sought.primary_email)


def _is_sought(customer: channel.Customer, sought: Sought) -> bool:
	"""A team has no domain of its own: while it has no identity, our id and its address tell it."""
	if sought.cloud_identity_id and customer.cloud_identity_id:
		return customer.cloud_identity_id == sought.cloud_identity_id
	if sought.customer_type is CustomerType.DOMAIN:
		return customer.domain == sought.domain
	has_address = customer.primary_contact_info.email.lower() == sought.primary_email.lower()
	return has_address and sought.is_our_id(customer.correlation_id)


def _found(customer: channel.Customer) -> Found:
	kind = KINDS.get(customer.cloud_identity_info.customer_type)
	return Found(customer.name, customer.cloud_identity_id, kind, is_ours=True)


def _account(customer: channel.Customer) -> Account:
	identity = customer.cloud_identity_info
	return Account(
		name=customer.name,
		organization_name=customer.org_display_name,
		domain=identity.primary_domain or customer.domain,
		cloud_identity_id=customer.cloud_identity_id,
		customer_type=KINDS.get(identity.customer_type),
		is_domain_verified=identity.is_domain_verified,
		alternate_email=identity.alternate_email or customer.alternate_email,
		console=identity.admin_console_uri,
	)


def _customer(details: Details) -> channel.Customer:
	sought = details.sought
	return channel.Customer(
		org_display_name=details.organization_name,
		org_postal_address=PostalAddress(
			region_code=details.country,
			postal_code=details.postal_code,
			administrative_area=details.state,
			locality=details.city,
			address_lines=details.address_lines,
		),
		primary_contact_info=channel.ContactInfo(
			first_name=details.first_name,
			last_name=details.last_name,
			email=sought.primary_email,
			phone=details.phone,
		),
		alternate_email=details.alternate_email,
		domain=_domain_of(sought),
		language_code=details.language,
		correlation_id=sought.our_id,
	)


def _identity(details: Details) -> channel.CloudIdentityInfo:
	return channel.CloudIdentityInfo(
		customer_type=OF_TYPE[details.sought.customer_type],
		alternate_email=details.alternate_email,
		phone_number=details.phone,
		language_code=details.language,
	)
