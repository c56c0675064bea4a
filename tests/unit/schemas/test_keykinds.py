"""Kinds of keys: what is known is read exactly, what is not is a thumbprint."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.encoding import encode_base64url, encode_json, sha256
from schemas.errors import Code
from schemas.keykinds import UnknownKey, read_encryption_key, read_signing_key
from schemas.keys import EncryptionKey, VerifyKey
from tests.support.refusals import refused
from tests.support.world import decryption_key, signing_key

SIG, ENC = signing_key("kinds").public.to_jwk(), decryption_key("kinds").public.to_jwk()
LATER = {"kty": "AKP", "alg": "ML-DSA-65", "pub": "A" * 2_603}


def test_known_kinds() -> None:
    """Keys of the known kinds are read as what they are."""
    assert isinstance(read_signing_key(SIG), VerifyKey)
    assert isinstance(read_encryption_key(ENC), EncryptionKey)


@pytest.mark.parametrize("read", [read_signing_key, read_encryption_key])
def test_unknown_kind_is_a_thumbprint(read: Any) -> None:
    """A thumbprint is over all members of a key of unknown kind, in the order of their names."""
    for jwk in (
        LATER,
        dict(reversed(LATER.items())),
        {"kty": "NEW", "z": "1", "a": "2"},
        {"kty": "OKP", "crv": "X448"},
    ):
        key = read(jwk)
        assert isinstance(key, UnknownKey)
        assert key.kid == encode_base64url(sha256(encode_json(dict(sorted(jwk.items()))).encode()))
        assert key.alg == jwk.get("alg")
    assert read(LATER).kid == read(dict(reversed(LATER.items()))).kid


@pytest.mark.parametrize(("read", "jwk"), [(read_signing_key, ENC), (read_encryption_key, SIG)])
def test_known_kind_is_for_one_thing(read: Any, jwk: dict[str, str]) -> None:
    """A key to seal to does not sign, and the reverse: a known kind is never taken for an unknown one."""
    with refused(Code.MALFORMED_KEY):
        read(jwk)


@pytest.mark.parametrize("read", [read_signing_key, read_encryption_key])
@pytest.mark.parametrize(
    "jwk",
    [
        {**SIG, "use": "sig"},
        {**SIG, "x": "A"},
        {**ENC, "kid": "A"},
        {"kty": "NEW"},
        {"alg": "NEW", "x": "1"},
        {"kty": "NEW", **{f"m{n}": "1" for n in range(8)}},
        {"kty": "NEW", "x": 1},
        {"kty": "NEW", "x": None},
        {"kty": "NEW", "x": ""},
        {"kty": "NEW", "x": "\N{CYRILLIC SMALL LETTER A}"},
        {"kty": "NEW", "x": '"'},
        {"kty": "NEW", "x": "\\"},
        {"kty": "NEW", "x": "a b"},
        {"kty": "NEW", "x": "a\n"},
        {"kty": "NEW", "x": "A" * 8_193},
        {"kty": "NEW", "X": "1"},
        {"kty": "NEW", "a" * 17: "1"},
        {"kty": "OKP", "crv": "Ed448", "x": "A", "d": "A"},
        {"kty": "oct", "k": "A"},
        {**LATER, "priv": "A"},
        [],
        "NEW",
        None,
    ],
)
def test_refuses_what_is_no_key_of_any_kind(read: Any, jwk: Any) -> None:
    """Further members of a known kind, secrets, and what JSON would write in two ways are refused."""
    with refused(Code.MALFORMED_KEY):
        read(jwk)
