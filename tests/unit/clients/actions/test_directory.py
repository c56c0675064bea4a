"""Members and officers, and how they stand."""

from __future__ import annotations

from dataclasses import replace

from clients.actions.directory import AddressStanding, list_directory
from clients.documents.status import unjudged_text
from schemas.addresses import ROOT, Address
from schemas.claims import StatementType
from schemas.directory import mark_unread
from tests.support.desk import Desk, ScriptedHub


def standings(kz: Desk, *, officers: bool = False, everybody: bool = False) -> dict[Address, AddressStanding]:
    """How each address stands."""
    kz.sync()
    found = list_directory(kz.state, officers=officers, everybody=everybody)
    return {each.address: each.standing for each in found}


def test_members_in_force_are_listed(kz: Desk, hub: ScriptedHub) -> None:
    """Who was revoked is left out, and shown with all; who is suspended stays, and is marked."""
    hub.world.revoke("UZ/NFP")
    hub.world.suspend("RU/NFP")
    assert standings(kz) == {"KZ/NFP": AddressStanding.CURRENT, "RU/NFP": AddressStanding.SUSPENDED}
    assert standings(kz, everybody=True)[Address("UZ/NFP")] is AddressStanding.REVOKED


def test_officers_are_listed_if_wanted(kz: Desk, hub: ScriptedHub) -> None:
    """An officer stands as its member does."""
    hub.world.revoke("UZ/NFP")
    assert standings(kz, officers=True)[Address("KZ/NFP/DUTY-1")] is AddressStanding.CURRENT
    assert standings(kz, officers=True, everybody=True)[Address("UZ/NFP/DUTY-1")] is AddressStanding.REVOKED


def test_a_key_that_ends_is_out_of_date(kz: Desk, hub: ScriptedHub) -> None:
    """A member whose credential has ended is out of date, by the time of the ledger."""
    hub.world.renew("UZ/NFP", exp=hub.world.time_s + 60)
    hub.world.wait(120)
    hub.world.renew("RU/NFP")
    assert Address("UZ/NFP") not in standings(kz)
    assert standings(kz, everybody=True)[Address("UZ/NFP")] is AddressStanding.EXPIRED


def test_address_of_which_something_unreadable_was_said(kz: Desk, hub: ScriptedHub) -> None:
    """It is listed as not judged, and so are its officers."""
    kz.sync()
    world = hub.world
    claims = {"sub": "UZ/NFP", "kid": world.party("UZ/NFP").sig.kid, "reason": "lost", "critical": ["later"]}
    text = world.sign(StatementType.REVOCATION, ROOT, claims)
    below = replace(kz.state.place, index=kz.state.place.index - 1)
    kz.state.set_directory(mark_unread(kz.state.directory, text, below), kz.state.public_end)
    found = {each.address: each.standing for each in list_directory(kz.state, officers=True, everybody=False)}
    assert [found[Address(each)] for each in ("UZ/NFP", "UZ/NFP/DUTY-1")] == [AddressStanding.UNJUDGED] * 2
    assert found[Address("KZ/NFP")] is AddressStanding.CURRENT
    assert "UZ/NFP: this program cannot read" in unjudged_text(kz.state.directory.unjudged(kz.state.place))
