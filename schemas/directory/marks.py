"""Marks: somebody who may has said of an address what this program cannot read (PROTOCOL 5).

It may have been a revocation. So what stands under a credential that the address had by then, its signatures
and what it certified, cannot be judged here, and nothing is sealed to it, until a credential that can be read
certifies the key again, or another. What nobody with a right to speak of the address has signed marks nothing:
it is refused.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from schemas.addresses import ROOT, Address, is_officer, parse_address
from schemas.claims import BY_TYP, StatementType
from schemas.directory.credentials import Certified, Position
from schemas.directory.directory import Directory
from schemas.errors import Code, SeraiError
from schemas.keykinds import SIGNING_ALGS, UnknownKey
from schemas.keys import SIGNING_ALG, Kid, VerifyKey
from schemas.rules.certifying import check_level
from schemas.statements import read_header, read_payload, verify_signature

UNREADABLE: Final = frozenset({Code.UNSUPPORTED_ALG, Code.UNSUPPORTED_CRITICAL, Code.MALFORMED_STATEMENT})
"""Codes of what a later version may have signed honestly; any other says that a statement is false."""

_SPEAK_OF_ADDRESSES: Final = (StatementType.CREDENTIAL, StatementType.REVOCATION)


def mark_unread(directory: Directory, text: str, place: Position) -> Directory:
    """The directory after a public statement that cannot be read, by somebody who may speak of its ``sub``.

    Args:
        directory: as of the statements below.
        text: the compact JWS, which its leaf names.
        place: its own.

    Raises:
        SeraiError: ``unsupported_type`` of what is neither credential nor revocation, ``malformed_statement``,
            ``malformed_address``, ``wrong_network``, ``bad_signature``, ``unsupported_alg``, ``unknown_key``,
            ``credential_expired``, ``credential_revoked``, ``not_permitted``: nobody who may has signed it. The
            directory is unchanged.
    """
    header = read_header(text)
    if BY_TYP.get(header.typ) not in _SPEAK_OF_ADDRESSES:
        raise SeraiError(Code.UNSUPPORTED_TYPE, header.typ)
    payload = read_payload(text)
    iss, sub = _named(payload, "iss"), _named(payload, "sub")
    if payload.get("aud") != directory.network:
        raise SeraiError(Code.WRONG_NETWORK, "the network of what cannot be read")
    key = _key_that_may_speak(directory, header.kid, iss, sub, place)
    _check_alg(header.alg, key)
    if isinstance(key, VerifyKey):
        verify_signature(text, key)
    marks = (*directory.marks.get(sub, ()), place.index)
    return replace(directory, version=directory.version + 1, marks={**directory.marks, sub: marks})


def _named(payload: dict[str, Any], claim: str) -> Address:
    value = payload.get(claim)
    if claim == "iss" and value == ROOT:
        return Address(ROOT)
    return parse_address(value if isinstance(value, str) else "")


def _check_alg(alg: str, key: VerifyKey | UnknownKey) -> None:
    """Who names a key that is known, under an alg that is not, would otherwise speak for it without a signature."""
    named = SIGNING_ALG if isinstance(key, VerifyKey) else key.alg
    if named not in (None, alg) or (named is None and alg in SIGNING_ALGS):
        raise SeraiError(Code.UNSUPPORTED_ALG, "the alg is not that of the key")


def _key_that_may_speak(
    directory: Directory, kid: Kid, iss: Address, sub: Address, place: Position
) -> VerifyKey | UnknownKey:
    """The key, which could certify or revoke the address at the place."""
    if iss == ROOT:
        if kid != directory.epoch.root.kid:
            raise SeraiError(Code.UNKNOWN_KEY, "not signed by the root")
        return directory.epoch.root
    newest = next(iter(directory.credentials(sub)[-1:]), None)
    if iss == sub:
        if newest is None or newest.key.kid != kid or directory.is_revoked(newest, place):
            raise SeraiError(Code.NOT_PERMITTED, f"not the key of {sub}")
        return newest.key
    holder = _holder(directory, kid, iss, place)
    above = newest is not None and iss in {link.address for link in directory.chain(newest)[:-1]}
    if "certify" not in holder.roles or not (above or _could_certify(directory, holder, sub)):
        raise SeraiError(Code.NOT_PERMITTED, f"{iss} does not stand above {sub}")
    return holder.key


def _holder(directory: Directory, kid: Kid, iss: Address, place: Position) -> Certified:
    """The credential by which a key is good for an address, of a kind that is not known too."""
    if kid in directory.keys:
        found = directory.holder(kid, place)
        if found.address == iss:
            return found
    for certified in reversed(directory.credentials(iss)):
        if certified.key.kid == kid and isinstance(certified.key, UnknownKey):
            directory.check_good(certified, place)
            return certified
    raise SeraiError(Code.UNKNOWN_KEY, f"the key is not one of {iss}")


def _could_certify(directory: Directory, holder: Certified, sub: Address) -> bool:
    try:
        check_level(holder.address, sub)
    except SeraiError:
        return False
    others = any(earlier.issuer != holder.address for earlier in directory.credentials(sub))
    return is_officer(sub) or (holder.issuer == ROOT and not others)
