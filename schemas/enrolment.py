"""Requests to be certified: who asks, with which keys, and that the asker holds the signing key (PROTOCOL 5).

A credential carries the request that it answers, so nobody can certify a key that is another's:
its holder has signed for which address, with which roles, when. A request under a key of a kind that is not
known here is read, and nothing in it is checked: such a key grants nothing (PROTOCOL 4).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from schemas.addresses import Address
from schemas.claims import Enrolment, StatementType
from schemas.encoding import Digest, sha256
from schemas.errors import Code, SeraiError
from schemas.keykinds import SIGNING_ALGS, UnknownKey, read_encryption_key, read_signing_key
from schemas.keys import EncryptionKey, Kid, VerifyKey
from schemas.statements import Header, parse_statement, read_claims, read_header, read_payload, verify_statement


@dataclass(frozen=True, slots=True)
class VerifiedRequest:
    """A request to be certified whose signature holds, where its key is of a kind that is known.

    Attributes:
        text: the compact JWS.
        digest: its identity, compared by telephone before anybody certifies it.
        claims: what is asked for.
        key: the signing key that asks.
        enc: the encryption key, of members.
    """

    text: str
    digest: Digest
    claims: Enrolment
    key: VerifyKey | UnknownKey
    enc: EncryptionKey | UnknownKey | None

    @property
    def address(self) -> Address:
        """Who asks."""
        return self.claims.iss

    @property
    def kid(self) -> Kid:
        """Thumbprint of the signing key."""
        return self.key.kid

    @property
    def enc_kid(self) -> Kid | None:
        """Thumbprint of the encryption key."""
        return self.enc.kid if self.enc else None

    @property
    def kids(self) -> frozenset[Kid]:
        """Both."""
        return frozenset(kid for kid in (self.kid, self.enc_kid) if kid)


def read_request(text: str) -> VerifiedRequest:
    """A request, its signature checked if its key is of a kind that is known.

    Raises:
        SeraiError: ``unsupported_type`` if it is no request, ``unknown_key`` if it is signed with another key than
            it names, ``unsupported_alg`` if its ``alg`` is not that key's, ``bad_signature``, ``malformed_statement``,
            ``unsupported_critical``.
    """
    try:
        return _read_request(text)
    except SeraiError as error:
        if error.code in (Code.MALFORMED_KEY, Code.MALFORMED_JSON):
            raise SeraiError(Code.MALFORMED_STATEMENT, f"request: {error.detail}") from error
        raise


def _read_request(text: str) -> VerifiedRequest:
    header = read_header(text)
    if header.typ != StatementType.ENROLMENT.typ:
        raise SeraiError(Code.UNSUPPORTED_TYPE, "an enrolment request is due")
    key = read_signing_key(_signing_jwk(text))
    if key.kid != header.kid:
        raise SeraiError(Code.UNKNOWN_KEY, "the request is not signed with the key that it names")
    if isinstance(key, VerifyKey):
        claims = verify_statement(parse_statement(text), key).claims
    else:
        claims = _read_unchecked(text, header, key)
    asked = cast("Enrolment", claims)
    enc = read_encryption_key(asked.key.enc) if asked.key.enc else None
    return VerifiedRequest(text, sha256(text.encode("ascii")), asked, key, enc)


def _signing_jwk(text: str) -> Any:
    """The key that a request names; nothing is believed yet but that a signature may be checked with it."""
    pair = read_payload(text).get("key")
    return pair.get("sig") if isinstance(pair, dict) else None


def _read_unchecked(text: str, header: Header, key: UnknownKey) -> Enrolment:
    if header.alg in SIGNING_ALGS or key.alg not in (None, header.alg):
        raise SeraiError(Code.UNSUPPORTED_ALG, "the alg is not that of the key")
    return cast("Enrolment", read_claims(text, StatementType.ENROLMENT))


def verify_request(text: str, network: str) -> VerifiedRequest:
    """A request that somebody is about to certify, or the hub to admit: nothing in it is left unchecked.

    Raises:
        SeraiError: those of `read_request`; ``unsupported_alg`` if its key is of a kind that is not known;
            ``wrong_network``.
    """
    request = read_request(text)
    if isinstance(request.key, UnknownKey):
        raise SeraiError(Code.UNSUPPORTED_ALG, "the request is signed with a key of a kind that is not known here")
    if request.claims.aud != network:
        raise SeraiError(Code.WRONG_NETWORK, request.claims.aud)
    return request


def check_answers(request: VerifiedRequest, network: str, sub: Address, roles: Iterable[str]) -> None:
    """A credential grants what was asked for by the one who asked, in the network where it was asked.

    Args:
        request: that the credential carries.
        network: network id.
        sub: whom the credential certifies.
        roles: what it grants.

    Raises:
        SeraiError: ``request_invalid``.
    """
    if network != request.claims.aud:
        raise SeraiError(Code.REQUEST_INVALID, "it is for another network")
    if request.address != sub:
        raise SeraiError(Code.REQUEST_INVALID, f"{request.address} asked, not {sub}")
    if not set(roles) <= set(request.claims.roles):
        raise SeraiError(Code.REQUEST_INVALID, "more roles than were asked for")
