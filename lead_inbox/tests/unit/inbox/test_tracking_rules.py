"""Links of our mails that lead through our own site: what is one, and that none can be forged (SQ-1)."""

import html
import re
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lead_inbox.inbox.replies.tracking_rules import (
	MAX_LENGTH,
	as_html,
	is_followable,
	is_genuine,
	key_from,
	sign,
)

KEY = key_from("the site's secret")
MESSAGE = "a1b2c3"
TARGET = "https://company.example/prices?a=1&b=2#top"

texts = st.text(max_size=300)
signs = st.characters(codec="ascii", exclude_categories=["Cc"])
targets = st.builds(
	lambda host, path: f"https://{host}/{path}",
	st.sampled_from(["a.example", "xn--bcher-kva.example:8080", "10.0.0.1"]),
	st.text(st.sampled_from("abc/%20?&=;,.~-_#[]()'"), max_size=40),
)
# Ways in which browsers and servers were made to go elsewhere
TRICKS = (
	"",
	"/",
	"//evil.example",
	r"\\evil.example",
	r"https:\\evil.example",
	"https:evil.example",
	"https:/evil.example",
	"https:///evil.example",
	"http://",
	"javascript:alert(1)",
	"JavaScript://a.example/%0aalert(1)",
	"data:text/html,<script>alert(1)</script>",
	"file:///etc/passwd",
	"ftp://a.example/",
	"https://company.example@evil.example/",
	"https://company.example:pw@evil.example/",
	"https://company.example:443@evil.example/",
	r"https://company.example\@evil.example/",
	r"https://evil.example\.company.example/",
	"https://company.example%2f@evil.example/",
	"https://company.example%00.evil.example/",
	"https://company.example/\r\nSet-Cookie: sid=1",
	"https://company.example/\nx",
	"https://company.example/\tx",
	"https://company.example/ x",
	"https://company.example/\0",
	"https://company.example/\u2028",
	"https://company.example\n",
	" https://company.example",
	"\nhttps://company.example",
	"https://\u202eelpmaxe.live/",
	"https://company。example/",
	"https://[::1]/",
	"https://company.example:999999/",
	"https://company.example:/x:y@evil.example",
	'https://company.example/"><script>',
)


def html_of(text: str) -> tuple[str, list[str]]:
	"""A text as HTML, and the targets that its links lead to."""
	led_to: list[str] = []

	def through(target: str) -> str:
		led_to.append(target)
		return f"https://ours.example/follow?a=1&n={len(led_to)}"

	return as_html(text, through), led_to


def links_in(text: str) -> list[str]:
	return html_of(text)[1]


@pytest.mark.parametrize(
	("text", "expected"),
	[
		("See https://a.example/x.", ["https://a.example/x"]),
		("(https://a.example/x)", ["https://a.example/x"]),
		("[https://a.example]: this", ["https://a.example"]),
		("https://a.example/wiki/Tap_(valve)!", ["https://a.example/wiki/Tap_(valve)"]),
		("<https://a.example/?q=a,b;c>", ["https://a.example/?q=a,b;c"]),
		("HTTP://A.example\nhttp://b.example/", ["HTTP://A.example", "http://b.example/"]),
		("https://a.example/straße?q=ü|x", ["https://a.example/stra%C3%9Fe?q=%C3%BC%7Cx"]),
		("https://a.example/100%25", ["https://a.example/100%25"]),
		("no link: a.example, ftp://a.example, mailto:x@a.example, xhttps://a.example", []),
		("https://jun@a.example and https://bücher.example stay text", []),
		("https:// and http://. too", []),
	],
)
def test_a_link_is_found_without_the_sentence_around_it(text, expected):
	assert links_in(text) == expected


def test_what_is_too_long_to_arrive_whole_stays_text():
	longest = "https://a.example/" + "x" * (MAX_LENGTH - 18)
	assert links_in(longest) == [longest]
	assert links_in(longest + "x") == []
	assert links_in("https://a.example/" + ")" * 200_000) == []


@given(texts | st.lists(targets | texts, max_size=5).map(" ".join))
@example('https://a.example/"onclick=x')
@example("https://a.example/&quot;<b>")
def test_the_customer_reads_exactly_what_was_written(text):
	made, led_to = html_of(text)
	tags = re.findall(r"<[^>]*>", made)
	shown = html.unescape(re.sub(r"<a [^>]*>|</a>", "", made).replace("<br>", "\n"))
	assert shown == html.unescape(html.escape(text))
	assert all(
		re.fullmatch(r'<br>|</a>|<a href="https://ours\.example/follow\?a=1&amp;n=\d+">', tag) for tag in tags
	)
	assert len([tag for tag in tags if tag.startswith("<a")]) == len(led_to)
	assert all(is_followable(target) for target in led_to)


@given(targets.filter(lambda target: target[-1] not in ".,;?#[]()'&"))
def test_a_link_leads_to_the_host_that_is_read(target):
	(led_to,) = links_in(f"Look: {target} now")
	assert urlsplit(led_to).hostname == urlsplit(target).hostname
	assert is_genuine(KEY, MESSAGE, led_to, sign(KEY, MESSAGE, led_to))


@given(targets, st.text(min_size=1, max_size=20))
def test_what_we_signed_is_genuine(target, message):
	assert is_genuine(KEY, message, target, sign(KEY, message, target))


def changed(text: str) -> st.SearchStrategy[str]:
	"""Another text than this one, mostly a close one."""
	position = st.integers(0, len(text))
	near = st.builds(
		lambda at, put, skip: text[:at] + put + text[at + skip :], position, st.text(max_size=3), position
	)
	return (near | st.text(max_size=100) | targets).filter(lambda other: other != text)


@given(
	st.tuples(changed(MESSAGE), st.just(TARGET), st.just(sign(KEY, MESSAGE, TARGET)))
	| st.tuples(st.just(MESSAGE), changed(TARGET), st.just(sign(KEY, MESSAGE, TARGET)))
	| st.tuples(st.just(MESSAGE), st.just(TARGET), changed(sign(KEY, MESSAGE, TARGET)))
)
@example((MESSAGE, TARGET, ""))
@example((MESSAGE, TARGET, "\ud800"))
@example(("\ud800", TARGET, sign(KEY, MESSAGE, TARGET)))
@example((MESSAGE, TARGET, sign(KEY, MESSAGE, TARGET) + "="))
@example((MESSAGE + "\0", TARGET, sign(KEY, MESSAGE, TARGET)))
def test_a_link_of_which_anything_was_changed_is_not_genuine(link):
	assert not is_genuine(KEY, *link)


@given(st.text(max_size=60))
def test_another_site_s_signature_is_none_of_ours(secret):
	other = key_from(secret)
	assert other == KEY or not is_genuine(KEY, MESSAGE, TARGET, sign(other, MESSAGE, TARGET))


def test_the_key_does_not_give_the_secret_away():
	assert b"secret" not in KEY and key_from("a") != key_from("b")


@pytest.mark.parametrize("trick", TRICKS)
def test_no_trick_is_followed_even_if_it_were_signed(trick):
	assert not is_followable(trick)
	assert not is_genuine(KEY, MESSAGE, trick, sign(KEY, MESSAGE, trick))


@given(st.text(max_size=60) | st.text(signs, max_size=60).map(lambda rest: "https://" + rest))
def test_what_is_followed_is_one_line_with_a_host_of_its_own(target):
	if not is_followable(target):
		return
	parts = urlsplit(target)
	assert target.isascii() and target.isprintable() and " " not in target and "\\" not in target
	assert parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
	assert re.match(r"https?://" + re.escape(parts.netloc) + r"($|[/?#])", target, re.IGNORECASE)
