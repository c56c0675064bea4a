"""Keys: one JWK for each, thumbprints, and what is no key at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from joserfc.jwk import OKPKey

from schemas.encoding import decode_base64url, encode_base64url, encode_json, sha256
from schemas.errors import Code
from schemas.keys import DecryptionKey, EncryptionKey, SigningKey, VerifyKey
from tests.support.edges import EDGES, PRIME, WEAK_KEYS, Edge, point_of
from tests.support.refusals import refused
from tests.support.world import decryption_key, signing_key

VECTORS = Path(__file__).parents[2] / "vectors" / "jose-hpke-pq"
SIG = signing_key("test")
ENC = decryption_key("test")


def _vector() -> dict[str, str]:
    jwk: dict[str, str] = json.loads((VECTORS / "jwk-HPKE-9-KE.json").read_text())
    return jwk


def test_rfc_8037_key() -> None:
    """Seed, public key and thumbprint of RFC 8037 appendix A belong together."""
    key = SigningKey.from_seed(decode_base64url("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"))
    assert key.public.to_jwk() == {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
    assert key.kid == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    assert key.sign(b"text") == key.private_key.sign(b"text")


def test_outside_encryption_key() -> None:
    """The seed of the draft's example gives its public key and its thumbprint."""
    jwk = _vector()
    key = DecryptionKey.from_seed(decode_base64url(jwk["priv"]))
    assert key.public.to_jwk() == {name: jwk[name] for name in ("kty", "alg", "pub")}
    assert key.kid == jwk["kid"] == EncryptionKey.from_jwk(key.public.to_jwk()).kid


def test_thumbprints_by_hand() -> None:
    """A thumbprint is the digest of the required members in the order of their names."""
    for jwk, kid in ((SIG.public.to_jwk(), SIG.kid), (ENC.public.to_jwk(), ENC.kid)):
        assert kid == encode_base64url(sha256(encode_json(dict(sorted(jwk.items()))).encode()))


def test_joserfc_reads_signing_keys() -> None:
    """Another library, joserfc, reads the JWK and finds the same thumbprint."""
    assert OKPKey.import_key({**SIG.public.to_jwk()}).thumbprint() == SIG.kid


def test_jwk_and_back() -> None:
    """Keys come back from their JWK as the same value."""
    assert VerifyKey.from_jwk(SIG.public.to_jwk()) == SIG.public
    assert EncryptionKey.from_jwk(ENC.public.to_jwk()) == ENC.public
    assert VerifyKey.from_raw(SIG.public.raw).raw == SIG.public.raw


@pytest.mark.parametrize(
    "change",
    [
        {"kid": "a"},
        {"use": "sig"},
        {"d": "AAAA"},
        {"crv": "Ed448"},
        {"crv": "X25519"},
        {"kty": "EC"},
        {"kty": None},
        {"x": None},
        {"x": 5},
        {"x": ["A"]},
        {"x": ""},
        {"x": "A" * 42},
        {"x": "A" * 44},
        {"x": "A" * 42 + "B"},
        {"x": "A" * 42 + "="},
        {"x": "A" * 42 + "\n"},
    ],
)
def test_refuses_other_signing_jwk(change: dict[str, Any]) -> None:
    """A JWK with a member more, less or of another kind, or another spelling of ``x``, is refused."""
    jwk = {name: value for name, value in {**SIG.public.to_jwk(), **change}.items() if value is not None}
    with refused(Code.MALFORMED_KEY):
        VerifyKey.from_jwk(jwk)


@pytest.mark.parametrize(
    "change",
    [
        {"priv": "A" * 43},
        {"alg": "HPKE-9"},
        {"alg": "HPKE-10-KE"},
        {"kty": "OKP"},
        {"pub": None},
        {"pub": "A" * 1621},
        {"pub": "_" * 1622},
        {"pub": 5},
    ],
)
def test_refuses_other_encryption_jwk(change: dict[str, Any]) -> None:
    """Private, foreign or short encryption keys are refused, and those that ML-KEM does not allow."""
    jwk = {name: value for name, value in {**ENC.public.to_jwk(), **change}.items() if value is not None}
    with refused(Code.MALFORMED_KEY):
        EncryptionKey.from_jwk(jwk)


@pytest.mark.parametrize("jwk", [None, [], "", 5, {}])
def test_refuses_what_is_no_jwk(jwk: Any) -> None:
    """What is no object with the members due is refused as a key of either kind."""
    for kind in (VerifyKey, EncryptionKey):
        with refused(Code.MALFORMED_KEY):
            kind.from_jwk(jwk)


@pytest.mark.parametrize("size_bytes", [0, 31, 33])
def test_sizes(size_bytes: int) -> None:
    """Seeds and signing keys have 32 bytes."""
    for make in (SigningKey.from_seed, DecryptionKey.from_seed, VerifyKey.from_raw):
        with refused(Code.MALFORMED_KEY):
            make(b"\x02" * size_bytes)
    with refused(Code.MALFORMED_KEY):
        EncryptionKey.from_raw(ENC.public.raw[:-1])


@pytest.mark.parametrize("sign", [0, 0x80])
@pytest.mark.parametrize("weak", WEAK_KEYS)
def test_refuses_weak_keys(weak: str, sign: int) -> None:
    """A point of small order, a second spelling, or what is no point, is not a signing key, whichever its sign."""
    raw = WEAK_KEYS[weak]
    with refused(Code.MALFORMED_KEY):
        VerifyKey.from_raw(raw[:31] + bytes([raw[31] & 0x7F | sign]))


@pytest.mark.parametrize("y", range(19))
def test_refuses_every_y_beyond_the_prime(y: int) -> None:
    """The nineteen numbers between the prime and 2^255 are no y, though the points exist below."""
    with refused(Code.MALFORMED_KEY):
        VerifyKey.from_raw((PRIME + y).to_bytes(32, "little"))


@pytest.mark.parametrize("y", range(2, 40))
def test_a_key_is_a_point(y: int) -> None:
    """The smallest numbers are keys exactly where the curve has a point."""
    raw = y.to_bytes(32, "little")
    if point_of(y):
        assert VerifyKey.from_raw(raw).raw == raw
        return
    with refused(Code.MALFORMED_KEY):
        VerifyKey.from_raw(raw)


@pytest.mark.parametrize("edge", EDGES, ids=[edge.name for edge in EDGES])
def test_edges_of_ed25519(edge: Edge) -> None:
    """A signature at an edge is judged by the equation without cofactor, R and S in their one spelling."""
    key = edge.key("edge")
    for text in (b"one", b"other"):
        if edge.holds:
            key.public.verify(key.sign(text), text)
            continue
        with refused(Code.BAD_SIGNATURE):
            key.public.verify(key.sign(text), text)


def test_small_order_would_verify_anything() -> None:
    """Why: the library, given the neutral point as key, accepts one signature for every text."""
    raw = (1).to_bytes(32, "little")
    key = VerifyKey(raw, SIG.kid, Ed25519PublicKey.from_public_bytes(raw))
    for text in (b"one", b"other"):
        key.verify(raw + bytes(32), text)


@pytest.mark.parametrize("number", [0, 1, 325606250916557431795983626356110631294008115727848805560023387167927233504])
def test_refuses_keys_nobody_could_seal_to(number: int) -> None:
    """An X25519 part of small order, with which sealing would fail, is refused."""
    with refused(Code.MALFORMED_KEY):
        EncryptionKey.from_raw(ENC.public.raw[:-32] + number.to_bytes(32, "little"))


def test_signatures() -> None:
    """A signature holds for its text and key, and for nothing else."""
    signature = SIG.sign(b"text")
    SIG.public.verify(signature, b"text")
    for key, other, text in (
        (SIG.public, signature, b"texts"),
        (signing_key("other").public, signature, b"text"),
        (SIG.public, signature[:-1], b"text"),
        (SIG.public, b"", b"text"),
        (SIG.public, signature[:32] + bytes(32), b"text"),
    ):
        with refused(Code.BAD_SIGNATURE):
            key.verify(other, text)


def test_signature_has_one_spelling() -> None:
    """The same signature with the order of the group added to its scalar is refused (RFC 8032 section 5.1.7)."""
    order = 2**252 + 27742317777372353535851937790883648493
    signature = SIG.sign(b"text")
    scalar = int.from_bytes(signature[32:], "little") + order
    with refused(Code.BAD_SIGNATURE):
        SIG.public.verify(signature[:32] + scalar.to_bytes(32, "little"), b"text")


def test_secrets_stay_out_of_repr() -> None:
    """Neither seed shows when a key is printed."""
    for key in (SIG, ENC):
        assert repr(key.seed) not in repr(key)
        assert key.seed.hex() not in repr(key)
    assert ENC.private_key is ENC.private_key
