"""Who can read what is sent to it now."""

from __future__ import annotations

import pytest

from clients.actions.lists import list_sent
from clients.actions.reaching import Unreachable, unreachable
from schemas.addresses import Address
from tests.support.counter import Counter
from tests.support.desk import Desk, ScriptedHub
from tests.support.traffic import send_now
from tests.support.world import RU, UZ

MEMBERS = (Address(UZ), Address(RU))


def end(hub: ScriptedHub, how: str) -> None:
    """Something happens to UZ after which it cannot read."""
    if how == "suspended":
        hub.world.suspend(UZ)
    elif how == "revoked":
        hub.world.revoke(UZ, "ROOT")
    else:
        hub.world.wait(3 * 366 * 24 * 3600)


@pytest.mark.parametrize(
    ("how", "why"), [("suspended", Unreachable.SUSPENDED), ("revoked", Unreachable.REVOKED), ("", Unreachable.EXPIRED)]
)
def test_before_and_after_sending(kz: Desk, hub: ScriptedHub, counter: Counter, how: str, why: Unreachable) -> None:
    """What becomes of a recipient before or after it was sent is named, until it has confirmed."""
    assert unreachable(kz.state, MEMBERS) == {}
    digest, _index = send_now(kz, UZ, RU, precedence="flash")
    kz.sync()
    end(hub, how)
    kz.sync()
    assert unreachable(kz.state, MEMBERS)[MEMBERS[0]] is why
    (report,) = list_sent(counter, 9).page.shown
    assert (report.status.digest, report.unreachable[MEMBERS[0]]) == (digest, why)


def test_nothing_is_said_of_who_is_not_known(kz: Desk) -> None:
    """A member that this client has never heard of may be new."""
    assert unreachable(kz.state, [Address("TM/NFP")]) == {}
