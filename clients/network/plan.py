"""What a network is to be made of."""

from __future__ import annotations

from dataclasses import dataclass

from clients.keys.keystore import STANDARD, Cost
from schemas.addresses import Address


@dataclass(frozen=True, slots=True)
class OfficerPlan:
    """An officer whose key lies with its member.

    Attributes:
        address: of the officer.
        roles: what it may.
    """

    address: Address
    roles: tuple[str, ...] = ("exchange", "duty_officer")


@dataclass(frozen=True, slots=True)
class MemberPlan:
    """A member.

    Attributes:
        address: of the member.
        name: for people.
        roles: what it may.
        officers: who acts for it.
    """

    address: Address
    name: str
    roles: tuple[str, ...] = ("exchange", "certify")
    officers: tuple[OfficerPlan, ...] = ()


@dataclass(frozen=True, slots=True)
class NetworkPlan:
    """A network.

    Attributes:
        name: 2 to 32 of ``a-z 0-9 -``.
        members: every party.
        passphrase: opens every store and the root's keys.
        officers_passphrase: opens the keys of every officer.
        exercise: whether nothing in the network is meant.
        codes: of organisations, beside ``CENTRE``.
        days: how long credentials are valid.
        port: of the hub on the loopback interface; one that nobody uses if ``None``.
        cost: of one guess at the passphrase.
    """

    name: str
    members: tuple[MemberPlan, ...]
    passphrase: str
    officers_passphrase: str
    exercise: bool = True
    codes: tuple[str, ...] = ()
    days: int = 365
    port: int | None = None
    cost: Cost = STANDARD
