"""Kinds of keys: the tables of those that are known, and what is done with the others (PROTOCOL 4).

A key of another kind is a thumbprint and no more: it can be certified, replaced and revoked,
its statements wait for a version that can check them, and nothing is ever granted through it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from schemas.encoding import encode_base64url, encode_json, sha256
from schemas.errors import Code, SeraiError
from schemas.keys import ENCRYPTION_ALG, SIGNING_ALG, EncryptionKey, Kid, VerifyKey

SIGNING_ALGS: Final = frozenset({SIGNING_ALG})
"""Every `alg` of a statement's header that can be checked here; each belongs to one kind of key."""

SEALING_ALGS: Final = frozenset({ENCRYPTION_ALG})
"""Every `alg` of an entry that can be opened here; each belongs to one kind of key."""

MAX_JWK_MEMBERS: Final = 8
"""Most members of a key of unknown kind."""

MAX_JWK_VALUE: Final = 8_192
"""Longest member of a key of unknown kind, in characters; ML-DSA-87 has 3,456."""

KNOWN_KINDS: Final[tuple[dict[str, str], ...]] = (
    {"kty": "OKP", "crv": "Ed25519"},
    {"kty": "AKP", "alg": ENCRYPTION_ALG},
)
"""The members that tell a kind that is known; its other members are exactly those of its thumbprint."""

SECRET_MEMBERS: Final = ("d", "k", "priv")
"""Members of which no public key has one."""

JWK_NAME: Final = r"^[a-z][a-z0-9_]{0,15}$"
JWK_VALUE: Final = rf"^[!#-\[\]-~]{{1,{MAX_JWK_VALUE}}}$"
"""What needs no escape in JSON, so that a thumbprint has one input."""

_NAME: Final = re.compile(JWK_NAME.removesuffix("$"))
_VALUE: Final = re.compile(JWK_VALUE.removesuffix("$"))


@dataclass(frozen=True, slots=True)
class UnknownKey:
    """A public key of a kind that this program does not know.

    Attributes:
        kid: its thumbprint, over all its members in the order of their names (RFC 7638).
        alg: what the key says that it is for; ``None`` if its kind leaves that open.
    """

    kid: Kid
    alg: str | None

    @classmethod
    def from_jwk(cls, jwk: Any) -> UnknownKey:
        """From a JWK that has exactly the members of its thumbprint, whatever they are.

        Raises:
            SeraiError: ``malformed_key``, also for a secret one.
        """
        if not isinstance(jwk, dict) or not 2 <= len(jwk) <= MAX_JWK_MEMBERS or "kty" not in jwk:
            raise SeraiError(Code.MALFORMED_KEY, "a JWK has kty, and further members")
        if any(name in jwk for name in SECRET_MEMBERS):
            raise SeraiError(Code.MALFORMED_KEY, "a secret key where a public one is due")
        for name, value in jwk.items():
            if not _NAME.fullmatch(name) or not isinstance(value, str) or not _VALUE.fullmatch(value):
                raise SeraiError(Code.MALFORMED_KEY, "a member that no thumbprint could be made of")
        text = encode_json(dict(sorted(jwk.items())))
        return cls(Kid(encode_base64url(sha256(text.encode()))), jwk.get("alg"))


def _is_known(jwk: Any) -> bool:
    return not isinstance(jwk, dict) or any(kind.items() <= jwk.items() for kind in KNOWN_KINDS)


def read_signing_key(jwk: Any) -> VerifyKey | UnknownKey:
    """The signing key of a credential.

    Raises:
        SeraiError: ``malformed_key``.
    """
    return VerifyKey.from_jwk(jwk) if _is_known(jwk) else UnknownKey.from_jwk(jwk)


def read_encryption_key(jwk: Any) -> EncryptionKey | UnknownKey:
    """The encryption key of a credential.

    Raises:
        SeraiError: ``malformed_key``.
    """
    return EncryptionKey.from_jwk(jwk) if _is_known(jwk) else UnknownKey.from_jwk(jwk)
