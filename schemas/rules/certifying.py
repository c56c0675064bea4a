"""Who may certify whom, and with which roles (PROTOCOL 5, rules 1 and 3 of a credential)."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from schemas.addresses import ROOT, Address, domain_of, is_country, is_officer, member_of
from schemas.claims import MEMBER_ROLES
from schemas.errors import Code, SeraiError


def check_domain(sub: Address, codes: AbstractSet[str]) -> None:
    """An address is of a country, or of an organisation that the network document lists.

    Raises:
        SeraiError: ``credential_invalid``.
    """
    domain = domain_of(sub)
    if not is_country(domain) and domain not in codes:
        raise SeraiError(Code.CREDENTIAL_INVALID, f"{domain} is no country and no organisation of the network")


def check_level(iss: str, sub: Address) -> None:
    """The root certifies members, a member its officers and the units of its country.

    Whether the member stands directly under the root, as one that certifies units must, the directory says.

    Raises:
        SeraiError: ``credential_invalid``.
    """
    if iss == ROOT:
        fits = not is_officer(sub)
    elif is_officer(sub):
        fits = iss == member_of(sub)
    else:
        same_country = domain_of(Address(iss)) == domain_of(sub) and is_country(domain_of(sub))
        fits = same_country and not is_officer(Address(iss)) and iss != sub
    if not fits:
        raise SeraiError(Code.CREDENTIAL_INVALID, f"{iss} does not certify {sub}")


def acting_roles(sub: Address, roles: AbstractSet[str]) -> AbstractSet[str]:
    """The words among roles by which an address may do something: posts count on officers only (PROTOCOL 5)."""
    return roles if is_officer(sub) else roles & MEMBER_ROLES


def check_roles(sub: Address, roles: AbstractSet[str], held: AbstractSet[str]) -> None:
    """Nobody grants a right that it does not hold, and officers hold no ``certify``; other words give no right.

    Args:
        sub: who is certified.
        roles: what is granted.
        held: roles of the issuer; `MEMBER_ROLES` of the root.

    Raises:
        SeraiError: ``credential_invalid``.
    """
    if is_officer(sub) and "certify" in roles:
        raise SeraiError(Code.CREDENTIAL_INVALID, "the role certify is for members")
    if (roles & MEMBER_ROLES) - held:
        raise SeraiError(Code.CREDENTIAL_INVALID, "roles wider than the issuer's")
