"""The workload ``ledger``: what a ledger costs as it grows, with generated leaves."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from random import Random
from typing import Any

from broker.app import Ports, make_hub, open_ports
from broker.core.tree import Growth, RightEdge, grow
from broker.core.verification import verify_submission
from broker.service.hub import Hub
from broker.service.sequencer import AcceptedAt, Candidate, Sequencer
from broker.service.state import load_state
from schemas.checkpoint import Checkpoint
from schemas.claims import StatementType
from schemas.encoding import Digest
from schemas.frames import Submit, parse_frame
from schemas.leaf import Leaf
from schemas.merkle import hash_leaf
from schemas.statements import parse_statement
from tests.bench.alerts import Alerts
from tests.bench.measure import Result, Scale, percentile
from tests.bench.network import Bench, make_bench, memory_kib
from tests.bench.workloads import SEVEN

_CHUNK = 50_000
_BATCH = 64
_PROOFS = 1_000
_TEXT = "x" * 900
_ROW = 'INSERT INTO statement ("index", digest, leaf, type, sender, jti, lane, text) VALUES (?, ?, ?, ?, ?, ?, ?, ?)'


async def ledger(scale: Scale, folder: Path, stacks: Path | None = None) -> Result:
    """Start-up, memory, append and proof at each size."""
    sizes = [measure_size(scale, folder / str(size), size) for size in scale.ledgers]
    names = ("startup_s", "hub_mib", "append_us", "proof_ms")
    columns: dict[str, Any] = {name: [size[name] for size in sizes] for name in names}
    others = [name for name in sizes[0] if name not in names]
    more = {name: [size[name] for size in sizes] for name in others}
    return Result({"leaves": list(scale.ledgers), **columns}, more)


def measure_size(scale: Scale, folder: Path, size: int) -> dict[str, float]:
    """Everything that is measured of a ledger of one size, by name; ``folder`` is made."""
    folder.mkdir()
    network = make_bench(folder, SEVEN[:2], officers=True)
    start = time.perf_counter()
    extend(network, size, texts=size <= scale.texts)
    generated = time.perf_counter() - start
    start = time.perf_counter()
    network.hub.start()
    startup = time.perf_counter() - start
    memory = memory_kib(network.pid)
    requests = sorted(time_requests(network, size))
    network.hub.stop()
    settings = network.hub.folder.read_settings()
    with open_ports(network.hub.folder, settings) as ports:
        append = time_appends(network, ports, scale.appends)
        hub = make_hub(ports, settings)
        hub.load()
        cached = sorted(time_proofs(hub, size))
        proofs = sorted(time_proofs(hub, size, fresh=True))
    database = sum(file.stat().st_size for file in network.hub.folder.path.glob("hub.db*"))
    return {
        "startup_s": round(startup, 2),
        "hub_mib": round(memory / 1024, 1),
        "append_us": round(append * 1e6, 1),
        "proof_ms": round(percentile(proofs, 0.99) * 1e3, 3),
        "proof_median_ms": round(percentile(proofs, 0.5) * 1e3, 3),
        "cached_ms": round(percentile(cached, 0.99) * 1e3, 3),
        "cached_median_ms": round(percentile(cached, 0.5) * 1e3, 3),
        "request_ms": round(percentile(requests, 0.99) * 1e3, 3),
        "request_median_ms": round(percentile(requests, 0.5) * 1e3, 3),
        "generated_s": round(generated, 1),
        "database_mib": round(database / 2**20, 1),
    }


# Generating


def extend(network: Bench, size: int, *, texts: bool) -> None:
    """Make the ledger of a hub that does not serve as long as ``size``, past its own checks."""
    folder = network.hub.folder
    settings = folder.read_settings()
    with open_ports(folder, settings) as ports:
        state = load_state(ports.store, ports.register, settings.network)
        edge, accepted_at = state.edge, state.head.accepted_at
        with closing(sqlite3.connect(folder.database, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous=OFF")
            indexes = _take_indexes(connection)
            while edge.frontier.size < size:
                edge = _extend_chunk(connection, edge, min(_CHUNK, size - edge.frontier.size), accepted_at, texts).edge
            for sql in indexes:
                connection.execute(sql)
            checkpoint = Checkpoint(state.directory.epoch.origin, size, edge.frontier.root())
            note = ports.signer.sign_checkpoint(checkpoint)
            connection.execute("UPDATE head SET size = ?, note = ?", (size, note))
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        ports.register.swap(state.head.note, note)


def _take_indexes(connection: sqlite3.Connection) -> list[str]:
    """Drop the indexes of the statements, to be made again at once; gives how."""
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'statement' AND sql NOT NULL"
    found = connection.execute(query).fetchall()
    for name, _ in found:
        connection.execute(f"DROP INDEX {name}")
    return [sql for _, sql in found]


def _extend_chunk(connection: sqlite3.Connection, edge: RightEdge, count: int, accepted_at: int, texts: bool) -> Growth:
    start = edge.frontier.size
    chance = os.urandom(32 * count)
    digests = [chance[at : at + 32] for at in range(0, 32 * count, 32)]
    leaves = [Leaf(accepted_at, StatementType.DISPATCH.code, False, Digest(digest)).to_bytes() for digest in digests]
    growth = grow(edge, map(hash_leaf, leaves))
    code, text = StatementType.DISPATCH.code, _TEXT if texts else None
    jtis = _jtis(start)
    rows = (
        (start + number, digest, leaf, code, SEVEN[0], next(jtis), 2, text)
        for number, (digest, leaf) in enumerate(zip(digests, leaves, strict=True))
    )
    connection.execute("BEGIN")
    connection.executemany(_ROW, rows)
    tiles = ((tile.level, tile.number, hashes) for tile, hashes in growth.tiles.items())
    connection.executemany("INSERT OR REPLACE INTO tile (level, number, hashes) VALUES (?, ?, ?)", tiles)
    connection.execute("COMMIT")
    return growth


def _jtis(start: int) -> Iterator[str]:
    """Texts as long as a UUID that go up, as those of UUIDv7 do."""
    while True:
        yield f"{start:012d}-7000-8000-000000000000"[-36:].rjust(36, "0")
        start += 1


# Measuring


def time_appends(network: Bench, ports: Ports, count: int) -> float:
    """Seconds for each of many alerts that are appended 64 at a time, durably; verifying not counted."""
    sequencer = Sequencer(ports.store, ports.register, ports.signer, ports.clock, network.world.network, lambda _: None)
    directory = sequencer.load().directory
    sender, recipient = SEVEN[:2]
    alerts = Alerts(network.world, f"{sender}/DUTY-1", [recipient], count)
    candidates = []
    for alert in alerts.alerts:
        text = alerts.text(alert).decode()
        frame = parse_frame(text)
        assert isinstance(frame, Submit)
        statement = parse_statement(frame.statement)
        submission = verify_submission(statement, frame.sealed, directory)
        candidates.append(Candidate(statement.digest, submission, sender, lambda _: None, len(text)))
    start = time.perf_counter()
    for at in range(0, count, _BATCH):
        commit = sequencer.take_turn(candidates[at : at + _BATCH])
        assert all(isinstance(verdict, AcceptedAt) for verdict in commit.verdicts), commit.verdicts
    return (time.perf_counter() - start) / count


def time_proofs(hub: Hub, size: int, *, fresh: bool = False) -> Iterator[float]:
    """Seconds for each of many inclusion proofs of places all over the ledger.

    Args:
        hub: loaded.
        size: leaves.
        fresh: whether all tiles are read from the database for each.
    """
    for index in _places(size):
        if fresh:
            hub.mailroom._cache.clear()
        start = time.perf_counter()
        hub.prove_inclusion(index, size)
        yield time.perf_counter() - start


def _places(size: int) -> Iterator[int]:
    chance = Random(size)
    return (chance.randrange(size) for _ in range(min(_PROOFS, size)))


def time_requests(network: Bench, size: int) -> Iterator[float]:
    """The same over HTTP, one after the other on one connection, from request to answer."""
    headers: dict[str, str] = {}
    with closing(HTTPConnection("127.0.0.1", network.hub.port)) as connection:
        for number, index in enumerate(_places(size)):
            if number % 100 == 0:
                headers = {"Authorization": f"Bearer {network.token(SEVEN[0], 'read')}"}
            start = time.perf_counter()
            connection.request("GET", f"/v1/ledger/inclusion?index={index}&size={size}", headers=headers)
            answer = connection.getresponse()
            text = answer.read()
            yield time.perf_counter() - start
            assert answer.status == 200, text
