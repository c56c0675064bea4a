"""Who may certify whom, and with which roles."""

from __future__ import annotations

import pytest

from schemas.addresses import ROOT, Address
from schemas.claims import MEMBER_ROLES
from schemas.errors import Code
from schemas.rules.certifying import acting_roles, check_domain, check_level, check_roles
from tests.support.refusals import refused
from tests.support.world import KZ, UZ

OFFICER = Address(f"{KZ}/DUTY-1")
UNIT = Address("KZ/UNIT-1")
ORGANISATION = Address("CENTRE/DESK")


def test_addresses_are_of_countries_and_listed_organisations() -> None:
    """Two letters are a country; anything longer must stand in the network document."""
    check_domain(KZ, frozenset())
    check_domain(ORGANISATION, {"CENTRE"})
    with refused(Code.CREDENTIAL_INVALID, "no country and no organisation"):
        check_domain(ORGANISATION, {"OTHER"})


@pytest.mark.parametrize(("iss", "sub"), [(ROOT, KZ), (ROOT, ORGANISATION), (KZ, OFFICER), (KZ, UNIT)])
def test_who_certifies_whom(iss: str, sub: Address) -> None:
    """The root certifies members; a member its own officers and the units of its country."""
    check_level(iss, sub)


@pytest.mark.parametrize(
    ("iss", "sub"),
    [
        (ROOT, OFFICER),
        (UZ, OFFICER),
        (UZ, UNIT),
        (KZ, KZ),
        (OFFICER, UNIT),
        (OFFICER, OFFICER),
        (ORGANISATION, Address("CENTRE/OTHER")),
    ],
)
def test_who_certifies_nobody(iss: str, sub: Address) -> None:
    """Neither another country's, nor oneself, nor as an officer, nor beneath an organisation."""
    with refused(Code.CREDENTIAL_INVALID, "does not certify"):
        check_level(iss, sub)


def test_roles_only_grow_narrower() -> None:
    """Nobody grants a right that it does not hold, no officer certifies; other words are granted to anybody."""
    check_roles(KZ, {"exchange", "duty_officer", "later_word"}, {"exchange", "certify"})
    check_roles(KZ, {"exchange", "certify"}, MEMBER_ROLES)
    check_roles(OFFICER, {"exchange", "duty_officer"}, {"exchange", "certify"})
    for sub, roles, held in (
        (KZ, {"exchange", "audit"}, {"exchange", "certify"}),
        (OFFICER, {"certify"}, MEMBER_ROLES),
    ):
        with refused(Code.CREDENTIAL_INVALID):
            check_roles(sub, roles, held)


def test_posts_count_on_officers_only() -> None:
    """A post permits its officer what the protocol names it for; on a member it is a word."""
    assert acting_roles(OFFICER, {"exchange", "supervisor"}) == {"exchange", "supervisor"}
    assert acting_roles(KZ, {"exchange", "supervisor"}) == {"exchange"}
