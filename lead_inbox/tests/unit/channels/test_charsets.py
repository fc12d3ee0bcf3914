from __future__ import annotations

from email.header import decode_header

import pytest

from lead_inbox.channels.charsets import know_mail_charsets


def test_outlook_s_name_for_thai_is_known() -> None:
	know_mail_charsets()
	know_mail_charsets()
	((name, charset),) = decode_header("=?windows-874?B?ysGq0sI=?=")
	assert name.decode(charset) == "สมชาย"


def test_other_unknown_names_stay_unknown() -> None:
	know_mail_charsets()
	with pytest.raises(LookupError):
		b"x".decode("x-no-such-charset")
