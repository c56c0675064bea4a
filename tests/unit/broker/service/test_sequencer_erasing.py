"""The sequencer: texts that go, by the operator's word or because their days are over, and what is said of that."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from broker.core.prover import TileCache
from broker.service import sequencer as module
from broker.service.erasing import make_erasure, plan_erasure
from broker.service.head import LedgerHead
from broker.service.items import encode_stored
from broker.service.operator import check_ledger
from schemas.claims import Event
from schemas.encoding import decode_digest, encode_base64url
from schemas.errors import Code
from schemas.leaf import parse_leaf
from tests.support.refusals import refused
from tests.support.world import KG, KZ, RU, UZ, World
from tests.unit.broker.service.notary import Notary, committed, founded

DAY_S = 86_400


@pytest.fixture
def notary(tmp_path: Path) -> Iterator[Notary]:
    """The notary of a network that keeps mail for thirty days, receipts for sixty."""
    world = World([KZ, UZ, RU, KG], keep_days={"mail": 30, "receipts": 60})
    with founded(tmp_path, world) as made:
        yield made


@pytest.fixture
def world(notary: Notary) -> World:
    """Its world."""
    return notary.world


def erase(notary: Notary, *digests: str, reason: str = "law") -> list[Event]:
    """What the hub says when its operator erases."""
    said = []
    for draft in plan_erasure(notary.store, [decode_digest(digest) for digest in digests], reason):
        commit = committed(notary.sequencer.take_turn([make_erasure(draft, lambda _: None)]))
        said += notary.events(commit)
    return said


def test_what_the_operator_erases(notary: Notary, world: World) -> None:
    """Text and sealed copies go with the event that names them; leaf and place stay, and the ledger is whole."""
    sent, other = world.dispatch(KZ, [UZ, RU], precedence="flash"), world.dispatch(KZ, [UZ])
    notary.accept(sent, other)
    leaves = notary.leaves()
    [event] = erase(notary, sent.digest)
    assert (event.event, event.to, event.digests, event.reason) == ("erased", [KZ, RU, UZ], [sent.digest], "law")
    assert notary.leaves()[: len(leaves)] == leaves
    for member in (KZ, UZ, RU):
        gone, said = notary.store.mailbox(member, "urgent", 0, 100, 100)
        assert (gone.statement, gone.copy, gone.erased is not None) == (None, None, True)
        assert gone.erased is not None
        assert (gone.erased.index, gone.erased.text) == (said.index, said.statement)
    assert notary.mail(RU) == []
    assert notary.mail(UZ) == [other.text]
    notary.assert_whole()
    report = check_ledger(notary.store, world.network)
    assert (report.gone, report.erased, report.faults) == ((), 1, ())
    assert sent.sealed.body.to_bytes() not in notary.database.read_bytes()


def test_the_event_goes_with_what_is_gone(notary: Notary, world: World) -> None:
    """An item that is gone brings the event that says why, proven too; it waits until the head covers that."""
    sent = world.dispatch(KZ, [UZ])
    notary.accept(sent)
    before = head_of(notary)
    [event] = erase(notary, sent.digest)
    head = head_of(notary)
    gone = notary.store.mailbox(UZ, "normal", 0, 100, 100)[0]
    item = json.loads(encode_stored(gone, head))
    assert (item["gone"], item["erased"]["index"]) == (True, gone.index + 1)
    assert event.digests == [sent.digest]
    with refused(Code.HUB_NOT_READY):
        encode_stored(gone, before)


def test_what_cannot_be_erased(notary: Notary, world: World) -> None:
    """Public statements, `erased` events, what is erased, what is not there; and never for retention."""
    sent = world.dispatch(KZ, [UZ])
    notary.accept(sent)
    wrong = [(world.root.kid, Code.NOT_FOUND), (_digest(notary, 1), Code.NOT_PERMITTED)]
    for digest, code in wrong:
        with refused(code):
            erase(notary, digest)
    with refused(Code.NOT_PERMITTED):
        erase(notary, sent.digest, reason="retention")
    erase(notary, sent.digest)
    for digest in (sent.digest, _digest(notary, notary.store.head().size - 1)):
        with refused(Code.NOT_PERMITTED):
            erase(notary, digest)


def head_of(notary: Notary) -> LedgerHead:
    """The head as it is now."""
    head = notary.store.head()
    return LedgerHead(head.size, head.note, notary.store, TileCache())


def _digest(notary: Notary, index: int) -> str:
    return encode_base64url(parse_leaf(notary.leaves()[index]).digest)


def test_days_are_counted_from_the_last_confirmation(notary: Notary, world: World) -> None:
    """Nothing goes before all recipients have confirmed and the days are over; then it does, and readers are told."""
    sent = world.dispatch(KZ, [UZ, RU])
    notary.accept(sent, world.receipt(UZ, KZ, [sent.digest]))
    world.wait(40 * DAY_S)
    notary.turn()
    notary.accept(world.receipt(RU, KZ, [sent.digest], "rejected", step=7, reason="no_key"))
    world.wait(31 * DAY_S)
    assert [each.event for each in notary.events(notary.turn())] == ["erased"]  # the first receipt, of 71 days
    notary.accept(world.receipt(RU, KZ, [sent.digest]))
    world.wait(30 * DAY_S - 1)
    assert [each for each in notary.events(notary.turn()) if sent.digest in (each.digests or ())] == []
    world.wait(1)
    [event] = [each for each in notary.events(notary.turn()) if sent.digest in (each.digests or ())]
    assert (event.event, event.to, event.reason) == ("erased", [KZ, RU, UZ], "retention")
    report = check_ledger(notary.store, world.network)
    assert (report.gone, report.faults) == ((), ())
    notary.assert_whole()


def test_a_recipient_that_ceased_is_not_waited_for(notary: Notary, world: World) -> None:
    """Whose mail was withdrawn does not keep the others' text for ever."""
    sent = world.dispatch(KZ, [UZ, RU])
    notary.accept(sent, world.receipt(UZ, KZ, [sent.digest]))
    world.revoke(RU)
    notary.catch_up()
    world.wait(30 * DAY_S)
    erased = [each for each in notary.events(notary.turn()) if each.event == "erased"]
    assert [(each.to, each.digests) for each in erased] == [([KZ, UZ], [sent.digest])]


def test_an_operation_is_kept(notary: Notary, world: World) -> None:
    """Steps of an operation are not erased because days are over."""
    claim = {"do": "open", "participants": [{"member": UZ, "part": "transit"}]}
    step = world.dispatch(f"{KZ}/DUTY-1", [UZ], kind="operation", operation=claim)
    notary.accept(step, world.receipt(UZ, KZ, [step.digest]))
    world.wait(31 * DAY_S)
    assert [each for each in notary.events(notary.turn()) if each.event == "erased"] == []


def test_a_network_that_keeps_for_ever(tmp_path: Path) -> None:
    """Without the network's word nothing is ever erased."""
    with founded(tmp_path, World([KZ, UZ])) as notary:
        sent = notary.world.dispatch(KZ, [UZ])
        notary.accept(sent, notary.world.receipt(UZ, KZ, [sent.digest]))
        notary.world.wait(36_500 * DAY_S)
        assert notary.events(notary.turn()) == []


def test_a_bounded_number_goes_with_each_commit(notary: Notary, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """However much is over at once, each commit erases a part, and none is forgotten."""
    monkeypatch.setattr(module, "MAX_ERASED", 2)
    sent = [world.dispatch(KZ, [UZ]) for _ in range(5)]
    notary.accept(*sent, world.receipt(UZ, KZ, [each.digest for each in sent]))
    world.wait(30 * DAY_S)
    told = [[each.digests for each in notary.events(notary.turn()) if each.event == "erased"] for _ in range(4)]
    assert [[len(digests or ()) for digests in each] for each in told] == [[2], [2], [1], []]


def test_a_backup_keeps_what_was_said(notary: Notary, world: World, tmp_path: Path) -> None:
    """A backup of a hub that has erased is whole, goes on, and holds nothing of the text."""
    sent = world.dispatch(KZ, [UZ])
    notary.accept(sent)
    erase(notary, sent.digest)
    notary.store.backup(tmp_path / "copy.db")
    assert sent.sealed.body.to_bytes() not in (tmp_path / "copy.db").read_bytes()
    notary.restore(tmp_path / "copy.db")
    notary.accept(world.receipt(UZ, KZ, [sent.digest]))
    report = check_ledger(notary.store, world.network)
    assert (report.gone, report.erased, report.faults) == ((), 1, ())


def test_a_text_that_is_gone_unsaid(notary: Notary, world: World) -> None:
    """The ledger check tells what was erased from what is damaged, and finds what is there all the same."""
    sent, other = world.dispatch(KZ, [UZ]), world.dispatch(KZ, [UZ])
    first = notary.accept(sent, other)[0].index
    erase(notary, other.digest)
    notary.damage('UPDATE statement SET text = NULL WHERE "index" = ?', first)
    report = check_ledger(notary.store, world.network)
    assert (report.gone, report.erased) == ((first,), 1)
    notary.damage('UPDATE statement SET text = ? WHERE "index" = ?', other.text, first + 1)
    assert check_ledger(notary.store, world.network).faults == (f"{other.digest}: erased, and its text is there",)
