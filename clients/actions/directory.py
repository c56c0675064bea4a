"""Which members and officers there are, as this client computed it from the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from clients.mail.state import State
from schemas.addresses import Address, is_officer
from schemas.directory import Certified
from schemas.keys import Kid
from schemas.labels import CodedValue


class AddressStanding(CodedValue):
    """How an address stands."""

    CURRENT = "current", "in force", "действует"
    EXPIRED = "expired", "out of date", "срок истёк"
    SUSPENDED = "suspended", "suspended", "приостановлен"
    REVOKED = "revoked", "revoked", "отозван"
    UNJUDGED = "unjudged", "not judged", "не оценён"


_SHOWN: Final = (AddressStanding.CURRENT, AddressStanding.SUSPENDED, AddressStanding.UNJUDGED)


@dataclass(frozen=True, slots=True)
class DirectoryEntry:
    """An address and its newest credential.

    Attributes:
        address: whose.
        name: for people.
        roles: what it permits.
        kid: thumbprint of the signing key.
        nbf: first second of validity, since 1970 UTC.
        exp: the first after it.
        standing: how it stands now.
    """

    address: Address
    name: str
    roles: tuple[str, ...]
    kid: Kid
    nbf: int
    exp: int
    standing: AddressStanding


def list_directory(state: State, *, officers: bool, everybody: bool) -> list[DirectoryEntry]:
    """The members of the network, by address.

    Args:
        state: what this client believes.
        officers: officers too.
        everybody: also those that are no longer in force.
    """
    entries = (_entry(state, address) for address in sorted(state.directory.addresses()))
    shown = tuple(AddressStanding) if everybody else _SHOWN
    return [each for each in entries if each.standing in shown and (officers or not is_officer(each.address))]


def _entry(state: State, address: Address) -> DirectoryEntry:
    newest = state.directory.credentials(address)[-1]
    claims = newest.statement.claims
    standing = _standing(state, newest)
    return DirectoryEntry(address, claims.name, tuple(claims.roles), newest.key.kid, claims.nbf, claims.exp, standing)


def _standing(state: State, newest: Certified) -> AddressStanding:
    chain = state.directory.chain(newest)
    if any(link.revoked(state.place.index) for link in chain):
        return AddressStanding.REVOKED
    if not state.directory.is_judged(newest, state.place):
        return AddressStanding.UNJUDGED
    if state.directory.is_suspended(newest.address, state.place):
        return AddressStanding.SUSPENDED
    return (
        AddressStanding.CURRENT if all(link.in_date(state.place.time_s) for link in chain) else AddressStanding.EXPIRED
    )
