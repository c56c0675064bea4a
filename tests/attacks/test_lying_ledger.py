"""A hub that keeps back, reorders, rewrites and forks, found out by ordinary desks (PROTOCOL 8)."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from clients.mail.compose import Expectation, PublicDraft, Ref
from schemas.claims import StatementType
from schemas.errors import Code, SeraiError
from tests.attacks.desks import alarms, audited, dispatched, open_desk, seen
from tests.attacks.forge import claims_of
from tests.support.desk import Desk
from tests.support.lying_hub import LyingHub
from tests.support.refusals import refused
from tests.support.world import KZ, RU, UZ, World, signing_key


@pytest.fixture
def hub(world: World) -> LyingHub:
    """A hub that begins to lie."""
    return LyingHub(world)


@pytest.fixture
def kz(tmp_path: Path, hub: LyingHub) -> Desk:
    """KZ's desk, up to date."""
    return open_desk(tmp_path, hub, "KZ/NFP")


@pytest.fixture
def uz(tmp_path: Path, hub: LyingHub) -> Desk:
    """UZ's desk, up to date."""
    return open_desk(tmp_path, hub, "UZ/NFP")


# Keeps back


@pytest.mark.parametrize(
    ("precedence", "due_s"), [("flash", 300), ("immediate", 1_800), ("priority", 14_400), ("routine", 86_400)]
)
def test_withheld_dispatch(hub: LyingHub, kz: Desk, precedence: str, due_s: int) -> None:
    """A dispatch that never reaches its recipient is the sender's alarm once a receipt is due, by its own clock."""
    row = kz.send(UZ, precedence=precedence)
    kz.flush()
    hub.world.wait(due_s)
    kz.intake.check_silent(kz.state.system.clock.local_ms())
    assert alarms(kz, "overdue") == []
    hub.world.wait(1)
    kz.intake.check_silent(kz.state.system.clock.local_ms())
    assert [alarm.detail.split(":")[0] for alarm in alarms(kz, "overdue")] == [kz.digest_of(row)]
    assert kz.outcomes(kz.digest_of(row)) == [("UZ/NFP", "silent")]


def test_withheld_receipt(hub: LyingHub, kz: Desk, uz: Desk) -> None:
    """A receipt that is kept from the sender is the same alarm: to the sender both look alike."""
    row = kz.send(UZ, precedence="flash")
    kz.flush()
    uz.confirm()
    hub.keep_back(hub.submitted[-1], KZ)
    kz.sync()
    hub.world.wait(301)
    kz.intake.check_silent(kz.state.system.clock.local_ms())
    assert kz.outcomes(kz.digest_of(row)) == [("UZ/NFP", "silent")]


@pytest.mark.parametrize("word", ["answered", "undeliverable", "resealed"])
def test_later_word_of_a_receipt(hub: LyingHub, kz: Desk, word: str) -> None:
    """A recipient cannot end what is awaited of it by a word that this program uses for something else."""
    row = kz.send(UZ, precedence="flash")
    kz.flush()
    hub.world.admit(hub.world.receipt("UZ/NFP/DUTY-1", KZ, [kz.digest_of(row)], word))
    kz.sync()
    assert dict(kz.outcomes(kz.digest_of(row))) == {UZ: f"later:{word}"}


@pytest.mark.parametrize("word", ["acknowledged", "answered", "received"])
def test_later_word_of_the_hub(hub: LyingHub, kz: Desk, word: str) -> None:
    """A hub cannot speak for a recipient by an event that is called like a receipt."""
    row = kz.send(UZ, precedence="flash", expects=Expectation(hub.world.time_s + 60))
    kz.flush()
    digest = kz.digest_of(row)
    hub.world.admit(hub.world.event(word, to=[KZ], digests=[digest], member=UZ))
    kz.sync()
    assert UZ not in dict(kz.outcomes(digest))
    hub.world.wait(301)
    kz.intake.check_silent(kz.state.system.clock.local_ms())
    assert {(UZ, "silent"), (UZ, "silent_reply")} <= set(kz.outcomes(digest))


def test_withheld_answer(hub: LyingHub, kz: Desk, uz: Desk) -> None:
    """An answer that is kept from the asker, without an event that it is overdue, is an alarm by the own clock."""
    row = kz.send(UZ, precedence="flash", expects=Expectation(hub.world.time_s + 60))
    kz.flush()
    digest = kz.digest_of(row)
    uz.confirm()
    uz.send(KZ, refs=(Ref("reply", digest),))
    uz.flush()
    hub.keep_back(hub.submitted[-1], KZ)
    kz.sync()
    hub.world.wait(61)
    kz.intake.check_silent(kz.state.system.clock.local_ms())
    assert [alarm.detail for alarm in alarms(kz, "overdue")] == [f"{digest}: no answer from {UZ}"]
    assert (UZ, "silent_reply") in kz.outcomes(digest)


@pytest.mark.parametrize("refuses", [False, True])
async def test_hidden_revocation(hub: LyingHub, kz: Desk, refuses: bool) -> None:
    """A revocation that is kept from a member is its alarm at the next audit, which asks for the text by its leaf."""
    hub.world.revoke("RU/NFP")
    hub.keep_back(hub.world.log[-1].text)
    hub.refuses_texts = refuses
    kz.sync()
    assert kz.state.directory.current(RU, kz.state.place) is not None
    if refuses:
        with refused(Code.NOT_FOUND):
            await audited(kz)
    else:
        await audited(kz)
        assert kz.state.directory.current(RU, kz.state.place) is None
    assert len(alarms(kz, "withheld")) == 1


async def test_revocation_hidden_by_its_leaf(hub: LyingHub, kz: Desk) -> None:
    """A leaf that says a revocation is nobody's business is no leaf: an alarm at the next audit."""
    hub.force(hub.world.revocation(hub.world.party("RU/NFP")), [RU], public=False)
    kz.sync()
    with refused(Code.BAD_PROOF):
        await audited(kz)
    assert len(alarms(kz, "bad_proof")) == 1


def test_revocation_hidden_as_another_type(hub: LyingHub, tmp_path: Path) -> None:
    """Who revokes sees at once that its revocation does not stand in the ledger as one."""
    ru = open_desk(tmp_path, hub, "RU/NFP")
    text = hub.world.revocation(hub.world.party("RU/NFP"))
    ru.sender.draft([PublicDraft(text)])
    assert len(ru.sender.submissions(1)) == 1
    digest = hub.force(text, [], code=StatementType.DISPATCH.code, public=False)
    with refused(Code.BAD_PROOF):
        ru.intake.accepted(hub.accepted(digest, ru.size))
    assert len(alarms(ru, "bad_proof")) == 1


async def test_superseded_key(hub: LyingHub, kz: Desk) -> None:
    """A new key that is kept from a sender is its alarm at the next audit; from then on it seals to the new key."""
    old = hub.world.rotate("UZ/NFP")
    hub.keep_back(hub.world.log[-1].text)
    kz.sync()
    assert old.enc is not None
    assert sealed_to(kz) == old.enc.kid
    await audited(kz)
    assert len(alarms(kz, "withheld")) == 1
    new = hub.world.party("UZ/NFP").enc
    assert new is not None
    assert sealed_to(kz) == new.kid


def sealed_to(desk: Desk) -> str:
    """The key that the desk seals to for UZ now."""
    return desk.state.directory.encryption_key(UZ, desk.state.place).kid


async def test_superseded_key_served_again(hub: LyingHub, kz: Desk) -> None:
    """A credential that is put into the ledger once more does not bring its old key back; the audit names it."""
    old = next(logged.text for logged in hub.world.log if claims_of(logged.text).get("sub") == "UZ/NFP")
    hub.world.rotate("UZ/NFP")
    kz.sync()
    new = sealed_to(kz)
    hub.force(old, lane="public")
    kz.sync()
    assert sealed_to(kz) == new
    await audited(kz)
    assert sealed_to(kz) == new
    assert len(alarms(kz, "withheld")) == 1


def test_superseded_ledger_key(hub: LyingHub, kz: Desk) -> None:
    """A checkpoint under the ledger key of an epoch before is an alarm at once, and nothing of its frame counts."""
    hub.ledger_key = hub.world.ledger_key
    hub.world.ledger_key = signing_key("second ledger key")
    hub.world.turn_root()
    kz.state.learn([epoch.statement.text for epoch in hub.world.directory.epochs])
    with refused(Code.BAD_CHECKPOINT):
        kz.sync()
    assert len(alarms(kz, "bad_proof")) == 1


# Reorders


async def test_revocation_after_what_it_forbids(hub: LyingHub, uz: Desk) -> None:
    """A revocation that comes after a dispatch of the revoked key, of higher index, is an alarm when it comes."""
    late = dispatched(hub.world, "RU/NFP", UZ)
    hub.world.revoke("RU/NFP")
    revocation = hub.world.log[-1].text
    hub.keep_back(revocation)
    digest = hub.force(late, [UZ])
    uz.sync()
    assert seen(uz, digest) == (None, None)
    hub.let_go(revocation)
    uz.sync()
    assert len(alarms(uz, "withheld")) == 1


def test_public_out_of_order(hub: LyingHub, uz: Desk) -> None:
    """Public statements that come in another order are an alarm, and count in the ledger's order."""
    hub.world.rotate("KZ/NFP")
    first = hub.world.log[-1].text
    hub.keep_back(first)
    hub.world.rotate("KZ/NFP")
    uz.sync()
    hub.let_go(first)
    uz.intake.deliver(hub.deliver("UZ/NFP", uz.state.cursors.model_copy(update={"public": 7}), uz.size))
    assert len(alarms(uz, "withheld")) == 1
    assert uz.state.directory.encryption_key(KZ, uz.state.place) == hub.world.sealing_key(KZ)


# Rewrites


def test_history_rewritten(hub: LyingHub, kz: Desk) -> None:
    """Another leaf at a place that was seen before is an alarm with both signed notes, in the next frame."""
    hub.rewrite(3)
    hub.send(dispatched(hub.world, "UZ/NFP", KZ))
    with refused(Code.INCONSISTENT_LEDGER):
        kz.sync()
    assert [set(alarm.evidence) for alarm in alarms(kz, "fork")] == [{"trusted", "shown"}]
    assert kz.store.items.inbox(10) == []


def test_history_shortened(hub: LyingHub, kz: Desk) -> None:
    """A ledger that is shorter than what was seen is an alarm in the next frame."""
    del hub.world.log[-1:]
    with refused(Code.INCONSISTENT_LEDGER):
        kz.sync()
    assert len(alarms(kz, "fork")) == 1


async def test_leaves_unlike_the_checkpoint(hub: LyingHub, kz: Desk) -> None:
    """Leaves that do not give the signed root are an alarm at the audit, and count as not audited."""
    hub.send(dispatched(hub.world, "UZ/NFP", KZ))
    kz.sync()
    hub.rewrite(7)
    await audited(kz)
    assert len(alarms(kz, "fork")) == 1
    assert kz.store.trust.audited[0].size == 0


async def test_backdated(hub: LyingHub, kz: Desk) -> None:
    """A leaf that is older than the one before it is an alarm at the audit."""
    hub.force(dispatched(hub.world, "UZ/NFP", RU), [RU], accepted_at=hub.world.time_ms - 1)
    kz.sync()
    await audited(kz)
    assert len(alarms(kz, "bad_time")) == 1


async def test_own_statement_taken_out(hub: LyingHub, kz: Desk) -> None:
    """A hub that forgets what it accepted, from whoever said it, is found out by that desk in the next frame."""
    kz.send(UZ)
    kz.flush()
    del hub.world.log[-1]
    hub.send(dispatched(hub.world, "UZ/NFP", KZ))
    hub.send(dispatched(hub.world, "UZ/NFP", KZ))
    with refused(Code.INCONSISTENT_LEDGER):
        kz.sync()
    assert len(alarms(kz, "fork")) == 1


# Forks


async def test_fork(hub: LyingHub, kz: Desk, tmp_path: Path) -> None:
    """Two ledgers for two members are found out at the next audit once a statement has crossed, with both notes."""
    other = hub.fork()
    uz = open_desk(tmp_path, other, "UZ/NFP")
    hub.send(dispatched(hub.world, "RU/NFP", KZ))
    other.send(dispatched(other.world, "RU/NFP", UZ))
    kz.sync()
    uz.sync()
    row = kz.send(UZ)
    kz.flush()
    outgoing = kz.store.outbox.get(row)
    assert outgoing is not None
    other.carry(outgoing.statement or "", hub)
    uz.confirm()
    assert seen(uz, kz.digest_of(row)) == (None, None)
    await audited(uz)
    assert [set(alarm.evidence) for alarm in alarms(uz, "fork")] == [{"seen", "statement", "checkpoint"}]
    hub.carry(other.submitted[-1], other)
    kz.sync()
    await audited(kz)
    assert len(alarms(kz, "fork")) == 1


async def test_fork_blamed_on_the_hub(hub: LyingHub, kz: Desk) -> None:
    """A member that makes up a checkpoint to accuse the hub accuses itself: the note has not the hub's signature."""
    other = hub.fork()
    other.ledger_key = other.world.event_key
    other.rewrite(5)
    hub.send(dispatched(hub.world, "UZ/NFP", KZ, view=other.note()))
    kz.sync()
    await audited(kz)
    assert len(alarms(kz, "bad_view")) == 1
    assert alarms(kz, "fork") == []


def test_another_history_of_epochs(hub: LyingHub, kz: Desk) -> None:
    """An epoch that the root did not sign is not believed, whatever the hub serves."""
    impostor = World([KZ], name="toy")
    impostor.root = signing_key("impostor root")
    impostor.log.clear()
    with refused(Code.UNKNOWN_KEY):
        kz.state.learn([impostor.epoch(impostor.root, root=None)])


def _epochs(world: World) -> list[str]:
    return [epoch.statement.text for epoch in world.directory.epochs]


def _after_theft() -> tuple[World, World]:
    """One network twice: a thief with the root's key begins an epoch, and the root's holders one by the next root."""
    thief, rightful = World(), World()
    thief.event_key = signing_key("thief's event key")
    thief.admit(thief.epoch())
    rightful.turn_root()
    return thief, rightful


def test_epoch_of_a_stolen_root(kz: Desk) -> None:
    """An epoch by the next root takes the place of one by the stolen root, and is never taken back; both are alarms."""
    thief, rightful = _after_theft()
    kz.state.learn(_epochs(thief))
    with suppress(SeraiError):
        kz.state.learn(_epochs(rightful))
    assert [epoch.root.kid for epoch in kz.state.epochs] == [thief.root.kid, rightful.root.kid]
    assert len(alarms(kz, "fork")) == 1
    with refused(Code.WRONG_EPOCH):
        kz.state.learn(_epochs(thief))
    assert kz.state.epochs[-1].event_key == rightful.event_key.public
    assert len(alarms(kz, "fork")) == 2


def test_second_epoch_of_a_root(kz: Desk) -> None:
    """Of two epochs that one key signed, the first that was verified holds; the other is an alarm with both texts."""
    first, second = World(), World()
    for world, name in ((first, "one"), (second, "other")):
        world.event_key = signing_key(name)
        world.admit(world.epoch())
    kz.state.learn(_epochs(first))
    with refused(Code.WRONG_EPOCH):
        kz.state.learn(_epochs(second))
    assert kz.state.epochs[-1].event_key == first.event_key.public
    assert [set(alarm.evidence) for alarm in alarms(kz, "fork")] == [{"known", "shown"}]


def test_epoch_of_another_suite(hub: LyingHub, kz: Desk) -> None:
    """An epoch that names another suite is not believed, though the root signed it."""
    world = hub.world
    later = world.epoch(network=world.document(suite="serai-2"))
    with refused(Code.UNSUPPORTED_SUITE):
        kz.state.learn([*_epochs(world), later])
    assert len(kz.state.epochs) == 1


def test_key_of_a_member_as_the_event_key(hub: LyingHub, kz: Desk) -> None:
    """An epoch whose event key is a member's changes nothing: no member speaks for the hub."""
    world = hub.world
    taken = world.epoch(network=world.document(event_key=world.party("RU/NFP").sig.public.to_jwk()))
    hub.force(taken, lane="public")
    kz.sync()
    assert len(kz.state.directory.epochs) == 1
    assert len(alarms(kz, "public_refused")) == 1
