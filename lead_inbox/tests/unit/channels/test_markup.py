from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.channels.clean import many_lines
from lead_inbox.channels.markup import to_text


@pytest.mark.parametrize(
	("markup", "text"),
	[
		("plain\n text", "plain text"),
		("a<br>b<BR/>c", "a\nb\nc"),
		("<p>one</p>\n<p>two</p>", "one\n\ntwo"),
		("<div>one</div><div>two <b>bold</b>er</div>", "one\ntwo bolder"),
		("<ul><li>one<li>two</ul>", "one\ntwo"),
		("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
		("x<script>evil()</script>y<style>p{}</style>z", "xyz"),
		("x<script>never closed", "x"),
		("<html><head><title>t</title></head><body>seen</body></html>", "seen"),
		("<head><title>t</title><body class='x'>seen", "seen"),
		("<header>seen</header>", "seen"),
		("a<!-- hidden <p> -->b<!--[if mso]>hidden<![endif]-->c<!doctype html>", "abc"),
		("a<!-- never closed", "a"),
		("<pre>1\n  2</pre>", "1\n  2"),
		("5 &lt; 6 &amp; 7&nbsp;&#8364; 3 < 4", "5 < 6 & 7 € 3 < 4"),
		("&lt;script&gt;", "<script>"),
		("<![foo", "<![foo"),
		("", ""),
	],
)
def test_what_a_reader_sees(markup: str, text: str) -> None:
	assert many_lines(to_text(markup)) == text


@given(
	st.lists(st.sampled_from(["<![", "<!--", "-->", "<p>", "</", "<a b='", ">", "&#", "9", "x", "<script>"]))
)
def test_broken_markup_is_read_all_the_same(parts: list[str]) -> None:
	to_text("".join(parts))


def test_an_endless_character_reference_is_only_text() -> None:
	assert to_text("&#" + "9" * 5000 + ";").startswith("&#9")


@pytest.mark.parametrize(
	"part", ["<a ", "<!--", "<a b='", "</", "<?", "<script>", "<head></head>", "<p>", "&", "a"]
)
def test_broken_markup_keeps_no_worker_busy(part: str) -> None:
	started = time.process_time()
	to_text("<" + part * 300_000)
	assert time.process_time() - started < 10  # seconds; a parser in quadratic time needs hours
