"""What a customer may buy: RS-1, RS-3, RS-5. Pure. Families and products are records, none is named here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from lead_inbox.reseller.rules import MAY_ORDER, CustomerType, Status


class Refusal(str, Enum):
	NO_ACCOUNT_YET = "no account yet"
	OTHER_FAMILY = "other family"
	NOT_FOR_THIS_TYPE = "not for this type"
	NEEDS_VERIFIED_DOMAIN = "needs a verified domain"
	NOT_FOR_SALE = "not for sale"


@dataclass(frozen=True)
class Product:
	"""item: of ERPNext, "" where none is set. for_sale: not one that is only known to stand in the way."""

	name: str
	family: str
	item: str
	sold_to: frozenset[CustomerType]
	needs_verified_domain: bool
	for_sale: bool


@dataclass(frozen=True)
class Buyer:
	family: str
	customer_type: CustomerType
	has_verified_domain: bool
	status: Status


def refusal(product: Product, buyer: Buyer) -> Refusal | None:
	"""Return why a product can't be ordered for a customer now, the reason that is hardest to mend first."""
	if not (product.for_sale and product.item):
		return Refusal.NOT_FOR_SALE
	if product.family != buyer.family:
		return Refusal.OTHER_FAMILY
	if product.needs_verified_domain and not buyer.has_verified_domain:
		return Refusal.NEEDS_VERIFIED_DOMAIN
	if buyer.customer_type not in product.sold_to:
		return Refusal.NOT_FOR_THIS_TYPE
	return None if buyer.status in MAY_ORDER else Refusal.NO_ACCOUNT_YET


def may_buy(products: Iterable[Product], buyer: Buyer) -> list[Product]:
	return [product for product in products if refusal(product, buyer) is None]
