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
from typing import Any, Generic, NamedTuple, TypeVar

from schemas import limits
from schemas.claims import BY_TYP, Claims, StatementType, parse_claims
from schemas.encoding import Digest, decode_base64url, decode_object, encode_base64url, encode_json, sha256
from schemas.errors import Code, SeraiError
from schemas.keykinds import SIGNING_ALGS
from schemas.keys import SIGNING_ALG, Kid, SigningKey, VerifyKey
from schemas.leaf import Leaf

ClaimsT_co = TypeVar("ClaimsT_co", bound=Claims, covariant=True)

_HEADER = re.compile(rb'\{"alg":"([A-Za-z0-9-]{1,32})","kid":"([A-Za-z0-9_-]{43})","typ":"([a-z0-9+-]{1,40})"\}')


class Header(NamedTuple):
    """The protected header of a statement, whether or not this program knows its words."""

    alg: str
    kid: Kid
    typ: str


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
def _parse_header(text: str) -> Header:
    match = _HEADER.fullmatch(decode_base64url(text))
    if match is None:
        raise SeraiError(Code.MALFORMED_STATEMENT, "the header is not the one of the profile")
    alg, kid, typ = (part.decode() for part in match.groups())
    return Header(alg, Kid(kid), typ)


def read_header(text: str) -> Header:
    """The header of a compact statement, of a later version too; nothing of it is checked.

    Raises:
        SeraiError: ``statement_too_large``, ``malformed_statement``.
    """
    if len(text) > limits.STATEMENT_BYTES:
        raise SeraiError(Code.STATEMENT_TOO_LARGE, f"{len(text)} bytes")
    header = text.split(".", 1)[0]
    if text.count(".") != 2 or not text.isascii() or len(header) > 200:
        raise SeraiError(Code.MALFORMED_STATEMENT, "not a compact JWS")
    try:
        return _parse_header(header)
    except SeraiError as error:
        if error.code is Code.MALFORMED_JSON:
            raise SeraiError(Code.MALFORMED_STATEMENT, f"header: {error.detail}") from error
        raise


def parse_statement(text: str) -> UnverifiedStatement:
    """A statement from its compact form.

    Raises:
        SeraiError: ``statement_too_large``, ``malformed_statement``, ``unsupported_alg``,
            ``unsupported_type``.
    """
    header = read_header(text)
    # The table has one line, and one class of keys checks it: alg is the key's kind in `verify_statement`.
    if header.alg not in SIGNING_ALGS:
        raise SeraiError(Code.UNSUPPORTED_ALG, header.alg)
    kind = BY_TYP.get(header.typ)
    if kind is None:
        raise SeraiError(Code.UNSUPPORTED_TYPE, header.typ)
    return UnverifiedStatement(text, sha256(text.encode("ascii")), header.kid, kind)


def parse_under_leaf(text: str, leaf: Leaf) -> UnverifiedStatement:
    """The statement of a leaf: its digest is the leaf's, and so is its type (PROTOCOL 7, step 2).

    Codes and ``typ`` stand in one table, so a text of which only one of the two is known is false, not newer.

    Args:
        text: the compact JWS.
        leaf: proven.

    Raises:
        SeraiError: ``bad_proof`` if it is not; ``unsupported_type`` if it is, and of a type that is newer than
            this program; what `parse_statement` raises.
    """
    kind = BY_TYP.get(read_header(text).typ)
    if sha256(text.encode("ascii")) != leaf.digest or kind is not leaf.type:
        raise SeraiError(Code.BAD_PROOF, "the statement is not the one of the leaf")
    if kind is None:
        raise SeraiError(Code.UNSUPPORTED_TYPE, f"type {leaf.code} is newer than this program")
    return parse_statement(text)


def read_payload(text: str) -> dict[str, Any]:
    """The payload of a compact statement, its signature not checked: by itself it proves nothing.

    For what cannot be known otherwise (which key a statement names to be checked with), and for
    texts that were verified before they were stored.

    Raises:
        SeraiError: ``malformed_json``.
    """
    return decode_object(decode_base64url(text.split(".")[1]), limits.STATEMENT_MEMBERS)


def read_claims(text: str, kind: StatementType, *, lenient: bool = False) -> Claims:
    """The claims of a compact statement, its signature not checked; see `read_payload`.

    Args:
        text: the compact JWS.
        kind: its type.
        lenient: as in `verify_statement`.

    Raises:
        SeraiError: ``malformed_json``, ``malformed_statement``, or a code of the cover's form.
    """
    return parse_claims(kind, read_payload(text), lenient=lenient)


def verify_signature(text: str, key: VerifyKey) -> None:
    """Check the signature of a compact statement over the received bytes.

    Raises:
        SeraiError: ``bad_signature``; ``malformed_json`` for another spelling of base64url.
    """
    signed, _, signature = text.rpartition(".")
    key.verify(decode_base64url(signature, 64), signed.encode("ascii"))


def verify_statement(
    statement: UnverifiedStatement, key: VerifyKey, *, lenient: bool = False
) -> VerifiedStatement[Claims]:
    """Check the signature over the received bytes, then parse the claims.

    Args:
        statement: as received.
        key: that it names.
        lenient: whether it is only read: closed words may then be others (PROTOCOL 6).

    Raises:
        SeraiError: ``unknown_key`` if the key is not the one named, ``bad_signature``,
            ``malformed_statement``, ``unsupported_critical``, or a code of the cover's form.
    """
    if key.kid != statement.kid:
        raise SeraiError(Code.UNKNOWN_KEY, f"signed with {statement.kid}")
    try:
        verify_signature(statement.text, key)
        payload = read_payload(statement.text)
    except SeraiError as error:
        if error.code is Code.MALFORMED_JSON:
            raise SeraiError(Code.MALFORMED_STATEMENT, error.detail) from error
        raise
    claims = parse_claims(statement.type, payload, lenient=lenient)
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
