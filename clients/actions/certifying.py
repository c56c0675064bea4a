"""Certifying and revoking officers with the member's own key.

Each has two steps: `prepare_...` gives what would be signed, and signs nothing; once a person has agreed, it is signed
and sent.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from clients.actions.client import Client
from clients.actions.enrolment import complete_roles
from clients.actions.signed_files import read_statement
from clients.errors import ClientError, LocalCode
from clients.keys.enrol import apply_for
from clients.keys.keystore import STANDARD, Cost, Keys
from clients.keys.officers import LockedKey, lock_key
from clients.keys.root import (
    Reason,
    Stamp,
    draft_credential,
    sign_credential,
    sign_revocation,
    validity,
)
from clients.mail.ordering import AT_ONCE, MOST_ROWS
from clients.mail.sent import Sent
from schemas.addresses import Address, member_of
from schemas.claims import Credential
from schemas.directory import Certified
from schemas.enrolment import VerifiedRequest, verify_request
from schemas.keys import Kid, SigningKey


@dataclass(frozen=True, slots=True)
class OfficerRequest:
    """An officer who is to be certified.

    Attributes:
        address: of the officer.
        days: how long the credential is valid; at most as long as the member's own.
        name: for people; that of the request, or the address, if ``None``.
        roles: what is granted; what was asked for, or what is usual, if empty.
        request: the request of an officer who has a seat of its own; if ``None`` the key is made and kept here.
    """

    address: Address
    days: int
    name: str | None = None
    roles: tuple[str, ...] = ()
    request: Path | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """A credential of an officer, not yet signed.

    Attributes:
        credential: what would be signed.
        asked: what the officer asks for.
        made: the officer's key, if it was made here; it is kept under a passphrase that only the officer knows.
    """

    credential: Credential
    asked: VerifiedRequest
    made: SigningKey | None = field(repr=False)


def own_credential(client: Client, address: Address | None = None) -> Certified:
    """The credential in force of the member, or of an officer of it.

    Raises:
        ClientError: ``not_certified`` if there is none yet.
    """
    address = address or client.store.keys.member
    found = client.state.directory.current(address, client.state.place)
    if found is None:
        raise ClientError(LocalCode.NOT_CERTIFIED, address=address)
    return found


def _is_certified(client: Client, address: Address) -> bool:
    """Whether a credential in force of an address is known here."""
    return client.state.directory.current(address, client.state.place) is not None


def prepare_grant(client: Client, wanted: OfficerRequest, wait_s: float) -> Grant:
    """The credential of an officer, as a person looks at it.

    Args:
        client: of the member.
        wanted: who, and what for.
        wait_s: how long to wait for the hub, if the member's own credential is not known here.

    Raises:
        ClientError: ``officer_of_another``, ``request_of_another``, ``not_certified``.
        SeraiError: the member's key is not here, the request does not hold, or more is granted than was asked for.
    """
    address, member = wanted.address, client.store.keys.member
    _check_own(client, address)
    client.catch_up(wait_s, needed=lambda: not _is_certified(client, member))
    above = own_credential(client)
    client.state.signing_key(member)
    system = client.state.system
    made = None if wanted.request else SigningKey.from_seed(system.entropy(32))
    asked = _asked(client, wanted, made)
    stamp = Stamp.now(system)  # by the network's time: a credential dated ahead of it would be refused
    begins, ends = validity(stamp.iat, wanted.days)
    dates = begins, min(ends, above.statement.claims.exp)
    roles = complete_roles(address, wanted.roles) if wanted.roles else asked.claims.roles
    return Grant(draft_credential(asked, member, dates, roles, stamp), asked, made)


def check_own_passphrase(client: Client, officer: Address, passphrase: str) -> None:
    """An officer's passphrase must not be the store's, which others know.

    Raises:
        ClientError: ``same_passphrase``.
    """
    if client.store.keys.signing and client.store.is_passphrase(passphrase):
        raise ClientError(LocalCode.SAME_PASSPHRASE, officer=officer)


def sign_grant(client: Client, grant: Grant, passphrase: str | None = None, cost: Cost = STANDARD) -> Sent:
    """Sign the credential and send it; an officer's key that was made here is kept, locked.

    A key of an own address is an alarm at every seat of the member, here as well: whoever has the member's key can make
    officers, and somebody must see it.

    Args:
        client: of the member.
        grant: what a person has agreed to.
        passphrase: the officer's own; needed if the key was made here.
        cost: of one guess at it.

    Raises:
        ClientError: ``same_passphrase``; ``officer_locked`` without a passphrase for a key that was made here.
    """
    keys, officer = client.store.keys, grant.asked.address
    signing = client.state.signing_key(keys.member)  # not one that waits to be certified itself
    statement = sign_credential(grant.credential, signing)
    locked = None
    if grant.made is not None:
        if passphrase is None:
            raise ClientError(LocalCode.OFFICER_LOCKED, officer=officer)
        check_own_passphrase(client, officer, passphrase)
        locked = lock_key(keys.network, officer, grant.made, passphrase, cost, client.state.system.entropy)
    with client.state.change():
        client.store.change_keys(partial(_with, asked=grant.asked, locked=locked))
        client.state.alarm("certified", f"{officer}: key {grant.asked.kid} was certified at this seat", cause=officer)
        return client.point.publish(statement)


def _check_own(client: Client, officer: Address) -> None:
    member = client.store.keys.member
    if member_of(officer) != member:
        raise ClientError(LocalCode.OFFICER_OF_ANOTHER, officer=officer, member=member)


def _asked(client: Client, wanted: OfficerRequest, made: SigningKey | None) -> VerifiedRequest:
    """What the officer asks for: in its file, or, if its key is made here, on its behalf."""
    keys, address, system = client.store.keys, wanted.address, client.state.system
    if made is None and wanted.request is not None:
        asked = verify_request(read_statement(wanted.request), keys.network)
        if asked.address != address:
            raise ClientError(LocalCode.REQUEST_OF_ANOTHER, address=asked.address)
        return asked
    roles = complete_roles(address, wanted.roles)
    stamps = Stamp.now(system), Stamp.now(system)
    application = apply_for(keys, address, wanted.name or address, roles, stamps, made)
    return verify_request(application.request, keys.network)


def _with(keys: Keys, asked: VerifiedRequest, locked: LockedKey | None) -> Keys:
    """The member's keys with the officer's thumbprint known, so that the credential is no surprise when it comes."""
    known = keys.with_known([asked.kid])
    return known if locked is None else known.with_officer(asked.address, locked)


# Revoking


@dataclass(frozen=True, slots=True)
class OfficerRevocation:
    """The end of an officer, not yet signed.

    Attributes:
        address: of the officer.
        reason: why.
        kids: thumbprints of the keys that end, oldest first.
        waiting: how many items that it signed wait to be sent.
    """

    address: Address
    reason: Reason
    kids: tuple[Kid, ...]
    waiting: int = 0

    @property
    def waits(self) -> bool:
        """Whether the end waits for what was signed before: not where somebody else may be signing."""
        return self.reason not in AT_ONCE


def prepare_revocation(client: Client, address: Address, reason: Reason, wait_s: float) -> OfficerRevocation:
    """Which keys of an officer would end: every one that is still good.

    A key that was replaced is good for seven days more (PROTOCOL 5): it ends with the others, for it may be the one
    that was stolen.

    Args:
        client: of the member.
        address: of the officer.
        reason: why.
        wait_s: how long to wait for the hub, if the officer is not known here.

    Raises:
        ClientError: ``officer_of_another``; ``not_certified`` if there is no such officer.
        SeraiError: without the member's key.
    """
    _check_own(client, address)
    client.catch_up(wait_s, needed=lambda: not _is_certified(client, address))
    client.state.signing_key(client.store.keys.member)
    own_credential(client, address)
    place = client.state.place
    held = client.state.directory.credentials(address)
    good = (each.key.kid for each in held if not each.revoked(place.index) and not each.outdated(place))
    queued = (client.store.outbox.get(row) for row in client.store.outbox.waiting(MOST_ROWS))
    waiting = sum(each is not None and each.draft.get("iss") == address for each in queued)
    return OfficerRevocation(address, reason, tuple(dict.fromkeys(good)), waiting)


def sign_revocations(client: Client, revocation: OfficerRevocation) -> list[Sent]:
    """Sign one revocation for each key and send them; the newest key's comes last."""
    keys, system = client.store.keys, client.state.system
    signing = client.state.signing_key(keys.member)
    texts = [
        sign_revocation(
            signing, keys.member, keys.network, (revocation.address, kid), revocation.reason, Stamp.now(system)
        )
        for kid in revocation.kids
    ]
    with client.store.transaction():
        return [client.point.publish(text) for text in texts]
