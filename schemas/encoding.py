"""One accepted spelling for every byte string and every JSON text (PROTOCOL 2).

Base64url without padding and without spare bits (RFC 4648 section 5), JSON as I-JSON
(RFC 7493): UTF-8, no duplicate names, no lone surrogates, integers only within
+-(2**53 - 1), no NaN, bounded depth. Everything else is refused, so that two parsers
can never read two things in one text.
"""

from __future__ import annotations

import hashlib
import json
import re
import string
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any, NewType

from schemas.errors import Code, SeraiError

Digest = NewType("Digest", bytes)
"""A SHA-256 hash, 32 bytes."""

DIGEST_PATTERN = r"^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$"
"""32 bytes in their one spelling: 43 characters of base64url."""

MAX_SAFE_INTEGER = 2**53 - 1
"""Largest integer every JSON implementation reads exactly (RFC 7493 section 2.2)."""

MAX_DEPTH = 32
"""Deepest nesting of arrays and objects in any JSON text of the protocol."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_ALPHABET = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
_ALPHABET_BYTES = _ALPHABET.encode()
_LAST = (_ALPHABET, "", _ALPHABET[::16], _ALPHABET[::4])
"""What a text may end with, by its length modulo 4: no spare bit is set."""


def sha256(data: bytes) -> Digest:
    """SHA-256 of ``data``."""
    return Digest(hashlib.sha256(data).digest())


def encode_base64url(data: bytes) -> str:
    """Base64url without padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def check_base64url(text: str) -> None:
    """Check that a text is canonical base64url without decoding it.

    Raises:
        SeraiError: ``malformed_json`` if it has padding, spare bits or other characters.
    """
    # Deleting the alphabet and seeing nothing left is three times as quick as a pattern.
    if not text.isascii() or text.encode().translate(None, _ALPHABET_BYTES):
        raise SeraiError(Code.MALFORMED_JSON, "not base64url without padding")
    if text and text[-1] not in _LAST[len(text) % 4]:
        raise SeraiError(Code.MALFORMED_JSON, "base64url with spare bits or of no whole bytes")


def decode_base64url(text: str, size_bytes: int | None = None) -> bytes:
    """Bytes of a canonical base64url text.

    Args:
        text: the only accepted spelling: no padding, no spare bits, no white space.
        size_bytes: required length of the result, if it is known.

    Raises:
        SeraiError: ``malformed_json`` if the spelling or length is another.
    """
    check_base64url(text)
    data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if size_bytes is not None and len(data) != size_bytes:
        raise SeraiError(Code.MALFORMED_JSON, f"{len(data)} bytes where {size_bytes} are due")
    return data


def decode_digest(text: str) -> Digest:
    """A SHA-256 hash from its 43-character base64url form.

    Raises:
        SeraiError: ``malformed_json`` if it is not one.
    """
    return Digest(decode_base64url(text, 32))


def encode_json(value: Any) -> str:
    """The compact JSON that Serai writes: no white space, UTF-8, names in given order."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise SeraiError(Code.MALFORMED_JSON, "duplicate name")
    return result


def _integer(text: str) -> int:
    if len(text) > 17 or abs(value := int(text)) > MAX_SAFE_INTEGER or text == "-0":
        raise SeraiError(Code.MALFORMED_JSON, "integer out of range")
    return value


def _float(text: str) -> float:
    value = float(text) if len(text) <= 32 else float("inf")
    if value in (float("inf"), float("-inf")):
        raise SeraiError(Code.MALFORMED_JSON, "number out of range")
    return value


def _no_float(_text: str) -> float:
    raise SeraiError(Code.MALFORMED_JSON, "a number that is not written as an integer")


def _constant(text: str) -> None:
    raise SeraiError(Code.MALFORMED_JSON, f"{text} is not JSON")


_DECODERS = {
    fractions: json.JSONDecoder(
        object_pairs_hook=_object,
        parse_int=_integer,
        parse_float=_float if fractions else _no_float,
        parse_constant=_constant,
        strict=True,
    )
    for fractions in (False, True)
}


def _check_depth(value: Any) -> None:
    level: list[Any] = [value]
    for _ in range(MAX_DEPTH):
        inner: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                inner.extend(item.values())
            elif isinstance(item, list):
                inner.extend(item)
        level = [item for item in inner if isinstance(item, dict | list)]
        if not level:
            return
    raise SeraiError(Code.MALFORMED_JSON, f"nested deeper than {MAX_DEPTH}")


def decode_json(text: str | bytes, max_members: int, *, fractions: bool = False) -> Any:
    """The value of an I-JSON text whose numbers are integers: nothing on the wire has another.

    Args:
        text: UTF-8 bytes or text, of a size the caller has already bounded.
        max_members: bound on commas and openings; counted before parsing, so that a
            text of tiny members cannot blow up memory.
        fractions: whether numbers with ``.`` or ``e`` are read too: in what others wrote and a person is to see.

    Raises:
        SeraiError: ``malformed_json`` naming the fault, never quoting the text.
    """
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8")
        except UnicodeDecodeError as error:
            raise SeraiError(Code.MALFORMED_JSON, "not UTF-8") from error
    if len(text) > max_members < text.count(",") + text.count("{") + text.count("["):
        raise SeraiError(Code.MALFORMED_JSON, f"more than {max_members} members")
    try:
        value = _DECODERS[fractions].decode(text)
    except SeraiError:
        raise
    except (ValueError, RecursionError) as error:
        raise SeraiError(Code.MALFORMED_JSON, "not JSON") from error
    _check_depth(value)  # first: what follows recurses into the value
    if _may_have_surrogates(text):
        _check_surrogates(value)
    return value


def _may_have_surrogates(text: str) -> bool:
    # Nearly every text is ASCII without escapes: two quick looks spare it two searches.
    escaped = "\\" in text and _ESCAPED_SURROGATE.search(text)
    return bool(escaped or (not text.isascii() and _SURROGATE.search(text)))


def _check_surrogates(value: Any) -> None:
    if _SURROGATE.search(json.dumps(value, ensure_ascii=False)):
        raise SeraiError(Code.MALFORMED_JSON, "lone surrogate")


def decode_object(text: str | bytes, max_members: int, *, fractions: bool = False) -> dict[str, Any]:
    """The value of an I-JSON text that must be an object; arguments as of `decode_json`.

    Raises:
        SeraiError: ``malformed_json`` if it is anything else.
    """
    value = decode_json(text, max_members, fractions=fractions)
    if not isinstance(value, dict):
        raise SeraiError(Code.MALFORMED_JSON, "not an object")
    return value
