"""One bit of a client's store changes at rest: the store says so, or nothing of it is different."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from clients.errors import LocalCode
from clients.mail.compose import Ref
from clients.store import STORE_CHANGED, Alarm, BlobState, OperationCall, Owed, ShownStep, Store, StoredBlob
from clients.store.deletions import CopyMade, Deletion
from clients.store.handed import HandedOut
from clients.store.schema import TABLES
from clients.store.screens import ScreenEntry, ScreenEvent
from schemas.addresses import Address
from schemas.encoding import decode_digest
from schemas.errors import Code, SeraiError
from schemas.leaf import Leaf
from tests.support.desk import Desk, ScriptedHub
from tests.support.refusals import refused
from tests.support.world import KZ, TJ, UZ, World

SAID = {Code.DAMAGED, Code.DECRYPTION_FAILED, Code.STORAGE_FAILED}
"""What a damaged store may say; `decryption_failed` of its keys alone."""

CLEAR_FLIPS = 1_200
BLOB_FLIPS = 150


def fill(desk: Desk) -> None:
    """Something in every table."""
    hub, world = desk.hub, desk.hub.world
    desk.sync()
    for number in range(3):
        desk.send(UZ, TJ, reference=f"W-{number}", precedence="flash")
    desk.flush()
    sent = [hub.send(world.dispatch(UZ, [KZ], view=world.checkpoint())) for _ in range(4)]
    desk.sync()
    desk.sender.sign_receipts()
    desk.flush()
    hub.send(world.dispatch(TJ, [KZ]))
    hub.world.admit(world.receipt(UZ, KZ, [desk.digest_of(1)]))
    desk.sync()
    desk.send(UZ, reference="newer", refs=(Ref("update", desk.digest_of(1)),))
    desk.flush()
    desk.store.items.mark_taken(sent[:2])
    desk.store.outcomes.ask_reseal(desk.digest_of(1), Address(UZ))
    desk.store.outcomes.owe(Owed("B" * 43, "urgent", "rejected", Address(UZ), 7, "no_key"))
    desk.store.attachments.put(StoredBlob("B" * 42 + "A", BlobState.WANTED, urgent=False, size=2064, at_ms=5))
    with refused(LocalCode.WRONG_PASSPHRASE):
        desk.store.officers.unlock(Address(f"{KZ}/DUTY-1"), "wrong", 5)
    desk.store.alarms.add(Alarm("fork", "two histories", 5, {"seen": "a note"}))
    desk.hub.refuse = lambda _: SeraiError(Code.SUSPENDED, KZ)
    desk.send(UZ, reference="refused")
    desk.flush()
    part = desk.store.outbox.add({"draft": "public", "statement": "x"}, urgent=False, made_ms=5, part_of=1)
    desk.store.outbox.set_refused(part, "unknown_recipient", TJ)
    desk.send(UZ, reference="waiting")
    delete(desk)
    operate(desk.store)


def operate(store: Store) -> None:
    """A step that is here, one that was not sent to us, how far the hub's list was read, and a call."""
    operation, leaf = "C" * 42 + "A", Leaf(5, 4, False, decode_digest("D" * 42 + "A"))
    store.operations.add(operation, operation)
    store.operations.show(operation, [ShownStep(3, leaf, "proof", "note")], 9, 5)
    store.operations.call(OperationCall(operation, "refused", "leg 2", 5, operation, (Address(UZ),)))
    store.operations.set_told("run", 1)


def delete(desk: Desk) -> None:
    """An entry in the log of what was deleted, a rule, and a backup that may still hold it."""
    deletions, officer = desk.store.deletions, Address(f"{KZ}/DUTY-1")
    deletions.add(Deletion("B" * 43, 5, officer, "a court's order", None, 3, "warning", "actual", Address(UZ), False))
    deletions.add_copy(CopyMade(5, "backup"))
    deletions.set_rules({"all": 365})
    entry = HandedOut(
        "B" * 43, 5, officer, "print", "paper", 7, "actual", Address(UZ), "own", "letter 12", (Address(KZ),)
    )
    desk.store.handed.add([entry])
    desk.store.screens.add(ScreenEntry(5, ScreenEvent.UNLOCKED, officer))


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store in which every table has rows, closed."""
    path = tmp_path_factory.mktemp("store")
    desk = Desk(path, ScriptedHub(World([KZ, UZ, TJ])), KZ, f"{KZ}/DUTY-1")
    fill(desk)
    desk.store.close()
    return path / "kz-nfp.db"


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the damaged store is put."""
    path = tmp_path_factory.mktemp("damaged")
    path.chmod(0o700)
    return path / "store"


def put(copy: Path, data: bytes) -> None:
    """Put a file in place of whatever was there."""
    for path in copy.parent.iterdir():
        path.unlink()
    copy.write_bytes(data)
    copy.chmod(0o600)


def read_all(path: Path) -> dict[str, Any]:
    """Everything that a client would read from its store."""
    with Store.open(path, "toy") as store:
        trust, items, outbox, outcomes = store.trust, store.items, store.outbox, store.outcomes
        steps = store.operations
        inbox, sent, said = items.inbox(99), items.sent(99), outbox.all(99)
        digests = [item.digest for item in (*inbox, *sent)]
        found = {
            "keys": [store.keys.own_kids, store.keys.network, store.keys.member, store.keys.store_key],
            "trust": (trust.head, trust.epochs, trust.cursors, trust.clock_offset_ms, trust.audited),
            "views": sorted(trust.views(99)),
            "alarms": (store.alarms.raised(), store.alarms.newest(99), store.alarms.open_count()),
            "changed": [alarm for alarm in store.alarms.raised() if alarm.kind == STORE_CHANGED],
            "items": (inbox, sent, list(items.public()), items.untaken()),
            "places": (items.own_between(0, 99), items.public_between(0, 99), items.has_dropped()),
            "outbox": (said, outbox.waiting(99), outbox.returned(99), outbox.parts(1)),
            "references": {digest: store.references.to(digest) for digest in digests},
            "outcomes": {digest: outcomes.of(digest) for digest in digests},
            "attachments": list(store.attachments.all()),
            "tries": store.officers.wrong_tries(),
            "handed": store.handed.newest(9),
            "screens": store.screens.newest(9),
            "deletions": (store.deletions.newest(9), store.deletions.rules, store.deletions.copies()),
            "operations": [
                (each, steps.steps(each), steps.shown(each), steps.read_up_to(each)) for each in steps.all()
            ],
            "calls": (steps.calls_after(0), steps.told("run")),
            "owed": outcomes.owed(),
            "reseals": outcomes.reseals(),
        }
        found["silent"] = outcomes.take_silent(1 << 60)
    return found


def judge(copy: Path, truth: dict[str, Any]) -> bool:
    """Whether a damaged store says so; demands that it does if anything of it is different."""
    try:
        found = read_all(copy)
    except SeraiError as error:
        if error.code not in SAID:
            raise
        return True
    if found["changed"]:
        return True
    assert found == truth
    return False


def tables(file: Path) -> Iterator[tuple[str, str, int]]:
    """Every column of every table with a blob, and a row that has one."""
    with closing(sqlite3.connect(file)) as database:
        for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for _, column, kind, *_ in database.execute(f"PRAGMA table_info({table})").fetchall():
                row = database.execute(f"SELECT rowid FROM {table} WHERE {column} IS NOT NULL").fetchone()  # noqa: S608
                assert row or column == "code", f"{table}.{column} has no value"
                if kind == "BLOB" and column != "id":
                    yield table, column, row[0]


def blobs(file: Path) -> list[bytes]:
    """Everything encrypted."""
    with closing(sqlite3.connect(file)) as database:
        found = [
            data
            for table, column, _ in tables(file)
            for (data,) in database.execute(f"SELECT {column} FROM {table}")  # noqa: S608
        ]
    return [bytes(data) for data in found]


def test_an_undamaged_store(file: Path, copy: Path, truth: dict[str, Any]) -> None:
    """A copy of a sound store reads the same, and every table has rows."""
    put(copy, file.read_bytes())
    assert not judge(copy, truth)
    assert {table for table, _, _ in tables(file)} == {"sums", *(table.name for table in TABLES)}


@pytest.fixture(scope="module")
def truth(file: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the sound store says."""
    path = tmp_path_factory.mktemp("truth") / "store"
    path.parent.chmod(0o700)
    put(path, file.read_bytes())
    return read_all(path)


def test_every_encrypted_column(file: Path, copy: Path, truth: dict[str, Any]) -> None:
    """A bit of any blob of any table is noticed when the blob is read."""
    for table, column, row in tables(file):
        put(copy, file.read_bytes())
        with closing(sqlite3.connect(copy)) as database, database:
            found = database.execute(f"SELECT {column} FROM {table} WHERE rowid = ?", (row,)).fetchone()  # noqa: S608
            data = bytearray(found[0])
            data[len(data) // 2] ^= 1
            database.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (bytes(data), row))  # noqa: S608
        assert judge(copy, truth), f"{table}.{column}"


def test_bits_of_the_file(file: Path, copy: Path, truth: dict[str, Any]) -> None:
    """Of bits all over the file, in rows, indexes, pages and header, none makes it say something else."""
    data, chance = file.read_bytes(), random.Random(5)
    pieces = [blob[at : at + 16] for blob in blobs(file) for at in range(0, len(blob) - 16, 16)]
    starts = [start for piece in pieces if (start := data.find(piece)) >= 0]
    blob_places = {place for start in starts for place in range(start, start + 16)}
    clear = [place for place in range(len(data)) if data[place] and place not in blob_places]
    places = chance.sample(clear, min(CLEAR_FLIPS, len(clear))) + chance.sample(sorted(blob_places), BLOB_FLIPS)
    said = 0
    for place in places:
        damaged = bytearray(data)
        damaged[place] ^= 1 << chance.randrange(8)
        put(copy, bytes(damaged))
        said += judge(copy, truth)
    assert said > len(places) // 2
