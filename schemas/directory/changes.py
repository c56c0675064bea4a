"""How public statements change a directory: the rules of PROTOCOL 5, one function for each type."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, cast

from schemas import limits
from schemas.addresses import ROOT, Address, is_officer
from schemas.claims import MEMBER_ROLES, Claims, Credential, Epoch, Event, Revocation, is_public
from schemas.directory.bounds import count_credential, release_revoked
from schemas.directory.credentials import Certified, Position
from schemas.directory.directory import Directory
from schemas.directory.epochs import apply_epoch
from schemas.enrolment import VerifiedRequest, check_answers, read_request
from schemas.errors import Code, SeraiError
from schemas.keykinds import UnknownKey
from schemas.keys import Kid, VerifyKey
from schemas.rules.certifying import check_domain, check_level, check_roles
from schemas.rules.signers import check_event_signer
from schemas.statements import VerifiedStatement

_LATER_REQUEST: Final = frozenset({Code.MALFORMED_STATEMENT, Code.UNSUPPORTED_CRITICAL})
"""Codes of a request that a later version may have made. An ``alg`` that is not its own key's never is one."""


def apply_statement(directory: Directory, statement: VerifiedStatement[Claims], place: Position) -> Directory:
    """The directory after a public statement, judged at its place.

    Args:
        directory: as of the statements below.
        statement: its signature checked with `key_of` and its network with `verify`.
        place: ``index`` the statement's own; everything below has been applied.

    Raises:
        SeraiError: ``credential_invalid``, ``request_invalid``, ``key_reused``, ``too_many_credentials``,
            ``not_permitted``, ``role_missing``, ``wrong_epoch``, and those of `signer`. The directory is unchanged.
    """
    claims = statement.claims
    if isinstance(claims, Epoch):
        return apply_epoch(directory, cast("VerifiedStatement[Epoch]", statement), place)
    if isinstance(claims, Credential):
        return _apply_credential(directory, cast("VerifiedStatement[Credential]", statement), place)
    if isinstance(claims, Revocation):
        return _apply_revocation(directory, claims, statement.kid, place)
    if isinstance(claims, Event) and is_public(claims):
        return _apply_event(directory, claims, statement.kid, place)
    raise SeraiError(Code.NOT_PERMITTED, "not a public statement")


def _apply_credential(directory: Directory, statement: VerifiedStatement[Credential], place: Position) -> Directory:
    claims = statement.claims
    request = _read_request(claims)
    issuer = _check_issue(directory, statement, place)
    before = directory.history.get(claims.sub, ())
    _check_request(directory, claims, request, place)
    _check_key(directory, claims.sub, request.key)
    if any(earlier.statement.digest == statement.digest for earlier in before):
        raise SeraiError(Code.CREDENTIAL_INVALID, "a credential counts once")
    certified = Certified(statement, place, request, issuer.place.index if issuer else None)
    if before:
        before = (*before[:-1], replace(before[-1], replaced_at=place))
    key = request.key
    # Who holds a key of a kind that is not known cannot be told: it is nobody's before a version that can.
    owned = {key.kid: claims.sub} if isinstance(key, VerifyKey) else {}
    changed = replace(
        directory,
        version=directory.version + 1,
        history={**directory.history, claims.sub: (*before, certified)},
        owners={**directory.owners, **owned},
        keys={**directory.keys, key.kid: key} if isinstance(key, VerifyKey) else directory.keys,
    )
    return count_credential(changed, certified, place)


def _read_request(claims: Credential) -> VerifiedRequest:
    try:
        return read_request(claims.request)
    except SeraiError as error:
        if error.code in _LATER_REQUEST:
            raise
        raise SeraiError(Code.REQUEST_INVALID, str(error)) from error


def _check_request(directory: Directory, claims: Credential, request: VerifiedRequest, place: Position) -> None:
    """Rule 4 of PROTOCOL 5: whom a credential certifies asked for it, and has not asked anew since."""
    check_answers(request, directory.network, claims.sub, claims.roles)
    if request.claims.iat > place.time_s + limits.CLOCK_AHEAD_S:
        raise SeraiError(Code.CLOCK_AHEAD, "the request is dated ahead: no later one could replace it")
    newest = directory.history.get(claims.sub, ())[-1:]
    if any(request.claims.iat < current.request.claims.iat for current in newest):
        raise SeraiError(Code.REQUEST_INVALID, "a newer request of the address was answered before")


def _check_key(directory: Directory, sub: Address, key: VerifyKey | UnknownKey) -> None:
    """Rule 5 of PROTOCOL 5: a signing key serves one address, no network, and never again once it was revoked."""
    if directory.owners.get(key.kid, sub) != sub:
        raise SeraiError(Code.KEY_REUSED, "the key belongs to another address")
    if any(key.kid in epoch.kids.values() for epoch in directory.epochs):
        raise SeraiError(Code.KEY_REUSED, "the key is one of the network's")
    if any(c.key.kid == key.kid and c.revoked_at is not None for c in directory.history.get(sub, ())):
        raise SeraiError(Code.CREDENTIAL_REVOKED, "a key that was revoked is never certified again")


def _check_issue(directory: Directory, statement: VerifiedStatement[Credential], place: Position) -> Certified | None:
    """Rules 1 to 3 of PROTOCOL 5; the issuer's credential, ``None`` for the root."""
    claims = statement.claims
    check_domain(claims.sub, frozenset(directory.epoch.document.codes))
    if claims.iss == ROOT:
        _check_root(directory, statement.kid)
        check_level(claims.iss, claims.sub)
        check_roles(claims.sub, frozenset(claims.roles), MEMBER_ROLES)
        return None
    issuer = directory.signer(statement, place)
    check_level(issuer.address, claims.sub)
    if not is_officer(claims.sub) and issuer.issuer != ROOT:
        raise SeraiError(Code.CREDENTIAL_INVALID, f"{issuer.address} does not certify {claims.sub}")
    if any(earlier.issuer != issuer.address for earlier in directory.history.get(claims.sub, ())):
        raise SeraiError(Code.CREDENTIAL_INVALID, f"{claims.sub} was certified by another than {issuer.address}")
    if "certify" not in issuer.roles:
        raise SeraiError(Code.ROLE_MISSING, "certify")
    if claims.exp > issuer.statement.claims.exp:
        raise SeraiError(Code.CREDENTIAL_INVALID, "it ends after its issuer's")
    check_roles(claims.sub, frozenset(claims.roles), issuer.roles)
    return issuer


def _check_root(directory: Directory, kid: Kid) -> None:
    if kid != directory.epoch.root.kid:
        raise SeraiError(Code.UNKNOWN_KEY, "not signed by the root")


def _apply_revocation(directory: Directory, claims: Revocation, kid: Kid, place: Position) -> Directory:
    history = directory.history.get(claims.sub, ())
    targets = [certified for certified in history if certified.key.kid == claims.kid]
    if not targets:
        raise SeraiError(Code.UNKNOWN_KEY, f"{claims.sub} holds no key {claims.kid}")
    _check_revoker(directory, claims, kid, targets[-1], place)
    revoked = tuple(
        replace(c, revoked_at=place.index) if c.key.kid == claims.kid and c.revoked_at is None else c for c in history
    )
    if revoked == history:
        raise SeraiError(Code.CREDENTIAL_REVOKED, "it has been revoked before")
    changed = replace(directory, version=directory.version + 1, history={**directory.history, claims.sub: revoked})
    return release_revoked(changed, {directory.chain(target)[0].address for target in targets}, place)


def _check_revoker(directory: Directory, claims: Revocation, kid: Kid, target: Certified, place: Position) -> None:
    if claims.iss == ROOT:
        return _check_root(directory, kid)
    if kid == target.key.kid and claims.iss == claims.sub:
        return None
    if claims.iss not in {link.address for link in directory.chain(target)[:-1]}:
        raise SeraiError(Code.NOT_PERMITTED, f"{claims.iss} does not stand above {claims.sub}")
    above = directory.holder(kid, place)
    if above.address != claims.iss or "certify" not in above.roles:
        raise SeraiError(Code.NOT_PERMITTED, "not a key that certifies")
    return None


def _apply_event(directory: Directory, claims: Event, kid: Kid, place: Position) -> Directory:
    check_event_signer(kid, directory.epoch.event_key.kid)
    if claims.event != "suspended" or claims.member is None:
        return replace(directory, version=directory.version + 1)
    since = (*directory.suspensions.get(claims.member, ()), place)
    return replace(
        directory, version=directory.version + 1, suspensions={**directory.suspensions, claims.member: since}
    )
