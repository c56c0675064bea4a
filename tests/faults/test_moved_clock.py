"""A hub, as a process of its own, whose clock is wrong at its start or is moved while it works (PROTOCOL 8)."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from broker.adapters.life import FileLifeRecord
from broker.adapters.sockets import short_address
from broker.app import open_ports
from broker.cli.commands import hub as hub_command
from broker.core.timekeeping import ClockDoubt, SignOfLife
from broker.service.timekeeper import ClockDoubted
from broker.settings import HubFolder
from clients.focalpoint import FocalPoint
from schemas.addresses import Address
from schemas.leaf import parse_leaf
from tests.support.dial import DAY, HOUR, MINUTE, YEAR
from tests.support.harbour import check_all, check_points, make_stores, points_at, showing, talk
from tests.support.history import History
from tests.support.hub import HubProcess, free_port, make_folder, reopened
from tests.support.moved import MovedClock
from tests.support.world import HUB_ORIGIN, KZ, TJ, UZ, World
from tests.unit.broker.edges import enter

TIMEOUT_S = 120.0
PATIENCE_S = 20.0


def run(*words: str | Path) -> Result:
    """A command of ``serai-hub``, by this machine's clock."""
    return CliRunner().invoke(hub_command, [str(word) for word in words])


def now_ms() -> int:
    """This machine's time, which is the right one."""
    return time.time_ns() // 1_000_000


class Moved(HubProcess):
    """A hub under a moved clock, which was last at work just now by the right time.

    Attributes:
        clock: its hands.
    """

    def __init__(self, folder: HubFolder, port: int, clock: MovedClock) -> None:
        super().__init__(folder, port)
        self.clock = clock
        self.program = clock.command("broker")
        self.life(now_ms())

    def life(self, at_ms: int) -> None:
        """Say when it was last at work."""
        FileLifeRecord(self.folder.alive).write(SignOfLife(at_ms, self.leaves()[-1]))

    @property
    def sign(self) -> bytes:
        """The last sign of life, as it is on disk."""
        return self.folder.alive.read_bytes()

    def leaves(self) -> list[int]:
        """The times of the leaves, while it does not serve."""
        with open_ports(self.folder, self.folder.read_settings()) as ports:
            store = ports.store
            return [parse_leaf(leaf).accepted_at for leaf in store.leaves(0, store.head().size)]

    async def wait(self, **facts: Any) -> dict[str, Any]:
        """Wait until it says this of itself."""
        async with asyncio.timeout(PATIENCE_S):
            while not facts.items() <= (said := await asyncio.to_thread(self.ready)).items():  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        return said

    async def ended(self) -> int:
        """Wait until it has ended by itself; gives the exit status."""
        assert self.process is not None
        return await asyncio.to_thread(self.process.wait, PATIENCE_S)


def hub_copy(template: Path, path: Path) -> Moved:
    """A hub on a copy of a folder, not yet started."""
    folder, port = HubFolder(Path(shutil.copytree(template, path / "hub"))), free_port()
    text = folder.settings_file.read_text().replace(HUB_ORIGIN, f"ws://127.0.0.1:{port}")
    folder.settings_file.write_text(text.replace("port = 0", f"port = {port}"))
    return Moved(folder, port, MovedClock.make(path / "clock"))


@pytest.fixture(scope="module")
def owing(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hub's folder with a flash dispatch that nobody has confirmed: in five minutes it owes an event."""
    folder = make_folder(tmp_path_factory.mktemp("owing") / "hub", world)
    with reopened(folder) as hub:
        world.time_ms = now_ms()
        enter(hub, world.dispatch(KZ, [UZ], precedence="flash"))
    return folder.path


@pytest.fixture
def moved(owing: Path, tmp_path: Path) -> Iterator[Moved]:
    """Such a hub, not yet started."""
    hub = hub_copy(owing, tmp_path)
    yield hub
    if hub.process is not None:
        hub.stop()


def doubt_says(doubt: str) -> str:
    """What the operator is told to do."""
    return ClockDoubted(ClockDoubt(doubt)).problem.remedy


STARTS = [
    (30 * MINUTE, False, None),
    (DAY, False, "unsynchronised"),
    (DAY, True, None),
    (8 * DAY, False, "unconfirmed"),
    (8 * DAY, True, "unconfirmed"),
    (3 * YEAR, False, "unconfirmed"),
    (3 * YEAR, True, "unconfirmed"),
    (-MINUTE, True, "catching_up"),
    (-HOUR, True, "unconfirmed"),
]


@pytest.mark.parametrize(
    ("ahead_ms", "synchronised", "doubt"),
    STARTS,
    ids=[f"{ahead_ms / HOUR:+g}h-{'synchronised' if sync else 'alone'}" for ahead_ms, sync, _ in STARTS],
)
async def test_start_with_a_clock_that_is_wrong(
    moved: Moved, ahead_ms: int, synchronised: bool, doubt: str | None
) -> None:
    """Twice in a row a hub that may not believe its clock appends nothing, lets nobody in, and leaves no sign of life.

    One that may goes on: what has fallen due by its clock is said.
    """
    before, sign = moved.leaves(), moved.sign
    moved.clock.set(ahead_ms, synchronised=synchronised)
    for _ in range(2):
        await asyncio.to_thread(moved.start, until="live")
        if doubt is None:
            await moved.wait(status="ready")
            assert moved.stop() == 0
            assert moved.sign != sign
            continue
        assert moved.ready() == {"status": "not ready", "code": "hub_not_ready", "clock": doubt}
        refused = await asyncio.to_thread(run, "suspend", moved.folder.path, TJ)
        assert (refused.exit_code, doubt_says(doubt) in refused.stderr) == (1, True)
        told = await asyncio.to_thread(run, "time", moved.folder.path)
        assert (told.exit_code, "does not believe its clock" in told.stdout) == (1, True)
        assert moved.stop() == 0
        assert (moved.leaves(), moved.sign) == (before, sign)
        assert "clock_doubted" in moved.log
    if doubt is None:
        assert len(moved.leaves()) == len(before) + (ahead_ms > 0)
        assert max(moved.leaves()) <= now_ms() + ahead_ms


async def test_start_three_seconds_behind(moved: Moved) -> None:
    """It waits until its clock has caught up, twice in a row, and no leaf is before the last sign of life."""
    moved.clock.set(-3_000)
    for count in (1, 2):
        moved.life(at_ms := now_ms())
        await asyncio.to_thread(moved.start)
        done = await asyncio.to_thread(run, "suspend", moved.folder.path, (TJ, UZ)[count - 1])
        assert done.exit_code == 0, done.stderr
        assert json.loads(done.stdout)["accepted_at"] >= at_ms
        assert moved.stop() == 0


async def test_waiting_ends_by_itself(moved: Moved, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hub that waits goes on once the system calls its clock synchronised, or has set it right; systemd is told."""
    moved.clock.set(DAY)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd, short_address(tmp_path / "notify") as address:
        systemd.bind(address)
        systemd.settimeout(PATIENCE_S)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        await asyncio.to_thread(moved.start, until="live")
        await moved.wait(clock="unsynchronised")
        moved.clock.set(DAY, synchronised=True)
        await moved.wait(status="ready")
        heard: list[bytes] = []
        while b"STATUS=serving" not in heard:
            heard.append(systemd.recv(500))
        said = [line for each in heard for line in each.split(b"\n") if line.startswith(b"STATUS=")]
        assert [line[:17] for line in said] == [b"STATUS=NOT READY:", b"STATUS=serving"]
    assert moved.stop() == 0
    moved.clock.set(DAY - 2 * HOUR)
    await asyncio.to_thread(moved.start, until="live")
    await moved.wait(clock="unconfirmed")
    moved.clock.set(DAY)
    await moved.wait(status="ready")


def said(at_ms: int) -> str:
    """What a person reads from a clock, to the minute."""
    return f"{datetime.fromtimestamp(at_ms / 1000, UTC):%Y-%m-%dT%H:%M}"


@pytest.mark.parametrize("serves", [True, False], ids=["serving", "stopped"])
async def test_the_operators_word(moved: Moved, serves: bool) -> None:
    """A hub that was away for eight days goes on when its operator says what another clock says, and not before."""
    moved.life(now_ms() - 8 * DAY)
    if serves:
        await asyncio.to_thread(moved.start, until="live")
        await moved.wait(clock="unconfirmed")
    wrong = await asyncio.to_thread(run, "time", moved.folder.path, "--confirm", said(now_ms() - HOUR))
    assert (wrong.exit_code, "If this machine's clock is wrong, set it" in wrong.stderr) == (1, True)
    right = await asyncio.to_thread(run, "time", moved.folder.path, "--confirm", said(now_ms()))
    assert (right.exit_code, "The hub believes its clock." in right.stdout) == (0, True), right
    if not serves:
        await asyncio.to_thread(moved.start)
    await moved.wait(status="ready")
    assert moved.stop() == 0
    await asyncio.to_thread(moved.start)  # it needs no second word


async def test_commands_of_a_hub_that_does_not_serve(moved: Moved) -> None:
    """They append nothing either while the clock is not believed."""
    moved.life(now_ms() - 8 * DAY)
    before = moved.leaves()
    refused = run("suspend", moved.folder.path, TJ)
    assert (refused.exit_code, "serai-hub time" in refused.stderr) == (1, True)
    assert moved.leaves() == before
    assert run("time", moved.folder.path, "--confirm", said(now_ms())).exit_code == 0
    assert run("suspend", moved.folder.path, TJ).exit_code == 0


# While it works


@asynccontextmanager
async def at_work(moved: Moved, world: World, path: Path, history: History) -> AsyncIterator[dict[Address, FocalPoint]]:
    """Focal points of every member with an application at each; all is checked after the block."""
    stores = make_stores(path, world)
    async with (
        asyncio.timeout(TIMEOUT_S),
        points_at(moved.origin, stores) as points,
        showing(points, history),
    ):
        yield points
        await check_points(points, history)
    moved.stop()
    check_all(moved.folder, stores, history)
    times = moved.leaves()
    assert times == sorted(times)


@pytest.fixture
def quiet(template: Path, tmp_path: Path) -> Iterator[Moved]:
    """A hub that owes nothing, not yet started."""
    hub = hub_copy(template, tmp_path)
    yield hub
    if hub.process is not None:
        hub.stop()


async def _talk_on(points: dict[Address, FocalPoint], history: History, stop: asyncio.Event) -> None:
    number = 100
    while not stop.is_set():
        await talk(points, history, number)
        number += 1


async def test_a_step_of_three_seconds_under_load(quiet: Moved, world: World, tmp_path: Path) -> None:
    """The hub goes on, and says so in its log and to whoever asks whether it is ready."""
    history, stop = History(), asyncio.Event()
    async with at_work(quiet, world, tmp_path, history) as points:
        await asyncio.to_thread(quiet.start)
        talking = asyncio.create_task(_talk_on(points, history, stop))
        await talk(points, history, 1)
        quiet.clock.set(3_000)
        said = await quiet.wait(status="ready", warnings=["clock_unsynchronised", "clock_stepped"])
        assert said["status"] == "ready"
        await talk(points, history, 2)
        stop.set()
        await talking
        assert quiet.process is not None
        assert quiet.process.poll() is None
    stepped = [json.loads(line) for line in quiet.log.splitlines() if '"clock_stepped"' in line]
    assert [round(each["forward_ms"], -3) for each in stepped] == [3_000]


@pytest.mark.parametrize("step_ms", [2 * HOUR, -3_000], ids=["+2h", "-3s"])
async def test_a_step_too_far_under_load(quiet: Moved, world: World, tmp_path: Path, step_ms: int) -> None:
    """The hub ends with exit status 3 before a leaf has the wrong time; started again, it goes on; nothing is lost.

    Two hours ahead it waits until the clock is right again; three seconds behind it waits that long.
    """
    history, stop = History(), asyncio.Event()
    async with at_work(quiet, world, tmp_path, history) as points:
        await asyncio.to_thread(quiet.start)
        talking = asyncio.create_task(_talk_on(points, history, stop))
        await talk(points, history, 1)
        quiet.clock.set(step_ms)
        assert await quiet.ended() == 3
        assert max(quiet.leaves()) <= now_ms()
        await asyncio.to_thread(quiet.start, until="live")
        if step_ms > 0:
            await quiet.wait(clock="unsynchronised")
            quiet.clock.set(0)
        await quiet.wait(status="ready")
        await talk(points, history, 2)
        stop.set()
        await talking
    assert max(quiet.leaves()) <= now_ms()
    assert '"turn_failed"' not in quiet.log
    assert len(quiet.log) < 100_000


async def test_a_killed_hub_whose_clock_is_set_back_meanwhile(quiet: Moved) -> None:
    """SIGKILL leaves the sign of the last minute; a clock behind the newest leaf is waited for all the same."""
    await asyncio.to_thread(quiet.start)
    done = await asyncio.to_thread(run, "suspend", quiet.folder.path, TJ)
    accepted_at = json.loads(done.stdout)["accepted_at"]
    quiet.kill()
    quiet.life(accepted_at - MINUTE)
    FileLifeRecord(quiet.folder.alive).write(SignOfLife(accepted_at - MINUTE, accepted_at - MINUTE))
    quiet.clock.set(-MINUTE)
    await asyncio.to_thread(quiet.start, until="live")
    await quiet.wait(clock="catching_up")
