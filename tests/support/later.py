"""What a later version may put into a ledger, and how a program of before comes to learn it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, Protocol

from schemas.claims import BY_CODE, BY_TYP, StatementType
from schemas.encoding import encode_base64url, encode_json
from schemas.keys import Kid

LATER_CODE: Final = 7
"""Code of a type that no program of today knows."""

LATER_TYP: Final = "serai-later2+jwt"
"""Its ``typ``."""


class Signer(Protocol):
    """Whoever signs, with a key of whatever kind."""

    @property
    def kid(self) -> Kid:
        """Thumbprint of the key."""

    def sign(self, data: bytes) -> bytes:
        """The signature of some bytes."""


def sign_later(claims: dict[str, Any], key: Signer, *, typ: str = LATER_TYP, alg: str = "Ed25519") -> str:
    """A statement of a type, or under an ``alg``, of a later version; compact."""
    header = encode_json({"alg": alg, "kid": key.kid, "typ": typ})
    signed = f"{encode_base64url(header.encode())}.{encode_base64url(encode_json(claims).encode())}"
    return f"{signed}.{encode_base64url(key.sign(signed.encode()))}"


@contextmanager
def before(kind: StatementType) -> Iterator[None]:
    """Be a program of before a type of statements was known."""
    del BY_CODE[kind.code], BY_TYP[kind.typ]
    try:
        yield
    finally:
        BY_CODE[kind.code] = BY_TYP[kind.typ] = kind
