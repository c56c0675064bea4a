"""A hub that says, or does not say, that it has erased something (PROTOCOL 6, 8)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from clients.actions.ringing import Urgent
from clients.mail.inbox import delivery_of
from clients.mail.notices import Arrived
from schemas.claims import StatementType
from schemas.encoding import decode_digest, encode_base64url
from schemas.errors import Code
from schemas.frames import DeliverItem
from schemas.leaf import Leaf
from tests.attacks.desks import alarms, audited, dispatched, open_desk, seen
from tests.support.desk import Desk
from tests.support.lying_hub import LyingHub
from tests.support.world import KZ, UZ, World, digest_of

DAY_S = 86_400
KEEPS = {"mail": 30, "receipts": 60}


@pytest.fixture
def hub() -> LyingHub:
    """A hub of a network that keeps mail for thirty days."""
    return LyingHub(World(keep_days=KEEPS))


@pytest.fixture
def uz(tmp_path: Path, hub: LyingHub) -> Desk:
    """UZ's desk, up to date."""
    return open_desk(tmp_path, hub, "UZ/NFP")


def erase(hub: LyingHub, *digests: str, reason: str = "law", to: tuple[str, ...] = (KZ, UZ)) -> str:
    """The hub says that it has erased texts; gives what it says."""
    return hub.world.admit(hub.world.event("erased", to=list(to), digests=list(digests), reason=reason)).text


def shows_nothing_of(hub: LyingHub, digest: str, event: str | None) -> None:
    """From now on one text is delivered as gone, with an event or without."""

    def bend(_: str, item: DeliverItem) -> DeliverItem:
        if item.statement is None or digest_of(item.statement) != digest:
            return item
        bare = {"statement": None, "sealed": None, "entry_proof": None, "gone": True}
        return item.model_copy(update={**bare, "erased": hub.erased_by(event) if event else None})

    hub.bend = bend


def rings(desk: Desk) -> list[str]:
    """Digests of what calls an officer."""
    return Urgent(desk.store).look()


def test_gone_without_a_word(hub: LyingHub, uz: Desk) -> None:
    """An urgent text that is gone, and no event says why, is an alarm and rings."""
    digest = hub.send(dispatched(hub.world, "KZ/NFP", UZ, precedence="flash"))
    shows_nothing_of(hub, digest, None)
    uz.sync()
    assert (seen(uz, digest), uz.alarms(), rings(uz)) == ((2, "gone"), ["damaged"], [digest])


def test_erased_before_anybody_had_it(hub: LyingHub, uz: Desk) -> None:
    """A warning that is erased before it came is told with the reason and rings once, whatever lane the hub takes."""
    for precedence in ("flash", "routine"):
        digest = hub.send(dispatched(hub.world, "KZ/NFP", UZ, precedence=precedence))
        shows_nothing_of(hub, digest, erase(hub, digest))
        uz.sync()
        uz.sync()
        assert seen(uz, digest) == (2, "erased")
        item = uz.store.items.get(digest)
        assert item is not None
        delivery = delivery_of(item, uz.store, UZ)
        assert (delivery.missing, delivery.erased and delivery.erased.reason) == (True, "law")
        assert rings(uz)[-1] == digest
    assert len(rings(uz)) == 2
    assert uz.alarms() == []


def test_erased_and_never_delivered(hub: LyingHub, uz: Desk) -> None:
    """An event about something that was never delivered here is itself an unread item, and rings once."""
    sent = dispatched(hub.world, "KZ/NFP", UZ, precedence="flash")
    hub.send(sent)
    hub.keep_back(sent.text, UZ)
    said = digest_of(erase(hub, sent.digest, reason="retention"))
    uz.sync()
    uz.sync()
    assert uz.store.items.get(sent.digest) is None
    assert rings(uz) == [said]
    assert [each for each in uz.state.take_notices() if isinstance(each, Arrived)] == [Arrived("urgent", said)]


def test_erased_and_delivered_all_the_same(hub: LyingHub, uz: Desk) -> None:
    """What is delivered is shown, and what came stays, whatever the hub says that it has erased."""
    digest = hub.send(dispatched(hub.world, "KZ/NFP", UZ, precedence="flash"))
    event = erase(hub, digest)
    uz.sync()
    assert (seen(uz, digest), rings(uz)) == ((None, None), [digest])
    shows_nothing_of(hub, digest, event)
    uz.intake.deliver(hub.deliver(UZ, uz.state.cursors.model_copy(update={"urgent": 0}), uz.size))
    assert (seen(uz, digest), rings(uz), uz.alarms()) == ((None, None), [digest], [])


def test_retention_that_nobody_permits(hub: LyingHub, uz: Desk) -> None:
    """The reason retention before the days of the network are over is an alarm, and what is missing rings."""
    digest = hub.send(dispatched(hub.world, "KZ/NFP", UZ, precedence="flash"))
    hub.world.wait(30 * DAY_S - 1)
    shows_nothing_of(hub, digest, erase(hub, digest, reason="retention"))
    uz.sync()
    assert len(alarms(uz, "erased")) == 1
    assert rings(uz) == [digest]


def test_event_that_names_something_else(hub: LyingHub, uz: Desk) -> None:
    """An event about another text, to other readers, of another word, or of nobody's making does not excuse a gap."""
    digests = []
    for claims in (
        {"digests": [hub.world.root.kid]},
        {"to": [KZ]},
        {"event": "wiped"},
        {"key": hub.world.party("KZ/NFP").sig},
    ):
        digest = hub.send(dispatched(hub.world, "KZ/NFP", UZ, precedence="flash"))
        given: dict[str, Any] = {"event": "erased", "to": [UZ], "digests": [digest], "reason": "law", **claims}
        event = hub.world.event(**given)
        hub.force(event, [KZ], lane="urgent")
        shows_nothing_of(hub, digest, event)
        uz.sync()
        digests.append(digest)
        assert seen(uz, digest) == (2, Code.GONE.value)
    assert len(alarms(uz, "damaged")) == 4
    assert rings(uz) == digests


def test_event_without_a_place(hub: LyingHub, uz: Desk) -> None:
    """An event that does not stand in the ledger does not excuse a gap."""
    digest = hub.send(dispatched(hub.world, "KZ/NFP", UZ, precedence="flash"))
    true = erase(hub, hub.world.root.kid, to=(KZ,))
    false = hub.world.event("erased", to=[UZ], digests=[digest], reason="law")
    leaf = Leaf(hub.world.time_ms, StatementType.EVENT.code, public=False, digest=decode_digest(digest_of(false)))
    made = {"statement": false, "leaf": encode_base64url(leaf.to_bytes())}
    false_event = hub.erased_by(true).model_copy(update=made)
    bare = {"statement": None, "sealed": None, "entry_proof": None, "gone": True, "erased": false_event}
    hub.bend = lambda _, item: item.model_copy(update=bare) if item.sealed else item
    uz.sync()
    assert (seen(uz, digest), len(alarms(uz, "damaged"))) == ((2, "gone"), 1)


async def test_new_seat_after_years(tmp_path: Path, hub: LyingHub) -> None:
    """Where the days of the network are over, a new seat is told quietly: no alarm, no siren; its audit is whole."""
    digest = hub.send(dispatched(hub.world, "KZ/NFP", UZ, precedence="flash"))
    hub.world.wait(30 * DAY_S)
    shows_nothing_of(hub, digest, erase(hub, digest, reason="retention"))
    uz = open_desk(tmp_path, hub, "UZ/NFP")
    item = uz.store.items.get(digest)
    assert item is not None
    assert (seen(uz, digest), item.inbox, uz.alarms(), rings(uz)) == ((2, "erased"), False, [], [])
    assert (await audited(uz)).faults == ()
