"""Statements: compact JWS with one accepted spelling (PROTOCOL 3).

`parse_statement` judges form, `verify_statement` the signature and then the claims, in
this order, over the received bytes. What neither does: whether the key was good at the
statement's place (`schemas.directory`) and whether what it says is permitted
(`broker.core`, clients). joserfc gives keys and thumbprints; the signature is checked
with `cryptography` itself, because joserfc's general reader costs a third more than the
check and accepts headers that the profile refuses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from schemas import limits
from schemas.claims import BY_TYP, Claims, StatementType, parse_claims
from schemas.encoding import Digest, decode_base64url, decode_object, encode_base64url, encode_json, sha256
from schemas.errors import Code, SeraiError
from schemas.keys import SIGNING_ALG, Kid, SigningKey, VerifyKey

ClaimsT_co = TypeVar("ClaimsT_co", bound=Claims, covariant=True)

_HEADER = re.compile(rb'\{"alg":"Ed25519","kid":"([A-Za-z0-9_-]{43})","typ":"([a-z+-]{1,40})"\}')


@dataclass(frozen=True, slots=True)
class UnverifiedStatement:
    """A statement of the right form whose signature nobody has checked.

    Attributes:
        text: the compact JWS as received.
        digest: its identity.
        kid: the key it claims to be signed with.
        type: the type it claims to be.
    """

    text: str
    digest: Digest
    kid: Kid
    type: StatementType


@dataclass(frozen=True, slots=True)
class VerifiedStatement(Generic[ClaimsT_co]):
    """A statement that the key ``kid`` has signed and whose claims have the right form."""

    text: str
    digest: Digest
    kid: Kid
    claims: ClaimsT_co


@lru_cache(maxsize=4096)
def _parse_header(text: str) -> tuple[Kid, StatementType]:
    match = _HEADER.fullmatch(decode_base64url(text))
    if match is None:
        raise SeraiError(Code.MALFORMED_STATEMENT, "the header is not the one of the profile")
    kind = BY_TYP.get(match[2].decode())
    if kind is None:
        raise SeraiError(Code.UNSUPPORTED_TYPE, match[2].decode())
    return Kid(match[1].decode()), kind


def parse_statement(text: str) -> UnverifiedStatement:
    """A statement from its compact form.

    Raises:
        SeraiError: ``statement_too_large``, ``malformed_statement``, ``unsupported_type``.
    """
    if len(text) > limits.STATEMENT_BYTES:
        raise SeraiError(Code.STATEMENT_TOO_LARGE, f"{len(text)} bytes")
    header = text.split(".", 1)[0]
    if text.count(".") != 2 or not text.isascii() or len(header) > 200:
        raise SeraiError(Code.MALFORMED_STATEMENT, "not a compact JWS")
    try:
        kid, kind = _parse_header(header)
    except SeraiError as error:
        if error.code is Code.MALFORMED_JSON:
            raise SeraiError(Code.MALFORMED_STATEMENT, f"header: {error.detail}") from error
        raise
    return UnverifiedStatement(text, sha256(text.encode("ascii")), kid, kind)


def verify_statement(statement: UnverifiedStatement, key: VerifyKey) -> VerifiedStatement[Claims]:
    """Check the signature over the received bytes, then parse the claims.

    Raises:
        SeraiError: ``unknown_key`` if the key is not the one named, ``bad_signature``,
            ``malformed_statement``, ``unsupported_critical``, or a code of the cover's form.
    """
    if key.kid != statement.kid:
        raise SeraiError(Code.UNKNOWN_KEY, f"signed with {statement.kid}")
    signed, _, signature = statement.text.rpartition(".")
    try:
        key.verify(decode_base64url(signature, 64), signed.encode("ascii"))
        payload = decode_object(decode_base64url(signed.partition(".")[2]), limits.STATEMENT_MEMBERS)
    except SeraiError as error:
        if error.code is Code.MALFORMED_JSON:
            raise SeraiError(Code.MALFORMED_STATEMENT, error.detail) from error
        raise
    claims = parse_claims(statement.type, payload)
    return VerifiedStatement(statement.text, statement.digest, statement.kid, claims)


def sign_statement(claims: Claims, key: SigningKey) -> str:
    """The compact JWS of claims, signed.

    Args:
        claims: complete claims; members that are ``None`` are left out.
        key: the signer's key; its thumbprint becomes ``kid``.
    """
    header = {"alg": SIGNING_ALG, "kid": key.kid, "typ": claims.type.typ}
    payload = claims.model_dump(exclude_none=True)
    signed = f"{encode_base64url(encode_json(header).encode())}.{encode_base64url(encode_json(payload).encode())}"
    return f"{signed}.{encode_base64url(key.sign(signed.encode('ascii')))}"
