from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.reseller.offer_rules import Buyer, Product, Refusal, may_buy, refusal
from lead_inbox.reseller.rules import MAY_ORDER, CustomerType, Status

DOMAIN, TEAM = CustomerType.DOMAIN, CustomerType.TEAM
STARTER = Product("Business Starter", "Workspace", "WS-START", frozenset({DOMAIN}), False, True)
ESSENTIALS = Product("Enterprise Essentials", "Workspace", "WS-ESS", frozenset({DOMAIN, TEAM}), False, True)
VAULT = Product("Vault", "Workspace", "WS-VAULT", frozenset({DOMAIN, TEAM}), True, True)
NONPROFIT = Product("For Nonprofits", "Workspace", "", frozenset(CustomerType), False, False)
BUYER = Buyer("Workspace", DOMAIN, True, Status.CREATED)
UNVERIFIED_TEAM = Buyer("Workspace", TEAM, False, Status.CREATED)

PRODUCTS = st.builds(
	Product,
	name=st.text(min_size=1, max_size=5),
	family=st.sampled_from(["Workspace", "Chrome"]),
	item=st.sampled_from(["", "ITEM"]),
	sold_to=st.frozensets(st.sampled_from(CustomerType)),
	needs_verified_domain=st.booleans(),
	for_sale=st.booleans(),
)
BUYERS = st.builds(
	Buyer,
	family=st.sampled_from(["Workspace", "Chrome"]),
	customer_type=st.sampled_from(CustomerType),
	has_verified_domain=st.booleans(),
	status=st.sampled_from(Status),
)


@pytest.mark.parametrize(
	("product", "buyer", "reason"),
	[
		(STARTER, BUYER, None),
		(STARTER, UNVERIFIED_TEAM, Refusal.NOT_FOR_THIS_TYPE),
		(ESSENTIALS, UNVERIFIED_TEAM, None),
		(VAULT, UNVERIFIED_TEAM, Refusal.NEEDS_VERIFIED_DOMAIN),
		(VAULT, dataclasses.replace(UNVERIFIED_TEAM, has_verified_domain=True), None),
		(VAULT, BUYER, None),
		(NONPROFIT, BUYER, Refusal.NOT_FOR_SALE),
		(dataclasses.replace(STARTER, family="Chrome"), BUYER, Refusal.OTHER_FAMILY),
		(STARTER, dataclasses.replace(BUYER, status=Status.DRAFT), Refusal.NO_ACCOUNT_YET),
		(STARTER, dataclasses.replace(BUYER, status=Status.SUSPENDED), Refusal.NO_ACCOUNT_YET),
	],
)
def test_only_what_may_be_bought_is_sold(product, buyer, reason):
	assert refusal(product, buyer) is reason


@given(products=st.lists(PRODUCTS, max_size=6), buyer=BUYERS)
def test_whatever_is_offered_keeps_every_rule(products, buyer):
	for product in may_buy(products, buyer):
		assert product.family == buyer.family and product.item and product.for_sale
		assert buyer.customer_type in product.sold_to
		assert buyer.has_verified_domain or not product.needs_verified_domain
		assert buyer.status in MAY_ORDER


@given(products=st.lists(PRODUCTS, max_size=6), buyer=BUYERS)
def test_a_verified_domain_never_takes_an_offer_away(products, buyer):
	unverified, verified = (dataclasses.replace(buyer, has_verified_domain=has) for has in (False, True))
	assert set(may_buy(products, unverified)) <= set(may_buy(products, verified))
