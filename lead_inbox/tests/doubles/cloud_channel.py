"""A program that speaks as Google's Cloud Channel does, and keeps what it is told.

Served on this machine alone, over gRPC, with the messages of Google's own library. What it refuses, and with which
code, is what the library's documentation says of each call.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc
from google.cloud import channel_v1 as channel
from google.cloud.channel_v1.services.cloud_channel_service.transports import CloudChannelServiceGrpcTransport
from google.longrunning import operations_pb2

SERVICE = "google.cloud.channel.v1.CloudChannelService"
OPERATIONS = "google.longrunning.Operations"
ACCOUNT = "accounts/C0123"
FREE_DOMAINS = ("gmail.com",)  # of teams there may be many
Kind = channel.CloudIdentityInfo.CustomerType


class Refused(Exception):
	def __init__(self, code: grpc.StatusCode, words: str) -> None:
		super().__init__(words)
		self.code = code


@dataclass
class CloudChannel:
	"""What Google has. elsewhere: accounts of others, as CheckCloudIdentityAccountsExist tells of them."""

	address: str = ""
	customers: dict[str, channel.Customer] = field(default_factory=dict)
	elsewhere: list[dict[str, Any]] = field(default_factory=list)
	token: str = "good-token"
	taken_addresses: set[str] = field(default_factory=set)  # of administrators of other accounts
	failures: list[grpc.StatusCode] = field(default_factory=list)  # of the next calls, one each
	lost_answers: int = 0  # of so many calls the work is done and the answer gets lost
	is_slow_to_show: bool = False  # a filtered list shows late what was made last
	is_slow_to_provision: bool = False
	on_done: Callable[[str], None] = lambda _method: None  # told of what was changed, before the answer goes
	calls: list[str] = field(default_factory=list)
	lock: threading.Lock = field(default_factory=threading.Lock)

	def client(self) -> channel.CloudChannelServiceClient:
		return client_of(self.address)

	def add(self, **values: Any) -> channel.Customer:
		return self.keep(channel.Customer(values))

	def keep(self, customer: channel.Customer) -> channel.Customer:
		customer.name = f"{ACCOUNT}/customers/S{len(self.customers) + 1}"
		self.customers[customer.name] = customer
		return customer

	def check_cloud_identity_accounts_exist(self, request: Any) -> Any:
		if not request.domain:
			raise Refused(grpc.StatusCode.INVALID_ARGUMENT, "domain is required")
		rows = [row for row in self.elsewhere if _is_asked(row, request)]
		rows += [row for row in map(_row_of, self.customers.values()) if row and _is_asked(row, request)]
		known = ("existing", "owned", "customer_name", "customer_cloud_identity_id", "customer_type")
		accounts = [{key: row[key] for key in known if key in row} for row in rows]
		return channel.CheckCloudIdentityAccountsExistResponse(cloud_identity_accounts=accounts)

	def list_customers(self, request: Any) -> Any:
		domain = request.filter.removeprefix('domain="').removesuffix('"')
		rows = [customer for customer in self.customers.values() if not domain or customer.domain == domain]
		if request.filter and self.is_slow_to_show:
			rows = rows[:-1]
		start = int(request.page_token or 0)
		page = rows[start : start + request.page_size]
		more = str(start + len(page)) if start + len(page) < len(rows) else ""
		return channel.ListCustomersResponse(customers=page, next_page_token=more)

	def get_customer(self, request: Any) -> Any:
		return self._customer(request.name)

	def create_customer(self, request: Any) -> Any:
		new = request.customer
		if new.domain not in FREE_DOMAINS and self._with_domain(new.domain):
			raise Refused(grpc.StatusCode.ALREADY_EXISTS, "exists")
		if not new.org_postal_address.region_code:
			raise Refused(grpc.StatusCode.INVALID_ARGUMENT, "org_postal_address.region_code is required")
		email = new.primary_contact_info.email
		if email and email.rpartition("@")[2] != new.domain:
			raise Refused(grpc.StatusCode.INVALID_ARGUMENT, "domain does not match the primary email")
		return self.keep(channel.Customer(new))

	def import_customer(self, request: Any) -> Any:
		row = next((row for row in self.elsewhere if _is_imported(row, request)), None)
		if not row:
			raise Refused(grpc.StatusCode.NOT_FOUND, "no such account")
		if row.get("needs_token") and not request.auth_token:
			raise Refused(grpc.StatusCode.PERMISSION_DENIED, "not authorized to import the customer")
		if request.auth_token not in ("", self.token):
			raise Refused(grpc.StatusCode.INVALID_ARGUMENT, f"auth_token {request.auth_token} is invalid")
		ours = self._with_domain(row["domain"])
		if (
			ours
			and ours.org_postal_address.region_code != row.get("region", "")
			and not request.overwrite_if_exists
		):
			raise Refused(grpc.StatusCode.ALREADY_EXISTS, "conflicting critical fields")
		self.elsewhere.remove(row)
		customer = ours or self.add(org_display_name=row.get("organization", ""), domain=row["domain"])
		customer.cloud_identity_id = row["customer_cloud_identity_id"]
		customer.cloud_identity_info = {
			"customer_type": row["customer_type"],
			"primary_domain": row["domain"],
		}
		customer.primary_contact_info.email = row.get("email", "")
		return customer

	def provision_cloud_identity(self, request: Any) -> Any:
		customer = self._customer(request.customer)
		if customer.cloud_identity_id or request.user.email in self.taken_addresses:
			raise Refused(grpc.StatusCode.ALREADY_EXISTS, "the customer's primary email exists")
		customer.cloud_identity_id = f"I{len(self.customers)}"
		info = channel.CloudIdentityInfo(request.cloud_identity_info)
		info.primary_domain = customer.domain
		info.admin_console_uri = f"https://admin.google.com/{customer.cloud_identity_id}"
		customer.cloud_identity_info = info
		operation = operations_pb2.Operation(name=customer.name, done=not self.is_slow_to_provision)
		if operation.done:
			operation.response.Pack(channel.Customer.pb(customer))
		return operation

	def get_operation(self, request: Any) -> Any:
		"""What is slow here is still not done."""
		return operations_pb2.Operation(name=request.name)

	def _with_domain(self, domain: str) -> channel.Customer | None:
		"""Return the customer who is known by a domain; teams with addresses of it are not."""
		return next(
			(
				customer
				for customer in self.customers.values()
				if customer.domain == domain and customer.cloud_identity_info.customer_type != Kind.TEAM
			),
			None,
		)

	def _customer(self, name: str) -> channel.Customer:
		if name not in self.customers:
			raise Refused(grpc.StatusCode.NOT_FOUND, "no such customer")
		return self.customers[name]

	def answer(self, method: str, request: Any, context: grpc.ServicerContext) -> Any:
		with self.lock:
			self.calls.append(method)
			if self.failures:
				context.abort(self.failures.pop(0), "try again later")
			try:
				answer = getattr(self, method)(request)
			except Refused as refused:
				context.abort(refused.code, str(refused))
			if method in CHANGING:
				self.on_done(method)
			if self.lost_answers and method in CHANGING:
				self.lost_answers -= 1
				context.abort(grpc.StatusCode.UNAVAILABLE, "the line broke")
			return answer


CHANGING = ("create_customer", "import_customer", "provision_cloud_identity")
METHODS = {
	"CheckCloudIdentityAccountsExist": channel.CheckCloudIdentityAccountsExistRequest.deserialize,
	"ListCustomers": channel.ListCustomersRequest.deserialize,
	"GetCustomer": channel.GetCustomerRequest.deserialize,
	"CreateCustomer": channel.CreateCustomerRequest.deserialize,
	"ImportCustomer": channel.ImportCustomerRequest.deserialize,
	"ProvisionCloudIdentity": channel.ProvisionCloudIdentityRequest.deserialize,
}
OPERATION_METHODS = {"GetOperation": operations_pb2.GetOperationRequest.FromString}


def client_of(address: str) -> channel.CloudChannelServiceClient:
	"""Return a client of Google's that speaks with the double at an address, in whichever process it runs."""
	line = grpc.insecure_channel(address)
	return channel.CloudChannelServiceClient(transport=CloudChannelServiceGrpcTransport(channel=line))


@contextmanager
def served() -> Iterator[CloudChannel]:
	double, server = CloudChannel(), grpc.server(ThreadPoolExecutor(4))
	for service, methods in ((SERVICE, METHODS), (OPERATIONS, OPERATION_METHODS)):
		handlers = {name: _handler(double, name, reader) for name, reader in methods.items()}
		server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, handlers),))
	double.address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
	server.start()
	try:
		yield double
	finally:
		server.stop(None)


def _row_of(customer: channel.Customer) -> dict[str, Any] | None:
	"""Return what Google tells of the identity of a customer of ours."""
	if not customer.cloud_identity_id:
		return None
	return {
		"existing": True,
		"owned": True,
		"customer_name": customer.name,
		"customer_cloud_identity_id": customer.cloud_identity_id,
		"customer_type": customer.cloud_identity_info.customer_type,
		"domain": customer.domain,
		"email": customer.primary_contact_info.email,
	}


def _is_asked(row: dict[str, Any], request: Any) -> bool:
	"""Of a domain all accounts are told, those of its teams too; with an address, those of its administrator."""
	email = request.primary_admin_email
	return row["domain"] == request.domain and (not email or row.get("email") == email)


def _is_imported(row: dict[str, Any], request: Any) -> bool:
	if request.cloud_identity_id:
		return row["customer_cloud_identity_id"] == request.cloud_identity_id
	asked = request.domain or request.primary_admin_email
	return asked in (row["domain"], row.get("email"))


def _snake(name: str) -> str:
	return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")


def _handler(double: CloudChannel, name: str, reader: Callable[[bytes], Any]) -> grpc.RpcMethodHandler:
	def behave(request: Any, context: grpc.ServicerContext) -> Any:
		return double.answer(_snake(name), request, context)

	return grpc.unary_unary_rpc_method_handler(
		behave, request_deserializer=reader, response_serializer=_serialize
	)


def _serialize(answer: Any) -> bytes:
	plain = answer if hasattr(answer, "SerializeToString") else type(answer).pb(answer)
	return plain.SerializeToString()
