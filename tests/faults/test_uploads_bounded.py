"""Uploads at a disk that is really full, and many that nobody ends: what is held is counted on the disk and in rows."""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from broker.cli.commands import hub as hub_command
from broker.core.quota import Quota
from broker.settings import HubFolder
from tests.support.blobs import Blob, Porter, blob_of, porter, state_of, submit
from tests.support.crash import MortalHub
from tests.support.small_disk import SmallDisk, small_disk
from tests.support.world import KZ, UZ, World

TIMEOUT_S = 300.0
MIB = 1 << 20
TRIES = 1_000
"""How many uploads are begun; so many more than the bound, that another ten times as many say nothing new."""


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """A disk of 16 MiB."""
    with small_disk(tmp_path / "disk", 16_384) as made:
        yield made


@asynccontextmanager
async def serving(hub: MortalHub, world: World) -> AsyncIterator[Porter]:
    """Members over HTTP; the hub is stopped, and its ledger and attachments checked, after the block."""
    await asyncio.to_thread(hub.start)
    try:
        async with asyncio.timeout(TIMEOUT_S), porter(hub.port, world, hub.origin) as hands:
            yield hands
    finally:
        hub.stop()
    done = CliRunner().invoke(hub_command, ["ledger", "check", str(hub.folder.path)])
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout.splitlines()[0])["attachments"]
    assert (said["lost"], said["spoilt"]) == (0, 0)


async def go_on(hands: Porter, blob: Blob) -> tuple[int, str]:
    """Bring the rest of a blob; what the answer is."""
    answer = await hands.look(KZ, blob)
    held = state_of(answer)[0] if answer.status_code == 200 else 0
    answer = await hands.put(KZ, blob, held)
    return answer.status_code, "" if answer.status_code == 204 else answer.json()["code"]


async def test_uploads_on_a_full_disk(hub: MortalHub, disk: SmallDisk, world: World) -> None:
    """Below a tenth nothing is uploaded, and dispatches go on.

    A disk that fills in an upload keeps what it can, says
    so, and the upload goes on to its end once there is room.
    """
    path = Path(await asyncio.to_thread(shutil.copytree, hub.folder.path, disk.path / "hub"))
    hub, blob = MortalHub(HubFolder(path), hub.port), blob_of(3 * MIB)
    async with serving(hub, world) as hands:
        disk.fill(MIB)
        assert (await go_on(hands, blob))[1] == "no_room"
        sent = world.dispatch(f"{KZ}/DUTY-1", [UZ])
        assert (await submit(hub.origin, hands.token(f"{KZ}/DUTY-1", "exchange"), sent))["type"] == "accepted"
        disk.make_room()
        disk.fill(2 * MIB)
        status, code = await go_on(hands, blob)
        assert (status >= 500, code) in ((True, "no_room"), (True, "storage_failed"))
        assert 0 < state_of(await hands.look(KZ, blob))[0] < len(blob.data)
        disk.make_room()
        assert (await go_on(hands, blob))[0] == 204
        sent = world.dispatch(f"{KZ}/DUTY-1", [UZ], attachments=[blob.claim])
        assert (await submit(hub.origin, hands.token(f"{KZ}/DUTY-1", "exchange"), sent))["type"] == "accepted"
        assert (await hands.get(UZ, blob)).content == blob.data


async def test_uploads_that_nobody_ends(hub: MortalHub, world: World) -> None:
    """A member that begins many uploads holds as many rows and files as its bound says, and no other is in its way."""
    answers: Counter[tuple[int, str]] = Counter()

    async def begin(hands: Porter, numbers: range) -> None:
        for number in numbers:
            blob = blob_of(2_000, number.to_bytes(32))
            answer = await hands.put(KZ, blob, 0, 16)
            answers[answer.status_code, "" if answer.status_code == 204 else answer.json()["code"]] += 1

    async with serving(hub, world) as hands:
        async with asyncio.TaskGroup() as group:
            for start in range(8):
                group.create_task(begin(hands, range(start, TRIES, 8)))
        await hands.uploaded(UZ, blob_of())
    most = Quota().partial
    assert answers.pop((204, "")) == most
    assert {code for _, code in answers} <= {"quota_exceeded", "rate_limited"}
    with closing(sqlite3.connect(hub.folder.database)) as database:
        rows = dict(database.execute("SELECT member, count(*) FROM blob GROUP BY member"))
    assert rows == {KZ: most, UZ: 1}
    files = list(hub.folder.blobs.rglob("*"))
    assert len([file for file in files if file.is_file()]) == most + 1
