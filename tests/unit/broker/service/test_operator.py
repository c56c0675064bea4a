"""The operator: public statements offline, suspension, epochs for a database that fell behind, the ledger check."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from broker.service import operator as module
from broker.service.operator import (
    LedgerReport,
    NextEpoch,
    begin_epoch,
    check_ledger,
    describe_epoch,
    make_candidate,
    make_suspension,
    take_offline,
)
from broker.service.sequencer import AcceptedAt, Verdict
from broker.service.state import load_state
from schemas.checkpoint import parse_note
from schemas.encoding import encode_base64url
from schemas.errors import Code, SeraiError
from schemas.merkle import hash_leaf, root_of
from tests.support.refusals import refused
from tests.support.world import KZ, RU, TJ, UZ, Party, World, signing_key
from tests.unit.broker.service.notary import FlakyRegister, Notary, codes, digest_bytes, founded


@pytest.fixture
def notary(tmp_path: Path) -> Iterator[Notary]:
    """The notary of a network of three, with mail of every kind in its ledger."""
    with founded(tmp_path / "hub", World([KZ, UZ, RU])) as made:
        _fill(made)
        yield made


def _fill(notary: Notary) -> None:
    world = notary.world
    sent, flash = world.dispatch(KZ, [UZ, RU]), world.dispatch(UZ, [KZ], precedence="flash")
    notary.accept(sent, flash, world.receipt(UZ, KZ, [sent.digest]))


def _offline(notary: Notary, text: str) -> Verdict:
    return take_offline(notary.sequencer, lambda directory, answer: make_candidate(text, directory, answer))


# Public statements and suspension


def test_public_statement(notary: Notary) -> None:
    """What the operator brings from a file is decided like anything else, white space around it aside."""
    text = notary.world.credential(Party.of(TJ))
    size = notary.store.head().size
    assert _offline(notary, f"  {text}\n") == notary.at(digest_bytes(text), size)
    assert _offline(notary, text) == notary.at(digest_bytes(text), size)
    notary.assert_whole()


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda world: world.dispatch(KZ, [UZ]).text, Code.MALFORMED_SEALED),
        (lambda world: world.receipt(UZ, KZ, ["A" * 43]), Code.NOT_YOUR_STATEMENT),
        (lambda world: world.event("suspended", member=KZ), Code.NOT_PERMITTED),
        (lambda world: world.epoch(), Code.NOT_PERMITTED),
        (lambda world: world.credential(Party.of(TJ), by=KZ), Code.CREDENTIAL_INVALID),
        (lambda world: world.credential(Party.of(TJ), key=signing_key("a stranger")), Code.UNKNOWN_KEY),
    ],
    ids=["dispatch", "receipt", "event", "epoch", "not-following", "stranger"],
)
def test_operator_speaks_for_nobody(notary: Notary, make: object, code: Code) -> None:
    """The operator brings nothing that a member must bring, and no authority of its own."""
    before = notary.store.head()
    text = make(notary.world)  # type: ignore[operator]
    assert codes([_offline(notary, text)]) == [code]
    assert notary.store.head() == before


def test_no_statement(notary: Notary) -> None:
    """A file that holds no statement is refused before anything is decided."""
    with refused(Code.MALFORMED_STATEMENT):
        _offline(notary, "not a statement")


def test_suspension(notary: Notary) -> None:
    """A suspension is an event that the hub signs; it holds until the next credential of the member."""
    world = notary.world
    verdict = take_offline(notary.sequencer, lambda _, answer: make_suspension(UZ, answer))
    assert isinstance(verdict, AcceptedAt)
    assert verdict.index == notary.store.head().size - 1
    sent = world.dispatch(UZ, [KZ])
    assert codes(notary.submit(sent)) == [Code.SUSPENDED]
    notary.accept(world.credential(world.party(UZ), exp=world.time_s + 1_000), sent)


# Epochs


@pytest.fixture
def restored(notary: Notary, tmp_path: Path) -> Notary:
    """The notary after its database was restored from a backup: three dispatches are lost, mail is overdue."""
    world = notary.world
    backup = tmp_path / "backup.db"
    notary.store.backup(backup)
    notary.accept(*(world.dispatch(KZ, [UZ]) for _ in range(3)))
    notary.restore(backup)
    world.wait(3_600)
    with refused(Code.INCONSISTENT_LEDGER):
        notary.sequencer.load()
    return notary


def _epoch(notary: Notary, **changes: object) -> str:
    """What the root signs for a need."""
    need = describe_epoch(notary.store, notary.register)
    claims: dict[str, Any] = {
        "epoch": need.epoch,
        "index": need.index,
        "root": encode_base64url(need.root),
        "last": need.last,
    }
    return notary.world.epoch(**{**claims, **changes})


def _begin(notary: Notary, text: str) -> Verdict:
    return begin_epoch(notary.store, notary.register, notary.signer, notary.clock, notary.world.network, text)


def test_what_the_root_must_sign(restored: Notary) -> None:
    """The need names the next number, the size and root of the database, and the last checkpoint outside it."""
    leaves = restored.leaves()
    root = root_of([hash_leaf(leaf) for leaf in leaves])
    assert describe_epoch(restored.store, restored.register) == NextEpoch(
        1, len(leaves), root, restored.register.read(), restored.store.head().accepted_at
    )
    assert parse_note(restored.register.read()).checkpoint.size == len(leaves) + 3


def test_new_epoch(restored: Notary) -> None:
    """An epoch that the root signed stands at once where it says, and the register follows to its origin."""
    index = restored.store.head().size
    text = _epoch(restored)
    verdict = _begin(restored, text + "\n")
    assert verdict == restored.at(digest_bytes(text), index)
    head = restored.store.head()
    assert (head.epoch, head.size) == (1, index + 1)
    checkpoint = parse_note(restored.register.read()).checkpoint
    assert (checkpoint.origin, checkpoint.size) == (f"serai/{restored.world.network}/1", index + 1)
    assert restored.register.read() == head.note
    state = restored.sequencer.load()
    assert (state.directory.epoch.number, state.directory.epoch.statement.text) == (1, text)
    assert restored.events(restored.turn()) == []
    restored.world.wait(60)
    (overdue,) = restored.events(restored.turn())
    assert overdue.event == "overdue"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"index": 3}, Code.WRONG_EPOCH),
        ({"root": "A" * 43}, Code.WRONG_EPOCH),
        ({"epoch": 2}, Code.WRONG_EPOCH),
        ({"key": signing_key("a stranger")}, Code.UNKNOWN_KEY),
        ({"aud": f"toy/{'A' * 43}"}, Code.WRONG_NETWORK),
        ({"root": None}, Code.MALFORMED_STATEMENT),
    ],
    ids=["index", "root", "number", "key", "network", "form"],
)
def test_wrong_epoch(restored: Notary, changes: dict[str, object], code: Code) -> None:
    """An epoch for another database, number or network, or by another key, begins nothing and moves no register."""
    before, outside = restored.store.head(), restored.register.read()
    try:
        verdict = _begin(restored, _epoch(restored, **changes))
    except SeraiError as error:
        verdict = error
    assert codes([verdict]) == [code]
    assert (restored.store.head(), restored.register.read()) == (before, outside)
    with refused(Code.INCONSISTENT_LEDGER):
        restored.sequencer.load()


@pytest.mark.parametrize("changes", [{"index": 3}, {"root": "A" * 43}], ids=["index", "root"])
def test_wrong_epoch_is_told_what_is_due(restored: Notary, changes: dict[str, Any]) -> None:
    """An epoch that does not go on from this database is refused with the place that it must name."""
    with refused(Code.WRONG_EPOCH, f"must begin at {restored.store.head().size}"):
        _begin(restored, _epoch(restored, **changes))


def test_no_epoch_statement(restored: Notary) -> None:
    """Any other statement begins no epoch."""
    with refused(Code.WRONG_EPOCH, "not an epoch statement"):
        _begin(restored, restored.world.credential(Party.of(TJ)))


def test_epoch_of_the_next_root(restored: Notary) -> None:
    """The next root, to which the document before committed, may begin the epoch."""
    world = restored.world
    world.root, world.next_root = world.next_root, signing_key("a further root")
    assert codes([_begin(restored, _epoch(restored))]) == [None]
    assert restored.sequencer.load().directory.epoch.root.kid == world.root.kid


def test_epoch_whose_register_failed(restored: Notary) -> None:
    """A crash between the commit and the register is mended by bringing the same statement again."""
    text, outside = _epoch(restored), restored.register.read()
    restored.register.fails = True
    assert codes([_begin(restored, text)]) == [Code.STORAGE_FAILED]
    assert restored.register.read() == outside
    with refused(Code.WRONG_EPOCH, "has begun"):
        _begin(restored, text)
    assert restored.register.read() == restored.store.head().note


def test_epoch_after_a_lost_register(notary: Notary) -> None:
    """Where the register itself was lost, an epoch goes on from the database, and a crash in between is mended."""
    empty = FlakyRegister(notary.path / "anew" / "checkpoint")
    ports = (notary.store, empty, notary.signer, notary.clock, notary.world.network)
    need = describe_epoch(notary.store, empty)
    assert (need.last, need.index) == ("", notary.store.head().size)
    text = notary.world.epoch(epoch=1, index=need.index, root=encode_base64url(need.root))
    empty.fails = True
    assert codes([begin_epoch(*ports, text)]) == [Code.STORAGE_FAILED]
    with refused(Code.WRONG_EPOCH, "has begun"):
        begin_epoch(*ports, text)
    assert empty.read() == notary.store.head().note
    empty.close()


def test_epoch_brought_again(restored: Notary) -> None:
    """An epoch that has begun changes nothing when it is brought again."""
    text = _epoch(restored)
    _begin(restored, text)
    restored.sequencer.load()
    restored.accept(restored.world.dispatch(KZ, [UZ]))
    head = restored.store.head()
    with refused(Code.WRONG_EPOCH, "has begun"):
        _begin(restored, text)
    assert (restored.store.head(), restored.register.read()) == (head, head.note)


def test_epoch_covers_no_second_backup(restored: Notary, tmp_path: Path) -> None:
    """An old epoch statement does not excuse a database that fell behind once more."""
    text = _epoch(restored)
    _begin(restored, text)
    backup = tmp_path / "second.db"
    restored.store.backup(backup)
    restored.sequencer.load()
    restored.accept(restored.world.dispatch(KZ, [UZ]))
    outside = restored.register.read()
    restored.restore(backup)
    with refused(Code.WRONG_EPOCH):
        _begin(restored, text)
    assert restored.register.read() == outside
    with refused(Code.INCONSISTENT_LEDGER):
        load_state(restored.store, restored.register, restored.world.network)


# The ledger check


def _check(notary: Notary) -> LedgerReport:
    return check_ledger(notary.store, notary.world.network)


def test_sound_ledger(notary: Notary) -> None:
    """A ledger that is whole has no faults and nothing gone."""
    head = notary.store.head()
    assert _check(notary) == LedgerReport(head.size, 0, notary.world.directory.version, (), 0, ())


def test_empty_ledger(tmp_path: Path) -> None:
    """A ledger without leaves is whole."""
    notary = Notary(tmp_path, World([]))
    assert _check(notary) == LedgerReport(0, 0, 0, (), 0, ())
    notary.close()


def test_check_in_pages(notary: Notary, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ledger of many pages, with several levels of tiles, is whole; a time that goes back across pages is not."""
    monkeypatch.setattr(module, "_PAGE", 4)
    for _ in range(3):
        notary.accept(*(notary.world.dispatch(KZ, [KZ]) for _ in range(100)))
        notary.world.wait(1)
    assert _check(notary).faults == ()
    time = (0).to_bytes(8)
    notary.damage("UPDATE statement SET leaf = CAST(x'01' || ? || substr(leaf, 10) AS BLOB) WHERE \"index\" = 8", time)
    assert "times decrease after leaf 8" in _check(notary).faults
    notary.damage("UPDATE tile SET hashes = substr(hashes, 1, 32) WHERE level = 0 AND number = 1")
    assert "tiles of level 0 are not what lies below them" in _check(notary).faults


@pytest.mark.parametrize("at", [1, 2, 9, 10, 11, 12, 43])
def test_flipped_leaf(notary: Notary, at: int) -> None:
    """A leaf with a changed byte, whichever, is no longer the tree's."""
    leaf = bytearray(notary.leaves()[-2])
    leaf[at - 1] ^= 1
    notary.damage('UPDATE statement SET leaf = ? WHERE "index" = ?', bytes(leaf), notary.store.head().size - 2)
    assert "the leaves do not have the root of the checkpoint" in _check(notary).faults


def test_leaf_missing(notary: Notary) -> None:
    """A leaf that is not there is missed, and so are all."""
    notary.damage('DELETE FROM statement WHERE "index" = ?', notary.store.head().size - 1)
    assert "the leaves do not have the root of the checkpoint" in _check(notary).faults
    notary.damage("DELETE FROM statement")
    assert "the leaves do not have the root of the checkpoint" in _check(notary).faults


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE tile SET hashes = CAST(zeroblob(32) || substr(hashes, 33) AS BLOB)",
        "UPDATE tile SET hashes = substr(hashes, 1, length(hashes) - 32)",
        "UPDATE tile SET hashes = substr(hashes, 1, length(hashes) - 1)",
        "DELETE FROM tile",
    ],
)
def test_damaged_tile(notary: Notary, sql: str) -> None:
    """A tile is what lies below it, or it is found."""
    notary.damage(sql)
    assert _check(notary).faults == ("tiles of level 0 are not what lies below them",)


@pytest.mark.parametrize("text", ["NULL", "replace(text, 'J', 'K')", "CAST(x'ff' || text AS TEXT)"])
def test_damaged_public_text(notary: Notary, text: str) -> None:
    """A public text that is not its leaf's is a fault: the directory cannot follow from it."""
    notary.damage(f'UPDATE statement SET text = {text} WHERE "index" = 2')  # noqa: S608
    report = _check(notary)
    assert (report.public, report.gone, report.faults) == (0, (), ("damaged: public statement 2",))


@pytest.mark.parametrize("text", ["NULL", "replace(text, 'J', 'K')", "CAST(x'ff' || text AS TEXT)"])
def test_damaged_private_text(notary: Notary, text: str) -> None:
    """A private text that is not its leaf's is gone; the tree is whole without it."""
    size = notary.store.head().size
    for index in (size - 3, size - 1):
        notary.damage(f'UPDATE statement SET text = {text} WHERE "index" = ?', index)  # noqa: S608
    report = _check(notary)
    assert (report.gone, report.faults) == ((size - 3, size - 1), ())


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE statement SET body = CAST(x'00' || substr(body, 2) AS BLOB) WHERE body IS NOT NULL",
        "UPDATE statement SET content_digest = zeroblob(32) WHERE body IS NOT NULL",
        "UPDATE statement SET entries_root = zeroblob(32) WHERE body IS NOT NULL",
        "UPDATE statement SET entries = 7 WHERE body IS NOT NULL",
        "UPDATE mailbox SET entry = CAST(x'00' || substr(entry, 2) AS BLOB) WHERE member = 'UZ/NFP' AND position >= 0",
        "UPDATE mailbox SET entry_proof = zeroblob(32) WHERE member = 'UZ/NFP' AND entry IS NOT NULL",
        "UPDATE mailbox SET position = 5 WHERE member = 'UZ/NFP' AND entry IS NOT NULL",
    ],
)
def test_damaged_content(notary: Notary, sql: str) -> None:
    """Content, entry or proof that is not what the cover names is gone, on every lane."""
    size = notary.store.head().size
    notary.damage(sql)
    report = _check(notary)
    assert (report.gone, report.faults) == ((size - 3, size - 2), ())


def test_checkpoint_of_another_root(notary: Notary) -> None:
    """Leaves are held against the checkpoint in the head."""
    notary.damage("UPDATE head SET note = ?", notary.world.checkpoint(3))
    assert _check(notary).faults == ("the leaves do not have the root of the checkpoint",)
