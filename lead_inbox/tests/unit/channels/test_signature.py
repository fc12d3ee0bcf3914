from __future__ import annotations

import base64
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook

from lead_inbox.channels.body import BodyError
from lead_inbox.channels.signature import SignatureError, generate_secret, is_usable_secret, verify

# The vector that the standard publishes.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = b'{"test": 2432232314}'
NOW = datetime.fromtimestamp(1614265330, tz=timezone.utc)
HEADERS = {
	"Webhook-Id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
	"webhook-timestamp": "1614265330",
	"WEBHOOK-SIGNATURE": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}


def signed(body: bytes, secret: str = SECRET, webhook_id: str = "msg_1") -> dict[str, str]:
	return {
		"webhook-id": webhook_id,
		"webhook-timestamp": str(int(NOW.timestamp())),
		"webhook-signature": Webhook(secret).sign(webhook_id, NOW, body.decode()),
	}


def code_of(
	body: bytes = BODY, secrets: tuple[str, ...] = (SECRET,), now: datetime = NOW, **headers: str
) -> str:
	given_headers = {name.lower(): value for name, value in HEADERS.items()}
	given_headers.update({f"webhook-{name}": value for name, value in headers.items()})
	with pytest.raises(SignatureError) as caught:
		verify(body, given_headers, secrets, now)
	return caught.value.code


def test_the_published_vector() -> None:
	assert verify(BODY, HEADERS, [SECRET], NOW) == "msg_p5jXN8AQM9LWM0D4loKWxJek"


def test_both_secrets_of_a_rotation_count() -> None:
	new = generate_secret()
	assert verify(BODY, HEADERS, [new, SECRET], NOW)
	assert verify(BODY, signed(BODY, new), [new, SECRET], NOW) == "msg_1"


def test_one_good_signature_of_several_is_enough() -> None:
	headers = signed(BODY)
	headers["webhook-signature"] = f"v1a,xyz v1,AAAA {headers['webhook-signature']} nonsense"
	assert verify(BODY, headers, [SECRET], NOW)


@pytest.mark.parametrize("body", [b"", b"not json", b"{", '{"name": "Ren\u00e9"}'.encode(), b"\x00"])
def test_what_is_signed_is_signed_even_when_it_is_no_json(body: bytes) -> None:
	assert verify(body, signed(body), [SECRET], NOW) == "msg_1"


def test_long_ids_are_fine() -> None:
	webhook_id = "m" * 2000
	assert verify(BODY, signed(BODY, webhook_id=webhook_id), [SECRET], NOW) == webhook_id


@pytest.mark.parametrize("name", ["id", "timestamp", "signature"])
def test_a_missing_header(name: str) -> None:
	assert code_of(**{name: ""}) == "signature_missing"
	remaining = {key: value for key, value in HEADERS.items() if key.lower() != f"webhook-{name}"}
	with pytest.raises(SignatureError) as caught:
		verify(BODY, remaining, [SECRET], NOW)
	assert caught.value.code == "signature_missing"


@pytest.mark.parametrize("seconds", [-300, 300])
def test_five_minutes_either_way(seconds: int) -> None:
	assert verify(BODY, HEADERS, [SECRET], NOW + timedelta(seconds=seconds))
	further = seconds + (1 if seconds > 0 else -1)
	assert code_of(now=NOW + timedelta(seconds=further)) == "timestamp_expired"


@pytest.mark.parametrize("stamp", ["soon", "1614265330.5", "-1", "1" * 30, "１６１４２６５３３０", "nan"])
def test_a_timestamp_that_is_none(stamp: str) -> None:
	assert code_of(timestamp=stamp) == "signature_invalid"


@pytest.mark.parametrize(
	"signature",
	[
		"v1,",
		"v1",
		"v1,AAAA",
		",",
		"v1,\u00fc",
		"v1,\ud800",
		"v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
		"  ",
	],
)
def test_a_signature_that_is_none(signature: str) -> None:
	assert code_of(signature=signature) == "signature_invalid"


def test_what_was_changed_on_the_way() -> None:
	assert code_of(body=BODY + b" ") == "signature_invalid"
	assert code_of(id="msg_other") == "signature_invalid"
	assert code_of(id="\ud800") == "signature_invalid"
	assert code_of(timestamp="1614265331") == "signature_invalid"


EMPTY_KEY = base64.b64encode(b"").decode()


@pytest.mark.parametrize(
	"secrets", [(), ("",), ("whsec_",), (f"whsec_{EMPTY_KEY}",), ("whsec_!",), ("whsec_ü",), ("whsec_QUJD",)]
)
def test_a_channel_without_a_usable_secret_lets_nobody_in(secrets: tuple[str, ...]) -> None:
	assert code_of(secrets=secrets) == "signature_invalid"


def test_a_broken_old_secret_does_not_spoil_the_new_one() -> None:
	assert verify(BODY, HEADERS, ["", None, "whsec_!", SECRET], NOW)


def test_a_body_that_is_not_utf_8() -> None:
	with pytest.raises(BodyError) as caught:
		verify(b"\xff", HEADERS, [SECRET], NOW)
	assert caught.value.code == "invalid_encoding"
	with pytest.raises(SignatureError):
		verify(b"\xff", {}, [SECRET], NOW)


headers = st.dictionaries(
	st.sampled_from(["webhook-id", "webhook-timestamp", "webhook-signature", "x"]),
	st.text(max_size=30) | st.sampled_from(["1614265330", "v1,AAAA", "\ud800", "v1,"]),
)


@given(st.binary(max_size=30), headers, st.lists(st.text(max_size=20) | st.just(SECRET), max_size=3))
def test_no_request_is_an_accident(body: bytes, headers: dict[str, str], secrets: list[str]) -> None:
	with pytest.raises((SignatureError, BodyError)):
		verify(body, headers, secrets, NOW)


def test_new_secrets() -> None:
	secrets = {generate_secret() for _each in range(20)}
	assert len(secrets) == 20
	for secret in secrets:
		assert is_usable_secret(secret)
		assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32


@pytest.mark.parametrize("size", [23, 65])
def test_the_standard_bounds_the_length_of_a_secret(size: int) -> None:
	assert not is_usable_secret("whsec_" + base64.b64encode(bytes(size)).decode())
	assert is_usable_secret("whsec_" + base64.b64encode(bytes(min(max(size, 24), 64))).decode())
	assert not is_usable_secret(base64.b64encode(bytes(32)).decode())
