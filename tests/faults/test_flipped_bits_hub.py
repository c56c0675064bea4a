"""One byte of the hub's database changes at rest, in each column of each table.

What the hub then serves is true, or said to be gone, or not served at all; and whatever else the
change did, starting, reading or ``serai-hub ledger check`` says so.
"""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from broker.adapters.blobs.folder import BlobFolder
from broker.adapters.db.store import SqlStore
from broker.adapters.db.tables import METADATA
from broker.adapters.life import FileLifeRecord
from broker.adapters.register import FileRegister
from broker.adapters.system import FileSigner, SystemClock
from broker.app import Ports, make_hub, open_ports
from broker.core.quota import Quota
from broker.core.verification import verify_submission
from broker.ports import LedgerStore
from broker.service.blob_sweep import check_blobs
from broker.service.hub import Hub
from broker.service.operator import check_ledger
from broker.service.sequencer import AcceptedAt, Candidate, Sequencer
from broker.service.timekeeper import Timekeeper
from broker.settings import HubFolder
from schemas.addresses import Address, member_of
from schemas.encoding import decode_digest, encode_base64url
from schemas.errors import Code, SeraiError
from schemas.leaf import parse_leaf
from schemas.statements import parse_statement
from tests.support.blobs import blob_of
from tests.support.harbour import Harbour, check_points, lengthen, make_stores, points_at, present_world, send, talk
from tests.support.history import History
from tests.support.hub import make_folder
from tests.support.mailbag import Item, read_ledger, read_mail
from tests.support.operations import Draft, Thread
from tests.support.world import AZ, KZ, TJ, UZ, Sent, World

READERS = (KZ, UZ, TJ)

PARTIAL = "NOT whole"
"""An upload that is not whole: whatever is wrong with it, it begins anew, and only its digest makes it whole."""

ROWS: dict[str, tuple[str, ...]] = {
    "statement": tuple(f"type = {code}" for code in (2, 4, 5)),
    "step": ("do = 'open'", "do = 'decide'", "do = 'move'"),
    "mailbox": ("entry IS NOT NULL AND addressed", "entry IS NULL", "withdrawn"),
    "blob": ("whole AND id IN (SELECT blob FROM link)", PARTIAL),
    "tile": ("level = 0 AND number = 0", "level = 0 AND number = 1", "level = 1"),
}
"""Which rows are changed: one of each kind; of other tables the first."""

HINTS = {
    "cursor": "the hub's copy of a cursor is a hint for the operator; the client's own decides",
    "blob_day": "a bound for a member's day: it may upload more, or less, until midnight",
    "token": "a used token that is not found any more could be used again within the 60 s of its life",
}
"""Tables that nothing else in the ledger confirms, and why that does no harm."""

HARMLESS = {
    ("blob", "member"): "whose upload it was counts for its bounds, and to go on with it: else it begins anew",
    ("blob", "since_ms"): "from when an upload counts that no dispatch names: it is swept earlier or later",
}
"""Columns of which the same holds."""

BLOBS = (blob_of(), blob_of(500), blob_of(700))
"""Two that dispatches name, and one of which half has come."""

CASES = [
    (table.name, column.name, row)
    for table in METADATA.sorted_tables
    for column in table.columns
    for row in ROWS.get(table.name, ("1",))
]


@dataclass
class Sound:
    """A hub's folder of which everything is known.

    Attributes:
        folder: of the hub, which does not serve.
        served: what the sound hub serves each member.
        shown: what it shows of its ledger, by path.
    """

    folder: HubFolder
    served: dict[Address, list[Item]]
    shown: dict[str, bytes]


async def _make(path: Path) -> Sound:
    """More than a tile of leaves; dispatches, answers, receipts, events, withdrawn mail; every table filled."""
    world, history = present_world([KZ, UZ, TJ, AZ]), History()
    folder = make_folder(path / "hub", world)
    start = len(world.log)
    for number in range(250 - start):
        world.enrol(f"{(KZ, UZ, TJ, AZ)[number % 4]}/POST-{number}")
    lengthen(folder, world, start)
    stores = make_stores(path, world, [KZ, UZ, TJ])
    harbour = Harbour(folder)
    await harbour.start()
    async with asyncio.timeout(60), points_at(harbour, stores) as points:
        for number in range(3):
            await talk(points, history, number)
        await check_points(points, history)
        await send(points[KZ], history, "never received", [AZ])
    await harbour.stop()
    start = len(world.log)
    world.revoke(AZ)
    lengthen(folder, world, start)
    settings = folder.read_settings()
    with open_ports(folder, settings) as ports:
        _operate(ports, world)
        _attach(ports, world)
        hub = make_hub(ports, settings)
        hub.load()
        bags = {member: await read_mail(hub, member) for member in READERS}
        shelf = await read_ledger(hub, _paths(hub.mailroom.head.size, ports.store))
    assert [(bag.faults, bag.ended) for bag in bags.values()] == [([], "")] * len(READERS)
    return Sound(folder, {member: bag.items for member, bag in bags.items()}, shelf.answers)


def _operate(ports: Ports, world: World) -> None:
    """An operation of a few steps, each of another kind."""
    sequencer = _writer(ports, world)
    thread, officer = Thread(world), f"{KZ}/POST-0"
    opened = Draft("open", officer, (UZ,), "open", parts={UZ: "transit"}, of=None)
    refused = Draft("refused", f"{UZ}/POST-1", (KZ,), "decide", "refused", refs=(("reply", "open"),))
    for draft in (opened, refused, Draft("move", UZ, (KZ, TJ), "move", parts={TJ: "transit"})):
        _admit(sequencer, world, draft.iss, thread.make(draft))


def _attach(ports: Ports, world: World) -> None:
    """Dispatches with attachments, and an upload that has not come to its end."""
    now_ms = ports.clock.now_ms()
    for blob in BLOBS:
        name = ports.files.new_name()
        begun = ports.store.blobs.begin(KZ, decode_digest(blob.name), len(blob.data), name, now_ms, Quota())
        ports.files.write(begun.file, 0, [blob.data if blob in BLOBS[:2] else blob.data[:1000]])
        if blob in BLOBS[:2]:
            ports.store.blobs.complete(begun, now_ms)
    sequencer = _writer(ports, world)
    for blob in BLOBS[:2]:
        _admit(sequencer, world, f"{KZ}/POST-0", world.dispatch(f"{KZ}/POST-0", [UZ], attachments=[blob.claim]))


def _writer(ports: Ports, world: World) -> Sequencer:
    sequencer = Sequencer(ports.store, ports.register, ports.signer, ports.clock, world.network, lambda _: None)
    sequencer.load()
    return sequencer


def _admit(sequencer: Sequencer, world: World, iss: str, sent: Sent) -> None:
    submission = verify_submission(parse_statement(sent.text), sent.sealed.to_json(), world.directory)
    candidate = Candidate(submission.statement.digest, submission, member_of(Address(iss)), lambda _: None)
    turn = sequencer.take_turn([candidate])
    assert isinstance(turn.verdicts[0], AcceptedAt), turn.verdicts


def _paths(size: int, store: LedgerStore) -> list[str]:
    """Every tile, proofs from and at several sizes, and some statements."""
    tiles = ["entries/000", f"entries/001.p/{size - 256}", "0/000", f"0/001.p/{size - 256}", "1/000.p/1"]
    proofs = [f"inclusion?index={index}&size={index + 1 + step}" for index in (0, 200, 255) for step in (0, 1)]
    proofs += [f"inclusion?index=3&size={size}", f"consistency?from=7&to={size}", f"consistency?from=200&to={size - 1}"]
    digests = [encode_base64url(parse_leaf(leaf).digest) for leaf in store.leaves(size - 12, size)]
    paths = [f"tile/{tile}" for tile in tiles] + proofs + [f"statements/{digest}" for digest in digests]
    return [f"/v1/ledger/{path}" for path in paths]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Sound:
    """The hub before anything was changed."""
    return asyncio.run(_make(tmp_path_factory.mktemp("sound")))


@pytest.fixture(scope="module")
def scratch(sound: Sound, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place for copies."""
    return tmp_path_factory.mktemp("scratch")


@pytest.fixture
def copy(sound: Sound, scratch: Path) -> Iterator[HubFolder]:
    """The hub, to be damaged."""
    path = Path(shutil.copytree(sound.folder.path, scratch / "hub"))
    yield HubFolder(path)
    shutil.rmtree(path)


def flipped(value: Any) -> Any:
    """A value of the same type with one bit changed."""
    if isinstance(value, int):
        return value ^ 1
    data = bytearray(value.encode() if isinstance(value, str) else value)
    data[len(data) // 2] ^= 1
    return data.decode() if isinstance(value, str) else bytes(data)


def flip(folder: HubFolder, table: str, column: str, where: str) -> bool:
    """Change one value at rest; false if no row of the kind has one."""
    with closing(sqlite3.connect(folder.database)) as database, database:
        query = f'SELECT rowid, "{column}" FROM "{table}" WHERE {where} AND "{column}" IS NOT NULL LIMIT 1'  # noqa: S608
        found = database.execute(query).fetchone()
        if found is None:
            return False
        value = flipped(found[1])
        while True:
            try:
                database.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE rowid = ?', (value, found[0]))  # noqa: S608
            except sqlite3.IntegrityError:  # there is a row of this key: change another bit
                value = value ^ 1 << 12
            else:
                break
    return True


@contextmanager
def opened(folder: HubFolder) -> Iterator[Ports]:
    """A hub's ports, without the look for a newer schema that takes as long as everything else."""
    register, store = FileRegister(folder.register), SqlStore(f"sqlite:///{folder.database}")
    try:
        clock = Timekeeper(SystemClock(), FileLifeRecord(folder.alive), store.head().accepted_at)
        yield Ports(store, register, FileSigner(folder.keys), clock, BlobFolder(folder.blobs))
    finally:
        store.close()
        register.close()


async def examine(sound: Sound, folder: HubFolder) -> list[str]:
    """What is said of a damaged folder; demands that all that is served is true."""
    settings, said = folder.read_settings(), []
    with opened(folder) as ports:
        hub = make_hub(ports, settings)
        try:
            hub.load()
            for damaged in await asyncio.gather(*(_compare(sound, hub, member) for member in READERS)):
                said += damaged
            said += await _compare_ledger(sound, hub)
        except SeraiError as error:
            said.append(f"start: {error}")
        try:
            report = check_ledger(ports.store, settings.network)
            said += [*report.faults, *(f"gone: {index}" for index in report.gone)]
        except SeraiError as error:
            said.append(f"check: {error}")
        said += _compare_blobs(ports)
    return said


def _compare_blobs(ports: Ports) -> list[str]:
    """What the check of attachments says; demands that a recipient is handed the right one or none."""
    report = check_blobs(ports.files, ports.store.blobs)
    said = [f"attachments: {report.lost} lost, {report.spoilt} spoilt"] if report.lost or report.spoilt else []
    for blob in BLOBS[:2]:
        try:
            found = ports.store.blobs.fetchable(UZ, decode_digest(blob.name))
        except SeraiError as error:
            said.append(f"fetch: {error}")
            continue
        assert found.digest == decode_digest(blob.name), "a recipient is handed another attachment"
        assert report.lost or ports.files.read(found.file, 0, found.size) == blob.data
    return said


async def _compare(sound: Sound, hub: Hub, member: Address) -> list[str]:
    bag = await read_mail(hub, member)
    true = {item for item in sound.served[member] if item[3] is not None}
    assert bag.whole() <= true, f"{member} was served what is not true: {[i[:2] for i in bag.whole() - true]}"
    assert bag.faults == [], f"{member} was served proofs that do not hold"
    return [f"damaged: {index}" for index in sorted(hub._damaged)]


async def _compare_ledger(sound: Sound, hub: Hub) -> list[str]:
    shelf = await read_ledger(hub, sound.shown)
    for path, answer in shelf.answers.items():
        gone = "statements" in path and b'"gone":true' in answer
        assert answer == sound.shown[path] or gone, f"{path} was answered with what is not true"
    return [f"{path}: {code}" for path, code in shelf.refused.items() if code == Code.DAMAGED.value]


@pytest.mark.parametrize(("table", "column", "row"), CASES)
async def test_a_flipped_bit(sound: Sound, copy: HubFolder, table: str, column: str, row: str) -> None:
    """A byte that changed in a column is never served as true, and somebody says so."""
    if not flip(copy, table, column, row):
        return
    said = await examine(sound, copy)
    assert said or table in HINTS or (table, column) in HARMLESS or row == PARTIAL


async def test_an_entry_moved_to_a_receipt(sound: Sound, copy: HubFolder) -> None:
    """A row of a mailbox that came to the receipt of others never shows its text, and somebody says so."""
    with closing(sqlite3.connect(copy.database)) as database, database:
        receipt = 'SELECT "index" FROM statement WHERE type = 5'
        others = f'{receipt} AND "index" NOT IN (SELECT "index" FROM mailbox WHERE member = ?)'  # noqa: S608
        row = "SELECT rowid FROM mailbox WHERE member = ? AND entry IS NOT NULL AND addressed"
        moved = database.execute(
            f'UPDATE mailbox SET "index" = ({others} LIMIT 1) WHERE rowid = ({row} LIMIT 1)',  # noqa: S608
            (UZ, UZ),
        )
        assert moved.rowcount == 1
    assert await examine(sound, copy)


async def test_a_link_moved_to_another_attachment(sound: Sound, copy: HubFolder) -> None:
    """A recipient is not handed the attachment of another dispatch, and the check of the ledger says so."""
    with closing(sqlite3.connect(copy.database)) as database, database:
        database.execute("UPDATE link SET blob = (SELECT max(blob) FROM link)")
    said = await examine(sound, copy)
    assert any(each.startswith("link: it leads") for each in said)
    assert any(each.startswith("fetch: gone") for each in said), said


async def test_a_sound_hub(sound: Sound, copy: HubFolder) -> None:
    """Nothing is said of a hub of which nothing was changed, and every table has rows."""
    assert await examine(sound, copy) == []
    with closing(sqlite3.connect(copy.database)) as database:
        rows = [database.execute(f'SELECT 1 FROM "{table.name}"').fetchone() for table in METADATA.sorted_tables]  # noqa: S608
    assert not [table.name for table, row in zip(METADATA.sorted_tables, rows, strict=True) if row is None]
