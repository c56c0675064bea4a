"""Statements: one spelling of a compact JWS, the signature before the claims."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import OKPKey

from schemas import limits
from schemas.claims import StatementType
from schemas.encoding import decode_base64url, encode_base64url, sha256
from schemas.errors import Code
from schemas.keys import SigningKey
from schemas.statements import VerifiedStatement, parse_statement, read_header, sign_statement, verify_statement
from tests.support.refusals import outcome, refused
from tests.support.world import KG, KZ, World, sign_payload, signing_key

WORLD = World([KZ, KG])
KEY = WORLD.party(KZ).sig
TEXT = WORLD.dispatch(KZ, [KG]).text
HEADER, PAYLOAD, SIGNATURE = TEXT.split(".")
HEADER_JSON = f'{{"alg":"Ed25519","kid":"{KEY.kid}","typ":"serai-dispatch+jwt"}}'
PUBLIC_JWK: dict[str, str | list[str]] = {**KEY.public.to_jwk()}


def _sign(header: str | bytes, payload: str | bytes, key: SigningKey = KEY) -> str:
    """A JWS of any header, signed."""
    parts = [part.encode() if isinstance(part, str) else part for part in (header, payload)]
    signed = ".".join(encode_base64url(part) for part in parts)
    return f"{signed}.{encode_base64url(key.sign(signed.encode()))}"


def _verify(text: str, key: SigningKey = KEY) -> VerifiedStatement[Any]:
    return verify_statement(parse_statement(text), key.public)


def test_parse_then_verify() -> None:
    """A statement is parsed to what it claims, and verified to what it says."""
    unverified = parse_statement(TEXT)
    assert (unverified.text, unverified.kid, unverified.type) == (TEXT, KEY.kid, StatementType.DISPATCH)
    assert unverified.digest == sha256(TEXT.encode("ascii"))
    verified = verify_statement(unverified, KEY.public)
    assert (verified.text, verified.digest, verified.kid) == (TEXT, unverified.digest, KEY.kid)
    assert (verified.claims.iss, verified.claims.to) == (KZ, [KG])  # type: ignore[attr-defined]


def test_signs_as_by_hand() -> None:
    """What we sign is, header and signature, what the profile says when put together by hand."""
    text = sign_statement(_verify(TEXT).claims, KEY)
    header, payload, signature = text.split(".")
    assert decode_base64url(header).decode() == HEADER_JSON
    assert json.loads(decode_base64url(payload)) == json.loads(decode_base64url(PAYLOAD))
    assert decode_base64url(signature) == KEY.sign(f"{header}.{payload}".encode())
    assert _verify(text).claims == _verify(TEXT).claims


def test_joserfc_verifies_ours() -> None:
    """Another library verifies what we sign, and not after a change."""
    text = sign_statement(_verify(TEXT).claims, KEY)
    found = jws.deserialize_compact(text, OKPKey.import_key(PUBLIC_JWK), algorithms=["Ed25519"])
    assert found.headers() == json.loads(HEADER_JSON)
    assert json.loads(found.payload) == json.loads(decode_base64url(PAYLOAD))


def test_ours_verifies_joserfc() -> None:
    """We verify what another library signs in the same form."""
    private = OKPKey.import_key({**PUBLIC_JWK, "d": encode_base64url(KEY.seed)})
    text = jws.serialize_compact(json.loads(HEADER_JSON), decode_base64url(PAYLOAD), private, algorithms=["Ed25519"])
    assert _verify(text).claims == _verify(TEXT).claims


@pytest.mark.parametrize(
    "header",
    [
        HEADER_JSON.replace(",", ", "),
        HEADER_JSON.replace(":", ": "),
        " " + HEADER_JSON,
        HEADER_JSON + "\n",
        HEADER_JSON.replace("Ed25519", ""),
        HEADER_JSON.replace("Ed25519", "a" * 33),
        HEADER_JSON.replace("Ed25519", "Ed_25519"),
        HEADER_JSON.replace("Ed25519", "\\u0045d25519"),
        HEADER_JSON.replace('"alg":"Ed25519",', ""),
        HEADER_JSON.replace("}", ',"crit":["exp"]}'),
        HEADER_JSON.replace("}", ',"jwk":{}}'),
        HEADER_JSON.replace('{"alg"', '{"alg":"none","alg"'),
        HEADER_JSON.replace(KEY.kid, KEY.kid[:-1]),
        HEADER_JSON.replace(KEY.kid, KEY.kid + "A"),
        HEADER_JSON.replace("+jwt", "+JWT"),
        HEADER_JSON.replace("serai-dispatch+jwt", ""),
        HEADER_JSON.replace("serai-dispatch+jwt", "a" * 41),
        f'{{"kid":"{KEY.kid}","alg":"Ed25519","typ":"serai-dispatch+jwt"}}',
        "{}",
        "",
        b"\xef\xbb\xbf" + HEADER_JSON.encode(),
        b"\xff",
        HEADER_JSON + " " * 60,
    ],
)
def test_refuses_other_headers(header: str | bytes) -> None:
    """Only the header of the profile, to the letter, is read; algorithms cannot be chosen."""
    with refused(Code.MALFORMED_STATEMENT):
        parse_statement(_sign(header, decode_base64url(PAYLOAD)))


@pytest.mark.parametrize("alg", ["EdDSA", "none", "HS256", "ML-DSA-65", "a" * 32])
def test_refuses_unknown_algs(alg: str) -> None:
    """An alg that is not in the table has a code of its own, and its header can still be read."""
    text = _sign(HEADER_JSON.replace("Ed25519", alg), "{}")
    with refused(Code.UNSUPPORTED_ALG, alg):
        parse_statement(text)
    assert read_header(text) == (alg, KEY.kid, "serai-dispatch+jwt")


def test_limits_hold_ml_dsa_65() -> None:
    """The largest cover has room for a post-quantum signature (4,412 characters) and for a newer type's name."""
    to = [f"{chr(65 + n // 26 % 26)}{chr(65 + n % 26)}/{n:0>24}" for n in range(1_000)]
    claims = WORLD.verified(TEXT).claims.model_copy(update={"to": to, "view": "v" * 512})
    largest = sign_statement(claims, KEY)
    assert len(largest) + 4_412 - 86 + 40 < limits.STATEMENT_BYTES


@pytest.mark.parametrize("typ", ["serai-dispatch-jwt", "serai-operation+jwt", "jwt", "serai-dispatches+jwt"])
def test_refuses_unknown_types(typ: str) -> None:
    """A type that this version does not know has a code of its own."""
    with refused(Code.UNSUPPORTED_TYPE, typ):
        parse_statement(_sign(HEADER_JSON.replace("serai-dispatch+jwt", typ), "{}"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "..",
        HEADER,
        f"{HEADER}.{PAYLOAD}",
        f"{TEXT}.",
        f".{TEXT}",
        f"{HEADER}=.{PAYLOAD}.{SIGNATURE}",
        f"{HEADER}\n.{PAYLOAD}.{SIGNATURE}",
        f"{TEXT}\N{LATIN SMALL LETTER E WITH ACUTE}",
        f"{HEADER[:-1]}\udc80.{PAYLOAD}.{SIGNATURE}",
        '{"payload":"","signatures":[]}',
    ],
)
def test_refuses_what_is_no_compact_jws(text: str) -> None:
    """Three parts of ASCII, the first one canonical base64url, are due."""
    with refused(Code.MALFORMED_STATEMENT):
        parse_statement(text)


def test_size() -> None:
    """98,304 bytes are allowed, one more is refused before anything is read."""
    filler = limits.STATEMENT_BYTES - len(f"{HEADER}..{SIGNATURE}")
    parse_statement(f"{HEADER}.{'A' * filler}.{SIGNATURE}")
    with refused(Code.STATEMENT_TOO_LARGE):
        parse_statement(f"{HEADER}.{'A' * (filler + 1)}.{SIGNATURE}")


@pytest.mark.parametrize(
    "text",
    [
        f"{HEADER}.{PAYLOAD}.{SIGNATURE[:-1]}",
        f"{HEADER}.{PAYLOAD}.{SIGNATURE}A",
        f"{HEADER}.{PAYLOAD}.",
        f"{HEADER}.{PAYLOAD}.{SIGNATURE}==",
        f"{HEADER}.{PAYLOAD}.{SIGNATURE[:-1]}{'B' if SIGNATURE[-1] == 'A' else chr(ord(SIGNATURE[-1]) + 1)}",
        f"{HEADER}.{PAYLOAD}.{SIGNATURE} ",
    ],
)
def test_signature_has_one_spelling(text: str) -> None:
    """A signature spelt in another way is malformed: else one statement had two digests."""
    with refused(Code.MALFORMED_STATEMENT):
        _verify(text)


def test_refuses_other_signatures() -> None:
    """Another text, another key, or another key under this key's name does not verify."""
    other = signing_key("other")
    with refused(Code.BAD_SIGNATURE):
        _verify(f"{HEADER}.{PAYLOAD}A.{SIGNATURE}")
    with refused(Code.BAD_SIGNATURE):
        _verify(f"{HEADER}.{PAYLOAD}.{encode_base64url(other.sign(f'{HEADER}.{PAYLOAD}'.encode()))}")
    with refused(Code.UNKNOWN_KEY):
        _verify(TEXT, other)


def test_signature_comes_before_claims() -> None:
    """Of an unsigned payload nothing is read: the signature is what is refused."""
    with refused(Code.BAD_SIGNATURE):
        _verify(f"{HEADER}.{encode_base64url(b'not JSON')}.{SIGNATURE}")


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b"\xff{}",
        b'{"iss":"KZ/NFP","iss":"KZ/NFP"}',
        b'{"a":NaN}',
        b'{"a":9007199254740992}',
        b'{"a":"\\ud800"}',
        b'{"a":' + b"[" * 33 + b"]" * 33 + b"}",
        b'{"a":[' + b"0," * 4_096 + b"0]}",
        b"[" * 4_000,
        b"{}",
    ],
)
def test_refuses_other_payloads(payload: bytes) -> None:
    """A signed payload that is not one I-JSON object with the claims due is malformed."""
    with refused(Code.MALFORMED_STATEMENT):
        _verify(_sign(HEADER_JSON, payload))


def test_payload_has_one_spelling_in_base64url() -> None:
    """Spare bits in the payload are refused even where the signer put them."""
    signed = f"{HEADER}.{encode_base64url(b'{}')[:-1]}1"
    with refused(Code.MALFORMED_STATEMENT, "spare bits"):
        _verify(f"{signed}.{encode_base64url(KEY.sign(signed.encode()))}")


def test_claims_are_judged_by_type() -> None:
    """A payload signed as one type is not read as another: a receipt's claims make no dispatch."""
    payload = decode_base64url(WORLD.receipt(KZ, KG, ["A" * 43]).split(".")[1]).decode()
    assert _verify(sign_payload(StatementType.RECEIPT, payload, KEY)).claims.iss == KZ
    for kind in (StatementType.DISPATCH, StatementType.CREDENTIAL, StatementType.SESSION):
        with refused(Code.MALFORMED_STATEMENT):
            _verify(sign_payload(kind, payload, KEY))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"to": []}, Code.NO_RECIPIENTS),
        ({"critical": ["later"]}, Code.UNSUPPORTED_CRITICAL),
        ({"status": "draft"}, Code.MALFORMED_STATEMENT),
    ],
)
def test_rules_of_form_keep_their_codes(change: dict[str, Any], code: Code) -> None:
    """A rule of the cover's form that has a code of its own answers with it."""
    with refused(code):
        _verify(sign_payload(StatementType.DISPATCH, json.loads(decode_base64url(PAYLOAD)) | change, KEY))


@given(st.text(max_size=300) | st.from_regex(r"[A-Za-z0-9_-]{0,200}\.[A-Za-z0-9_-]{0,50}\.[A-Za-z0-9_-]{0,90}"))
def test_any_text_is_a_statement_or_refused(text: str) -> None:
    """Any text is refused with a code of its form."""
    assert outcome(lambda: parse_statement(text)) is Code.MALFORMED_STATEMENT


@given(st.integers(0, len(TEXT) - 1), st.characters(), st.integers(0, 3))
def test_no_change_goes_unnoticed(at: int, character: str, cut: int) -> None:
    """Any character changed, removed or put in makes another statement, and that is refused."""
    text = TEXT[:at] + character + TEXT[at + cut :]
    if text != TEXT:
        assert outcome(lambda: _verify(text)) in (
            Code.MALFORMED_STATEMENT, Code.BAD_SIGNATURE, Code.UNKNOWN_KEY, Code.UNSUPPORTED_TYPE
        )  # fmt: skip


@given(st.sampled_from(StatementType), st.binary(max_size=200) | st.text('{}[]":,\\u0a1 isauj', max_size=60))
def test_any_signed_payload_is_refused(kind: StatementType, payload: bytes | str) -> None:
    """Whatever a holder of a key signs, the answer is claims or a refusal."""
    text = _sign(HEADER_JSON.replace("serai-dispatch+jwt", kind.typ), payload)
    assert outcome(lambda: _verify(text)) is Code.MALFORMED_STATEMENT
