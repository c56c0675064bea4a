"""SIGKILL in an upload, in the link, in a sweep and in a backup: nothing that was promised is lost, nothing is half."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner
from websockets.exceptions import WebSocketException

from broker.cli.commands import hub as hub_command
from tests.support.blobs import LARGE, Blob, Porter, blob_of, porter, state_of, submit
from tests.support.crash import Death, MortalHub
from tests.support.world import KZ, UZ, Sent, World
from tests.unit.broker.edges import until

TIMEOUT_S = 120.0
STEPS = {
    "reserved": Death("blob", 1),
    "first bytes written": Death("write", 1),
    "last bytes written": Death("write", 4),
    "hashed": Death("seal", 1),
    "whole": Death("blob", 2),
}
"""Steps of an upload in four parts."""


@asynccontextmanager
async def at_work(hub: MortalHub, world: World) -> AsyncIterator[Porter]:
    """Members over HTTP; the hub is stopped, and its ledger and attachments checked, after the block."""
    try:
        async with asyncio.timeout(TIMEOUT_S), porter(hub.port, world, hub.origin) as hands:
            yield hands
    finally:
        hub.stop()
    done = CliRunner().invoke(hub_command, ["ledger", "check", str(hub.folder.path)])
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout.splitlines()[0])["attachments"]
    assert (said["lost"], said["spoilt"]) == (0, 0)


async def upload(hands: Porter, blob: Blob) -> None:
    """Bring a blob in parts, asking how much is held whenever the hub is away."""
    held, size = 0, len(blob.data)
    while held < size:
        try:
            answer = await hands.put(KZ, blob, held, min(held + 40_000, size))
            if answer.status_code == 204 and state_of(answer)[2] == "?1":
                return
            held = state_of(answer)[0]
        except httpx.TransportError:
            await asyncio.sleep(0.05)
            held = await asked(hands, blob)


async def asked(hands: Porter, blob: Blob) -> int:
    """How much is held, as soon as the hub is there."""
    while True:
        try:
            answer = await hands.look(KZ, blob)
            if answer.status_code in (200, 404):
                return state_of(answer)[0] if answer.status_code == 200 else 0
        except httpx.TransportError:
            pass
        await asyncio.sleep(0.05)


async def submitted(hub: MortalHub, hands: Porter, sent: Sent) -> dict[str, Any]:
    """What the hub answers to a dispatch, however often it has to be asked."""
    while True:
        try:
            return await submit(hub.origin, hands.token(f"{KZ}/DUTY-1", "exchange"), sent)
        except (OSError, WebSocketException):
            await asyncio.sleep(0.05)


def dispatch(world: World, blob: Blob) -> Sent:
    """A warning with an attachment."""
    return world.dispatch(f"{KZ}/DUTY-1", [UZ], attachments=[blob.claim])


@pytest.mark.parametrize("step", STEPS)
async def test_killed_in_an_upload(hub: MortalHub, world: World, step: str) -> None:
    """Wherever the hub is killed in an upload, it goes on from what is held, and recipients get the bytes."""
    blob = blob_of(LARGE, step.encode().ljust(32))
    async with at_work(hub, world) as hands:
        death = STEPS[step]
        await asyncio.to_thread(hub.start, Death(death.step, death.passage))
        going = asyncio.create_task(upload(hands, blob))
        await hub.died()
        await asyncio.to_thread(hub.start)
        await going
        assert (await submitted(hub, hands, dispatch(world, blob)))["type"] == "accepted"
        assert (await hands.get(UZ, blob)).content == blob.data


@pytest.mark.parametrize("step", ["link", "commit", "committed"])
async def test_killed_in_the_link(hub: MortalHub, world: World, step: str) -> None:
    """Dispatch and link are one: after a crash both are there, or neither, and the same bytes are accepted once."""
    blob = blob_of(LARGE, step.encode().ljust(32))
    async with at_work(hub, world) as hands:
        await asyncio.to_thread(hub.start)
        await upload(hands, blob)
        hub.kill()
        await asyncio.to_thread(hub.start, Death(step))
        sent = dispatch(world, blob)
        going = asyncio.create_task(submitted(hub, hands, sent))
        await hub.died()
        await asyncio.to_thread(hub.start)
        first = await going
        again = await submitted(hub, hands, sent)
        assert [frame["items"][0]["index"] for frame in (first, again)] == [first["items"][0]["index"]] * 2
        assert (await hands.get(UZ, blob)).content == blob.data


async def test_killed_in_a_sweep(hub: MortalHub, world: World) -> None:
    """A file whose row has gone is taken by a later sweep; nobody can link or fetch it in between."""
    blob, blobs = blob_of(LARGE), hub.folder.blobs
    async with at_work(hub, world) as hands:
        await asyncio.to_thread(hub.start)
        await upload(hands, blob)
        hub.kill()
        with closing(sqlite3.connect(hub.folder.database)) as database, database:
            database.execute("UPDATE blob SET since_ms = 0")
        await asyncio.to_thread(hub.start, Death("dropping"))
        await hub.died()
        [left] = blobs.iterdir()
        os.utime(left, (0, 0))
        await asyncio.to_thread(hub.start)
        assert (await hands.look(KZ, blob)).status_code == 404
        assert (await submitted(hub, hands, dispatch(world, blob)))["problem"]["code"] == "attachment_missing"
        await until(lambda: not [*blobs.iterdir()])


async def test_backup_without_an_attachment(hub: MortalHub, world: World, tmp_path: Path) -> None:
    """A backup that was cut before an attachment is restored: the attachment is lost, and can be brought again."""
    kept, lost = blob_of(LARGE), blob_of(500)
    async with at_work(hub, world) as hands:
        await asyncio.to_thread(hub.start)
        for blob in (kept, lost):
            await upload(hands, blob)
            assert (await submitted(hub, hands, dispatch(world, blob)))["type"] == "accepted"
        await asyncio.to_thread(run, "backup", hub.folder.path, tmp_path / "backup")
        hub.stop()
        for folder in (hub.folder.blobs, tmp_path / "backup" / "blobs"):
            for file in folder.iterdir():
                if folder == hub.folder.blobs or file.stat().st_size == len(lost.data):
                    file.unlink()
        await asyncio.to_thread(run, "restore", hub.folder.path, tmp_path / "backup")
        await asyncio.to_thread(hub.start)
        assert (await hands.get(UZ, kept)).content == kept.data
        answer = await hands.get(UZ, lost)
        assert (answer.status_code, answer.json()["code"]) == (410, "gone")
        await upload(hands, lost)
        assert (await hands.get(UZ, lost)).content == lost.data


def run(*words: str | Path) -> None:
    """A command of ``serai-hub`` that goes well."""
    done = CliRunner().invoke(hub_command, [str(word) for word in words])
    assert done.exit_code == 0, done.output
