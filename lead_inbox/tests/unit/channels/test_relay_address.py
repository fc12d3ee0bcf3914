from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.channels.relay_address import catch_all_address, plus_address, tokens_in

TOKEN = "00c0ffee00c0ffee"
tokens = st.text("0123456789abcdef", min_size=16, max_size=16)
names = st.text("abcdefghijklmnopqrstuvwxyzäößβ \"',;()<>", max_size=20)


def test_the_two_forms() -> None:
	assert plus_address("sales@company.example", TOKEN) == f"sales+{TOKEN}@company.example"
	assert plus_address("sales+crm@company.example", TOKEN) == f"sales+crm+{TOKEN}@company.example"
	assert catch_all_address(TOKEN, "in.company.example") == f"{TOKEN}@in.company.example"


@given(tokens, names, st.booleans(), st.booleans())
def test_an_address_is_read_back_from_a_header(token: str, name: str, plus: bool, upper: bool) -> None:
	address = plus_address("sales@company.example", token) if plus else catch_all_address(token, "in.example")
	header = f"a@b.example, {name} <{address.upper() if upper else address}>"
	assert tokens_in([None, header]) == (token,)


def test_in_the_order_of_the_headers_and_each_once() -> None:
	other = "f" * 16
	to, cc = f"x+{other}@b.example, {TOKEN}@c.example", f"sales+{TOKEN}@b.example"
	assert tokens_in([to, cc]) == (other, TOKEN)


def test_what_is_no_token() -> None:
	assert (
		tokens_in(["sales@company.example", f"0{TOKEN}@b.example", f"{TOKEN} at b", f"x{TOKEN}@b.example"])
		== ()
	)


@given(st.lists(st.none() | st.text(), max_size=4))
def test_any_headers_are_read(headers: list[str | None]) -> None:
	assert all(len(token) == 16 for token in tokens_in(headers))
