"""From the bytes of a request to JSON, with a stable code for each way in which that fails."""

from __future__ import annotations

import json
from typing import Literal, NoReturn

BodyCode = Literal["invalid_encoding", "malformed_json"]


class BodyError(ValueError):
	"""The body cannot be read. `code` is stable and part of the API."""

	def __init__(self, code: BodyCode) -> None:
		super().__init__(code)
		self.code = code


def decode_text(body: bytes) -> str:
	"""The body as text. Raises BodyError when it is not UTF-8."""
	try:
		return body.decode("utf-8")
	except UnicodeDecodeError:
		raise BodyError("invalid_encoding") from None


def read_json(body: bytes) -> object:
	"""The JSON in the body, of any type. Raises BodyError.

	Also for what Python would accept or fail on in its own way: NaN, integers of thousands of digits,
	and nesting deeper than its stack.
	"""
	try:
		return json.loads(decode_text(body), parse_constant=_refuse)
	except BodyError:
		raise
	except (ValueError, RecursionError):
		raise BodyError("malformed_json") from None


def _refuse(_constant: str) -> NoReturn:
	raise BodyError("malformed_json")
