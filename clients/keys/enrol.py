"""Joining a network, and bringing officers in (PROTOCOL 5); pure but for the entropy handed in.

A member makes its keys here and carries the request to whoever certifies it. At the same time it
gets a revocation of its own key, signed while the key is still safe, to be kept in a safe: who
finds the key stolen, or lost, can end it without it. Certifying works as for the root
(`clients.keys.root`); what is particular to officers is here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from clients.errors import ClientError, LocalCode
from clients.keys.keystore import Keys
from clients.keys.root import Reason, Stamp, draft_credential, sign_credential, sign_revocation
from schemas.addresses import Address, is_officer
from schemas.claims import Enrolment
from schemas.enrolment import VerifiedRequest
from schemas.errors import Code, SeraiError
from schemas.keys import Kid, SigningKey
from schemas.statements import sign_statement


@dataclass(frozen=True, slots=True)
class Application:
    """What a newcomer carries away.

    Attributes:
        request: the ``serai-enrolment+jwt`` for whoever certifies it.
        revocation: a revocation of the own key, to be kept in a safe.
    """

    request: str
    revocation: str


def apply_for(
    keys: Keys,
    address: Address,
    name: str,
    roles: Iterable[str],
    stamps: tuple[Stamp, Stamp],
    officer: SigningKey | None = None,
) -> Application:
    """Ask to be certified.

    Args:
        keys: of the member.
        address: the member itself, or one of its officers.
        name: for people.
        roles: asked for.
        stamps: time and chance of the request and of the revocation.
        officer: the officer's key, open, if ``address`` is one.

    Raises:
        ClientError: ``no_key_held``.
        SeraiError: ``malformed_statement``.
    """
    signing = _key_of(keys, address, officer)
    pair: dict[str, Any] = {"sig": signing.public.to_jwk()}
    if not is_officer(address):
        pair["enc"] = keys.decryption[0].public.to_jwk()
    stamp, later = stamps
    common = {"iss": address, "aud": keys.network, "jti": stamp.jti, "iat": stamp.iat}
    try:
        claims = Enrolment.model_validate({**common, "name": name, "roles": list(roles), "key": pair})
    except ValidationError as error:
        raise SeraiError(Code.MALFORMED_STATEMENT, str(error.errors()[0]["msg"])) from None
    return Application(sign_statement(claims, signing), self_revocation(keys, address, "lost", later, officer))


def self_revocation(
    keys: Keys, address: Address, reason: Reason, stamp: Stamp, officer: SigningKey | None = None
) -> str:
    """A revocation of an own key by itself, to be kept in a safe; ``officer`` as in `apply_for`.

    Raises:
        ClientError: ``no_key_held``.
    """
    signing = _key_of(keys, address, officer)
    return sign_revocation(signing, address, keys.network, (address, signing.kid), reason, stamp)


def newest_key(keys: Keys) -> SigningKey:
    """The newest signing key that is held of the member.

    Raises:
        ClientError: ``no_key_held``.
    """
    return _key_of(keys, keys.member, None)


def _key_of(keys: Keys, address: Address, officer: SigningKey | None) -> SigningKey:
    held = keys.signing[:1] if address == keys.member else (officer,)
    for key in held:
        if key is not None:
            return key
    raise ClientError(LocalCode.NO_KEY_HELD, address=address)


def certify_officer(
    keys: Keys,
    request: VerifiedRequest,
    roles: Iterable[str],
    dates: tuple[int, int],
    stamp: Stamp,
    signing: SigningKey | None = None,
) -> tuple[str, Keys]:
    """A credential for an officer of the member, signed with the member's key.

    Args:
        keys: of the member.
        request: checked by `schemas.enrolment.verify_request`, its digest compared by telephone.
        roles: what is granted, of those asked for.
        dates: first second of validity, and the first after it.
        stamp: time and chance.
        signing: the member's key that is certified now; the newest if not said, which may still wait for it.

    Returns:
        The credential, to be submitted, and the keys with the officer's thumbprint known, so
        that the credential raises no alarm when it is delivered.

    Raises:
        SeraiError: ``not_permitted`` without the member's key, ``credential_invalid``.
    """
    signing = signing or newest_key(keys)
    credential = draft_credential(request, keys.member, dates, roles, stamp)
    return sign_credential(credential, signing), keys.with_known([Kid(request.kid)])
