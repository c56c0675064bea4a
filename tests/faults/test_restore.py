"""A restored backup: through the root-signed epoch, with members offering again what they hold (PROTOCOL 8)."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from broker.app import open_ports
from broker.cli.commands import hub as hub_command
from broker.settings import HubFolder
from clients.focalpoint import FocalPoint
from clients.keys.keystore import CHEAP, Keys
from clients.keys.root import Stamp, sign_later_epoch
from clients.store import OutState, Store
from schemas.addresses import Address
from schemas.claims import NetworkDocument
from schemas.encoding import decode_digest
from schemas.errors import Code
from tests.support.crash import MortalHub
from tests.support.faulty import Fault, register_faults
from tests.support.harbour import (
    check_folder,
    check_points,
    is_told,
    make_stores,
    note_told,
    points_at,
    send,
    showing,
    talk,
)
from tests.support.history import History
from tests.support.refusals import refused
from tests.support.world import AZ, KZ, TJ, UZ, Party, World

TIMEOUT_S = 120.0


def run(*words: str | Path) -> Result:
    """A command of ``serai-hub``."""
    return CliRunner().invoke(hub_command, [str(word) for word in words])


def sign_epoch(world: World, need: dict[str, Any], before: str) -> str:
    """What the root signs once it has looked at what the hub says it needs."""
    document = NetworkDocument.model_validate(world.document())
    at = (need["index"], decode_digest(need["root"]))
    stamp = Stamp(int(time.time() * 1000), os.urandom(10))
    return sign_later_epoch(before, document, world.root, at, need["last"], stamp)


def restore(folder: HubFolder, backup: Path, world: World, path: Path, before: str) -> int:
    """Put the backup back, let the root sign, begin the epoch; gives its place."""
    first = run("restore", folder.path, backup)
    assert first.exit_code == 1
    assert Code.INCONSISTENT_LEDGER.value in first.stderr
    assert Code.INCONSISTENT_LEDGER.value in run("serve", folder.path).stderr
    need = json.loads(first.stdout)["needs_epoch"]
    file = path / "epoch"
    file.write_text(sign_epoch(world, need, before))
    second = run("restore", folder.path, backup, "--epoch", file)
    assert second.exit_code == 0, second
    assert json.loads(second.stdout)["index"] == need["index"]
    return int(need["index"])


def check_stores(stores: dict[Address, Store], beyond: set[Address]) -> None:
    """Only who had seen more than was restored is told so; everything anybody said is accepted."""
    for member, store in stores.items():
        kinds = {alarm.kind for alarm in store.alarms.raised()}
        assert kinds == ({"epoch"} if member in beyond else set()), (member, store.alarms.raised())
        refused = [(row.draft, row.code) for row in store.outbox.all(1 << 20) if row.state is not OutState.ACCEPTED]
        assert refused == [], member


async def all_offered(points: dict[Address, FocalPoint], history: History) -> None:
    """Wait until every member has said again what it had said."""
    for point in points.values():
        store = point.state.store
        await point.until(lambda point=point, store=store: len(point.state.epochs) == 2 and is_told(store))  # type: ignore[misc]
        note_told(history, store)


def newcomer(world: World, path: Path) -> tuple[str, Store]:
    """A member that the world knows nothing of: what the root signs for it, and its store."""
    party = Party.of(AZ)
    enc = party.enc
    assert enc is not None
    folder = path / "AZ"
    folder.mkdir(mode=0o700)
    keys = Keys(world.network, AZ, os.urandom(32), (party.sig,), (enc,), {}, frozenset({party.sig.kid}))
    return world.credential(party, iat=int(time.time())), Store.create(folder / "store", keys, "toy", cost=CHEAP)


async def after_the_backup(
    points: dict[Address, FocalPoint], history: History, hub: MortalHub, path: Path, publics: list[str]
) -> str:
    """What will be missing: keys, a warning with an answer to it, receipts; gives the digest of an acknowledged one."""
    for text in publics:
        file = path / "statement"
        file.write_text(text)
        result = await asyncio.to_thread(run, "admit", hub.folder.path, file)
        assert result.exit_code == 0, result
    await talk(points, history, 2)
    digest = await send(points[KZ], history, "acknowledged", [UZ, AZ])
    await points[UZ].until(lambda: points[UZ].state.store.items.has(digest))
    await points[UZ].acknowledge(digest)
    await points[KZ].wait_answer(digest, UZ, "acknowledged")
    await points[KZ].wait_answer(digest, AZ, "received")
    return digest


async def after_the_restore(points: dict[Address, FocalPoint], history: History, digest: str) -> None:
    """Everything is offered again, and the network goes on."""
    await all_offered(points, history)
    await talk(points, history, 3)
    await points[KZ].wait_answer(digest, UZ, "acknowledged")
    await check_points(points, history)


def judge(folder: HubFolder, stores: dict[Address, Store], history: History) -> None:
    """Nothing lost, duplicated or unexpected, nothing shown twice, the whole ledger sound."""
    check_folder(folder)
    with open_ports(folder, folder.read_settings()) as ports:
        judgement = history.judge(ports.store, stores)
    assert judgement.is_clean, judgement
    assert set(history.shown.values()) == {1}


@pytest.mark.parametrize("restarted", [False, True], ids=["clients-run-on", "clients-restarted"])
async def test_a_restored_backup(hub: MortalHub, world: World, tmp_path: Path, restarted: bool) -> None:
    """What members hold comes back after a restore: nothing is lost, nothing twice, nothing shown twice.

    That goes for answers to what others must offer first, for a member that was certified after the
    backup, for a key that was revoked after it, and for a member that was away all the time.
    """
    history, backup = History(), tmp_path / "backup"
    everybody = make_stores(tmp_path, world)
    credential, everybody[AZ] = newcomer(world, tmp_path)
    revoked = world.party(f"{TJ}/DUTY-1")
    at_work = {member: everybody[member] for member in (KZ, UZ, AZ)}
    await asyncio.to_thread(hub.start)
    async with asyncio.timeout(TIMEOUT_S), AsyncExitStack() as stack:
        points = await stack.enter_async_context(points_at(hub.origin, at_work))
        await stack.enter_async_context(showing(points, history))
        await points[KZ].wait_live()
        async with points_at(hub.origin, {TJ: everybody[TJ]}) as away:
            await away[TJ].wait_live()
        assert run("backup", hub.folder.path, backup).exit_code == 0
        publics = [credential, world.revocation(revoked)]
        digest = await after_the_backup(points, history, hub, tmp_path, publics)
        hub.kill()
        await asyncio.to_thread(restore, hub.folder, backup, world, tmp_path, world.log[0].text)
        if restarted:
            await stack.aclose()
            points = await stack.enter_async_context(points_at(hub.origin, at_work))
            await stack.enter_async_context(showing(points, history))
        await asyncio.to_thread(hub.start)
        points |= await stack.enter_async_context(points_at(hub.origin, {TJ: everybody[TJ]}))
        await after_the_restore(points, history, digest)
        with refused(Code.CREDENTIAL_REVOKED):
            points[KZ].state.directory.holder(revoked.sig.kid, points[KZ].state.place)
    hub.stop()
    judge(hub.folder, everybody, history)
    check_stores(everybody, {KZ, UZ, AZ})


def test_killed_while_the_epoch_begins(folder: HubFolder, template: Path, world: World, tmp_path: Path) -> None:
    """An epoch whose commit was not followed by the register is finished by saying it again."""
    copy = Path(shutil.copytree(template, tmp_path / "copy"))
    assert run("suspend", folder.path, KZ).exit_code == 0
    need = json.loads(run("restore", folder.path, copy).stdout)["needs_epoch"]
    file = tmp_path / "epoch"
    file.write_text(sign_epoch(world, need, world.log[0].text))
    with register_faults(Fault("register", persisted=False, armed=True)):
        assert run("restore", folder.path, copy, "--epoch", file).exit_code == 1
    assert Code.INCONSISTENT_LEDGER.value in run("serve", folder.path).stderr
    assert "this epoch has begun" in run("restore", folder.path, copy, "--epoch", file).stderr
    assert check_folder(folder).epoch == 1
