"""Types of statements that are newer than this program: kept, told, never believed, and judged once they are known."""

from __future__ import annotations

from pathlib import Path

import pytest

from clients.actions.ringing import Urgent
from clients.mail.inbox import delivery_of
from clients.mail.notices import Arrived
from schemas.claims import Lane, StatementType
from schemas.errors import Code
from schemas.frames import Cursors
from tests.attacks.desks import audited, dispatched
from tests.support.desk import Desk
from tests.support.later import LATER_CODE, before, sign_later
from tests.support.lying_hub import LyingHub
from tests.support.world import KZ, RU, UZ, World, digest_of


@pytest.fixture
def hub() -> LyingHub:
    """A hub of a later version."""
    return LyingHub(World([KZ, UZ, RU]))


@pytest.fixture
def kz(tmp_path: Path, hub: LyingHub) -> Desk:
    """KZ's desk, of today, up to date."""
    desk = Desk(tmp_path, hub, "KZ/NFP", "KZ/NFP/DUTY-1")
    desk.sync()
    return desk


def later(hub: LyingHub, **claims: object) -> str:
    """A statement of a type that is newer than this program."""
    return sign_later({**hub.world.common("UZ/NFP"), **claims}, hub.world.party("UZ/NFP").sig)


async def test_public_statement_of_a_later_type(kz: Desk, hub: LyingHub) -> None:
    """It is kept and counted once, nothing follows from it, and what comes after it is read as ever."""
    directory = kz.state.directory
    digest = hub.force(later(hub), lane="public")
    sent = hub.send(hub.world.dispatch("UZ/NFP", ["KZ/NFP"]))
    kz.sync()
    item = kz.store.items.get(digest)
    assert item is not None
    assert (item.step, item.code, item.inbox) == (2, "unsupported_type", False)
    assert (kz.state.directory, kz.state.cursors) == (directory, Cursors(public=8, urgent=0, normal=9))
    assert [each.digest for each in kz.store.items.inbox(9)] == [sent]
    assert kz.store.trust.newer == {LATER_CODE: 0}
    result = await audited(kz)
    assert (result.newer, result.faults, kz.store.trust.newer, kz.alarms()) == (1, (), {LATER_CODE: 1}, [])
    assert (await audited(kz)).newer == 0
    kz.restart()
    assert kz.store.trust.newer == {LATER_CODE: 1}


@pytest.mark.parametrize("lane", ["urgent", "normal"])
def test_mail_of_a_later_type(kz: Desk, hub: LyingHub, lane: Lane) -> None:
    """It is an unread item of the inbox, calls an officer if its lane is urgent, and owes its sender nothing."""
    digest = hub.force(later(hub, to=[KZ]), [KZ], lane=lane)
    kz.sync()
    kz.state.set_cursors(Cursors(public=7, urgent=0, normal=0))
    kz.sync()
    assert [notice for notice in kz.state.notices if isinstance(notice, Arrived)] == [Arrived(lane, digest)]
    (item,) = kz.store.items.inbox(9)
    delivery = delivery_of(item, kz.store, KZ)
    assert (delivery.newer, delivery.step, delivery.cover, delivery.report) == (True, 2, None, None)
    assert Urgent(kz.store).look() == ([digest] if lane == "urgent" else [])
    assert (kz.store.outcomes.owed_count(), kz.alarms()) == (0, [])


async def test_what_is_between_others(kz: Desk, hub: LyingHub) -> None:
    """A leaf of a later type that is for others is followed, counted, and no fault."""
    hub.force(later(hub, to=[RU]), [RU])
    kz.sync()
    assert kz.store.items.inbox(9) == []
    result = await audited(kz)
    assert (result.newer, result.faults, kz.alarms()) == (1, (), [])
    assert kz.store.trust.newer == {LATER_CODE: 1}


def test_dispatch_under_a_later_version_of_the_leaf(kz: Desk, hub: LyingHub) -> None:
    """A known type is judged by the first 43 bytes of its leaf; the rest is kept."""
    sent = dispatched(hub.world, "UZ/NFP", "KZ/NFP")
    digest = hub.force(sent, [KZ], version=2, rest=b"what a later version adds")
    kz.sync()
    item = kz.store.items.get(digest)
    assert item is not None
    assert (item.step, item.inbox, item.leaf.rest) == (None, True, b"what a later version adds")
    assert item.content is not None


def test_what_was_kept_is_judged_once_it_is_known(kz: Desk, hub: LyingHub) -> None:
    """A program that has learnt a type judges what it kept at its place, before it takes more; nothing came late."""
    with before(StatementType.REVOCATION):
        kz.store.trust.set_types()
        text = hub.world.revocation(hub.world.party("RU/NFP"))
        hub.force(text, lane="public", code=StatementType.REVOCATION.code)
        hub.send(hub.world.dispatch("UZ/NFP", ["KZ/NFP"]))
        kz.sync()
        assert kz.state.directory.current(RU, kz.state.place) is not None
        assert kz.store.trust.newer == {StatementType.REVOCATION.code: 0}
    kz.restart()
    assert kz.state.directory.current(RU, kz.state.place) is not None
    kz.intake.judge_learnt()
    assert kz.state.directory.current(RU, kz.state.place) is None
    item = kz.store.items.get(digest_of(text))
    assert item is not None
    assert (item.step, kz.store.trust.newer, kz.alarms()) == (None, {}, [])
    kz.restart()
    assert kz.state.directory.current(RU, kz.state.place) is None


def test_mail_that_was_kept_is_judged_once_it_is_known(kz: Desk, hub: LyingHub) -> None:
    """A receipt that could not be read counts, and is no item of the inbox, once receipts are known."""
    digest = kz.digest_of(kz.send("UZ/NFP"))
    kz.flush()
    with before(StatementType.RECEIPT):
        kz.store.trust.set_types()
        hub.force(hub.world.receipt("UZ/NFP", KZ, [digest]), [KZ], code=StatementType.RECEIPT.code)
        kz.sync()
        assert (len(kz.store.items.inbox(9)), kz.outcomes(digest)) == (1, [])
    kz.intake.judge_learnt()
    assert (kz.store.items.inbox(9), kz.outcomes(digest), kz.alarms()) == ([], [(UZ, "received")], [])
    assert kz.store.trust.learnt_types() == frozenset()


def test_dispatch_that_was_kept_rings_once_it_is_known(kz: Desk, hub: LyingHub) -> None:
    """An urgent dispatch that an officer could only note waits for an answer once it can be read."""
    with before(StatementType.DISPATCH):
        kz.store.trust.set_types()
        sent = dispatched(hub.world, "UZ/NFP", "KZ/NFP", precedence="flash")
        digest = hub.force(sent, [KZ], lane="urgent", code=StatementType.DISPATCH.code)
        kz.sync()
        kz.store.outcomes.note(digest, KZ, KZ, 1)
        assert Urgent(kz.store).look() == []
    kz.intake.judge_learnt()
    assert Urgent(kz.store).look() == [digest]
    assert [owed.outcome for owed in kz.store.outcomes.owed()] == ["received"]


def test_kept_under_a_flag_that_its_type_does_not_have(kz: Desk, hub: LyingHub) -> None:
    """What turns out to be of a public type and came as mail is an alarm; nothing follows from it."""
    with before(StatementType.REVOCATION):
        kz.store.trust.set_types()
        text = hub.world.revocation(hub.world.party("RU/NFP"))
        hub.force(text, [KZ], public=False, code=StatementType.REVOCATION.code)
        kz.sync()
        assert kz.alarms() == []
    kz.restart()
    kz.intake.judge_learnt()
    assert kz.state.directory.current(RU, kz.state.place) is not None
    item = kz.store.items.get(digest_of(text))
    assert item is not None
    assert (item.step, item.code, kz.alarms()) == (1, Code.BAD_PROOF.value, ["bad_proof"])


def test_leaves_are_counted_anew_after_a_new_epoch(kz: Desk) -> None:
    """Where the audit begins again, so does the count."""
    kz.store.trust.add_newer({LATER_CODE: 3})
    kz.store.trust.add_newer({LATER_CODE: 2, 9: 1})
    assert kz.store.trust.newer == {LATER_CODE: 5, 9: 1}
    kz.store.trust.reset_newer()
    assert kz.store.trust.newer == {}
