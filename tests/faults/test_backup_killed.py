"""SIGKILL at each step of ``serai-hub backup``: there is a whole backup under its name, or none."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import shutil
import signal
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from broker.adapters.db.store import SqlStore
from broker.cli import backups
from broker.cli.commands import hub as hub_command
from broker.settings import HubFolder
from tests.support.blobs import LARGE, blob_of, porter, submit
from tests.support.crash import MortalHub
from tests.support.world import KZ, UZ, World

TIMEOUT_S = 120.0
BLOBS = (blob_of(), blob_of(LARGE), blob_of(500))


def run(*words: str | Path) -> tuple[int, str]:
    """A command of ``serai-hub``: its exit code, and what it says."""
    done = CliRunner().invoke(hub_command, [str(word) for word in words])
    return done.exit_code, done.output


def back_up_until(folder: Path, target: Path, passage: int) -> None:
    """Make a backup; the process kills itself before the n-th change that it makes on the disk."""
    left = [passage]

    def counted(change: Any) -> Any:
        def made(*what: Any, **how: Any) -> Any:
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)
            return change(*what, **how)

        return made

    for owner, name in ((SqlStore, "backup"), (shutil, "copy2"), (shutil, "copytree"), (backups, "_sync")):
        setattr(owner, name, counted(getattr(owner, name)))
    for name in ("rename", "replace", "mkdir"):
        setattr(Path, name, counted(getattr(Path, name)))
    backups.make_backup(HubFolder(folder), HubFolder(target))
    os._exit(0)  # nothing of the parent's is to be tidied up here


def killed(folder: Path, target: Path, passage: int) -> bool:
    """Whether the process died there; else the backup is made."""
    child = multiprocessing.get_context("fork").Process(target=back_up_until, args=(folder, target, passage))
    child.start()
    child.join(TIMEOUT_S)
    assert child.exitcode in (0, -signal.SIGKILL)
    return child.exitcode != 0


def is_whole(backup: Path, folder: Path) -> bool:
    """Whether a hub that has lost its attachments can be restored from a backup; then it lacks nothing."""
    place = backup.with_name("restored")
    shutil.copytree(folder, place, ignore=shutil.ignore_patterns("blobs"))
    try:
        if run("restore", place, backup)[0]:
            return False
        status, said = run("ledger", "check", place)
        attachments = json.loads(said.splitlines()[0])["attachments"]
        assert (status, attachments["whole"], attachments["lost"], attachments["spoilt"]) == (0, len(BLOBS), 0, 0), said
        return True
    finally:
        shutil.rmtree(place)


async def fill(hub: MortalHub, world: World) -> None:
    """Dispatches with attachments at the hub, which is stopped then."""
    await asyncio.to_thread(hub.start)
    async with asyncio.timeout(TIMEOUT_S), porter(hub.port, world, hub.origin) as hands:
        for blob in BLOBS:
            await hands.uploaded(KZ, blob)
            sent = world.dispatch(f"{KZ}/DUTY-1", [UZ], attachments=[blob.claim])
            assert (await submit(hub.origin, hands.token(f"{KZ}/DUTY-1", "exchange"), sent))["type"] == "accepted"
    hub.stop()


async def test_backup_is_whole_or_none(hub: MortalHub, world: World, tmp_path: Path) -> None:
    """Wherever it is cut, nothing can be restored from what is left, or all; the same command makes the backup then."""
    await fill(hub, world)
    await asyncio.to_thread(cut_everywhere, hub.folder.path, tmp_path)


def cut_everywhere(folder: Path, path: Path) -> None:
    """Cut a backup before each change that it makes on the disk."""
    before, target, passage, named = path / "before", path / "backup", 1, 0
    assert run("backup", folder, before)[0] == 0
    while killed(folder, target, passage):
        for left in path.glob("backup-*"):
            is_whole(left, folder)
        if target.exists():  # all that was left to do was to sync its name
            assert is_whole(target, folder)
            shutil.rmtree(target)
            named += 1
        passage += 1
    assert (passage > 15, named) == (True, 1)
    assert not list(path.glob("backup-*"))
    assert is_whole(target, folder)
    assert is_whole(before, folder)
