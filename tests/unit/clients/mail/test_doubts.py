"""What came under a key that was revoked since, because somebody else has it."""

from __future__ import annotations

import pytest

from clients.mail.inbox import delivery_of
from schemas.addresses import Address
from tests.support.desk import Desk, ScriptedHub
from tests.support.world import KZ, RU, UZ

DUTY = f"{UZ}/DUTY-1"


def doubted(kz: Desk, digest: str) -> bool:
    """Whether a person is shown that its signer is in doubt."""
    item = kz.store.items.get(digest)
    assert item is not None
    return delivery_of(item, kz.store, Address(KZ)).compromised is not None


@pytest.mark.parametrize(("revoked", "signer"), [(DUTY, DUTY), (UZ, UZ), (UZ, DUTY)])
def test_what_came_before_is_in_doubt(kz: Desk, hub: ScriptedHub, revoked: str, signer: str) -> None:
    """Whether the key itself was revoked, or the one that certified it; nothing of anybody else."""
    digest, other = (hub.send(hub.world.dispatch(each, [KZ], precedence="flash")) for each in (signer, RU))
    kz.sync()
    assert not doubted(kz, digest)
    hub.world.revoke(revoked, "ROOT", reason="key_compromise")
    kz.sync()
    assert (doubted(kz, digest), doubted(kz, other)) == (True, False)


@pytest.mark.parametrize("reason", ["superseded", "ceased", "lost", "some_later_word"])
def test_other_reasons_say_nothing_of_what_was_signed(kz: Desk, hub: ScriptedHub, reason: str) -> None:
    """A key that ended otherwise was in the right hands."""
    digest = hub.send(hub.world.dispatch(DUTY, [KZ]))
    kz.sync()
    hub.world.revoke(DUTY, "ROOT", reason=reason)
    kz.sync()
    assert not doubted(kz, digest)


def test_what_comes_after_the_revocation_is_in_doubt_at_once(kz: Desk, hub: ScriptedHub) -> None:
    """A seat that was away learns of the revocation before the dispatch that stands below it."""
    digest = hub.send(hub.world.dispatch(DUTY, [KZ], precedence="flash"))
    hub.world.revoke(DUTY, "ROOT", reason="key_compromise")
    kz.sync()
    assert doubted(kz, digest)
