from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.reseller.domain_rules import (
	MAIL_BRANDS,
	Domain,
	Fault,
	is_on,
	is_on_or_below,
	of_address,
	read,
)

LABELS = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=20)
ENDINGS = st.sampled_from(["com", "co.uk", "de", "gr", "com.au", "co.jp"])
REGISTERED = st.builds("{}x.{}".format, LABELS, ENDINGS).filter(lambda name: isinstance(read(name), Domain))


@pytest.mark.parametrize(
	"written",
	[
		"delta-mills.com",
		"  Delta-Mills.COM. ",
		"www.delta-mills.com",
		"https://www.delta-mills.com/about?x=1#top",
		"http://delta-mills.com:8080",
		"delta-mills.com/",
		"www.www.delta-mills.com",
		"ｗｗｗ．delta-mills．com",
		"delta-mills.com。",
	],
)
def test_the_address_of_a_site_means_its_domain(written):
	assert read(written) == Domain("delta-mills.com", "delta-mills.com", "delta-mills.com")


def test_a_domain_in_another_script_is_one_in_both_its_forms():
	assert read("Ελλάδα.gr") == read("xn--hxakic4aa.gr")
	assert read("müller.de").shown == "müller.de"
	assert read("müller.de").ascii == "xn--mller-kva.de"


def test_a_name_that_begins_like_a_site_s_may_be_registered_itself():
	assert read("www.co.uk").registered == "www.co.uk"


def test_part_of_a_domain_knows_which_was_registered():
	assert read("sales.delta.co.uk").registered == "delta.co.uk"


@pytest.mark.parametrize(
	("written", "fault"),
	[
		("", Fault.EMPTY),
		("   ", Fault.EMPTY),
		("delta", Fault.NOT_A_DOMAIN),
		("delta mills.com", Fault.NOT_A_DOMAIN),
		("it@delta.com", Fault.NOT_A_DOMAIN),
		("-delta.com", Fault.NOT_A_DOMAIN),
		("delta..com", Fault.NOT_A_DOMAIN),
		("del_ta.com", Fault.NOT_A_DOMAIN),
		("http://", Fault.NOT_A_DOMAIN),
		("192.168.1.1", Fault.UNKNOWN_ENDING),
		("a" * 64 + ".com", Fault.NOT_A_DOMAIN),
		("co.uk", Fault.PUBLIC_SUFFIX),
		("github.io", Fault.PUBLIC_SUFFIX),
		("com.", Fault.NOT_A_DOMAIN),
		("delta.local", Fault.UNKNOWN_ENDING),
		("gmail.com", Fault.FREE_MAIL),
		("mail.yahoo.co.jp", Fault.FREE_MAIL),
		("hotmail.gr", Fault.FREE_MAIL),
		("live.gr", Fault.FREE_MAIL),
		("https://mail.otenet.gr/", Fault.FREE_MAIL),
		("forthnet.gr", Fault.FREE_MAIL),
		("hol.gr", Fault.FREE_MAIL),
		("in.gr", Fault.FREE_MAIL),
		("pathfinder.gr", Fault.FREE_MAIL),
		("cosmotemail.gr", Fault.FREE_MAIL),
		("tutanota.com", Fault.FREE_MAIL),
		("zohomail.eu", Fault.FREE_MAIL),
		("hey.com", Fault.FREE_MAIL),
	],
)
def test_what_nobody_can_have_registered_is_refused(written, fault):
	assert read(written) is fault


@pytest.mark.parametrize(
	"name", ["live.church", "outlook.studio", "in.com.au", "hotmail-fans.com", "hotmailer.gr"]
)
def test_a_word_that_a_mail_service_has_for_its_name_may_be_another_s_too(name):
	assert read(name) == Domain(name, name, name)


@given(brand=st.sampled_from(sorted(MAIL_BRANDS)), ending=ENDINGS, below=st.sampled_from(["", "sales."]))
def test_a_mail_service_is_one_in_every_country(brand, ending, below):
	assert read(f"{below}{brand}.{ending}") is Fault.FREE_MAIL


@given(domain=REGISTERED, brand=st.sampled_from(sorted(MAIL_BRANDS)))
def test_below_its_own_domain_a_customer_may_name_things_as_it_likes(domain, brand):
	assert isinstance(read(f"{brand}.{domain}"), Domain)


SITES = st.builds(
	"{}{}{}".format, st.sampled_from(["", "www.", "www.www.", "ｗｗｗ。"]), REGISTERED, st.text(max_size=3)
)


@given(st.text(max_size=80) | SITES)
def test_whatever_is_written_is_read_or_refused(text):
	said = read(text)
	assert isinstance(said, Domain | Fault)
	if isinstance(said, Domain):
		assert read(said.ascii) == said and read(said.shown) == said
		assert said.ascii.isascii() and (
			said.ascii == said.registered or said.ascii.endswith("." + said.registered)
		)


@given(domain=REGISTERED, below=LABELS, person=LABELS)
def test_an_address_is_on_its_domain_and_below_those_above(domain, below, person):
	ascii_form = read(domain).ascii
	assert is_on(f"{person}@{domain.upper()}", ascii_form)
	assert is_on(f"{person}@{domain}。", ascii_form)
	assert is_on_or_below(f"{person}@{domain}", ascii_form)
	assert is_on_or_below(f"{person}@{below}.{domain}", ascii_form)
	assert not is_on(f"{person}@{below}.{domain}", ascii_form)
	assert not is_on_or_below(f"{person}@{below}{domain}", ascii_form)


@pytest.mark.parametrize("text", ["", "delta.com", "@delta.com", "x@", "x@-a.com"])
def test_what_is_no_address_is_on_no_domain(text):
	assert of_address(text) == ""
	assert not is_on(text, "") and not is_on_or_below(text, "")
