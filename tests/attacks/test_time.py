"""Time as a weapon: a hub whose clock is wrong or is moved, and a hub that lies about it (PROTOCOL 8)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from broker.adapters.life import FileLifeRecord
from broker.app import make_hub, open_ports
from broker.core.timekeeping import ClockWarning, SignOfLife
from broker.service.hub import Hub
from broker.service.operator import make_suspension
from broker.service.sequencer import AcceptedAt, Verdict
from broker.service.timekeeper import Timekeeper
from broker.settings import HubFolder
from clients.system import Clock
from schemas import limits
from schemas.addresses import Address
from schemas.errors import SeraiError
from tests.attacks.arena import make_empty_folder
from tests.attacks.desks import alarms, audited, dispatched, open_desk
from tests.support.desk import Desk
from tests.support.dial import DAY, HOUR, MINUTE, YEAR, Dial
from tests.support.hub import admit_public
from tests.support.lying_hub import LyingHub
from tests.support.world import KZ, RU, UZ, World
from tests.unit.broker.edges import candidate


class Machine:
    """The machine of a hub: its folder, and a clock that the attacker turns.

    Attributes:
        dial: the clock.
    """

    def __init__(self, folder: HubFolder, world: World) -> None:
        self.folder = folder
        self.world = world
        self.dial = Dial(world.time_ms)
        FileLifeRecord(folder.alive).write(SignOfLife(world.time_ms, 0))

    @contextmanager
    def started(self) -> Iterator[Hub]:
        """The hub, started by this clock; it leaves a sign of life if it may."""
        settings = self.folder.read_settings()
        with open_ports(self.folder, settings) as opened:
            clock = Timekeeper(self.dial, FileLifeRecord(self.folder.alive), opened.store.head().accepted_at)
            ports: Any = replace(opened, clock=clock)
            if not opened.store.head().size:
                admit_public(ports, self.world)
            hub = make_hub(ports, settings)
            hub.load()
            hub.clock_watch.leave_sign()
            yield hub

    def size(self) -> int:
        """Leaves on disk."""
        with open_ports(self.folder, self.folder.read_settings()) as ports:
            return ports.store.head().size


@pytest.fixture
def machine(tmp_path: Path, world: World) -> Machine:
    """A hub that was at work a moment ago, and owes its member an event when five minutes have passed."""
    made = Machine(make_empty_folder(tmp_path / "hub", world), world)
    with made.started() as hub:
        sent = world.dispatch(KZ, [UZ], precedence="flash")
        assert append(hub, sent) == "accepted"
    return made


def append(hub: Hub, sent: Any = None) -> str:
    """Let the hub take a turn with a dispatch, or a suspension; ``accepted``, or the code of the refusal."""
    verdicts: list[Verdict] = []
    make = make_suspension(Address(RU), verdicts.append) if sent is None else candidate(hub, sent, verdicts.append)
    verdict = hub.sequencer.take_turn([make]).verdicts[0]
    return "accepted" if isinstance(verdict, AcceptedAt) else verdict.code.value


def enters(hub: Hub, world: World) -> str:
    """Use a token of the right time for reading; ``welcome``, or the code with which it is turned away."""
    try:
        hub.admit_reader(world.token(KZ, use="read"))
    except SeraiError as error:
        return error.code.value
    return "welcome"


@pytest.mark.parametrize("ahead_ms", [DAY, 8 * DAY, 3 * YEAR])
def test_start_with_a_clock_that_is_ahead(machine: Machine, world: World, ahead_ms: int) -> None:
    """One start years ahead does not make everything expired: nothing is appended, not even what has fallen due."""
    size = machine.size()
    machine.dial.wall_ms += ahead_ms
    with machine.started() as hub:
        assert (append(hub), enters(hub, world), hub.time_ms()) == ("hub_not_ready", "hub_not_ready", None)
    assert machine.size() == size


@pytest.mark.parametrize("behind_ms", [MINUTE, HOUR, YEAR])
def test_start_with_a_clock_that_is_behind(machine: Machine, world: World, behind_ms: int) -> None:
    """What has expired does not come to life again when the clock is turned back."""
    size = machine.size()
    world.wait(HOUR / 1000)
    with machine.started() as hub:
        assert append(hub) == "accepted"
    machine.dial.wall_ms -= behind_ms
    with machine.started() as hub:
        assert (append(hub), enters(hub, world)) == ("hub_not_ready", "hub_not_ready")
    assert machine.size() == size + 1


def test_start_that_vouches_for_the_next(machine: Machine) -> None:
    """A hub that doubts its clock leaves no sign of life, so that its second start is judged as the first was."""
    machine.dial.wall_ms += 3 * YEAR
    for _ in range(2):
        with machine.started() as hub:
            assert append(hub) == "hub_not_ready"


def test_time_service_that_lies(machine: Machine) -> None:
    """A clock that the system calls synchronised is not believed more than a week away from the last sign of life."""
    machine.dial.wall_ms += 8 * DAY
    machine.dial.synchronised = True
    with machine.started() as hub:
        assert append(hub) == "hub_not_ready"
    machine.dial.wall_ms -= 2 * DAY
    with machine.started() as hub:
        assert append(hub) == "accepted"


@pytest.mark.parametrize("step_ms", [2 * HOUR, 3 * YEAR, -3_000, -HOUR])
def test_clock_moved_while_the_hub_works(machine: Machine, world: World, step_ms: int) -> None:
    """After a step back, or forward by more than an hour, nothing is appended and nobody is let in."""
    with machine.started() as hub:
        assert append(hub) == "accepted"
        machine.dial.wall_ms += step_ms
        assert (append(hub), enters(hub, world)) == ("hub_not_ready", "hub_not_ready")
        size = hub.store.head().size
    assert machine.size() == size


def test_clock_moved_little_by_little(machine: Machine) -> None:
    """Many steps, each small enough, do not add up to more than an hour."""
    with machine.started() as hub:
        for _ in range(4):
            machine.dial.wall_ms += 15 * MINUTE
            assert append(hub) == "accepted"
        machine.dial.wall_ms += 15 * MINUTE
        assert append(hub) == "hub_not_ready"


def test_operator_who_reads_the_same_clock(machine: Machine) -> None:
    """A word that is not this machine's time, as every other clock's is then, is refused."""
    true_ms = machine.dial.wall_ms
    machine.dial.wall_ms += 3 * YEAR
    with machine.started() as hub:
        with pytest.raises(SeraiError, match="you say"):
            hub.clock.confirm(true_ms, hub.newest_ms)
        assert append(hub) == "hub_not_ready"


def test_ledger_from_the_future_under_an_old_hub(machine: Machine) -> None:
    """A database with a leaf that is years ahead, put under a hub, is noticed though the clock is right."""
    machine.dial.wall_ms += 3 * YEAR
    with machine.started() as hub:
        hub.clock.confirm(machine.dial.wall_ms, hub.newest_ms)
        assert append(hub) == "accepted"
    machine.dial.wall_ms -= 3 * YEAR
    FileLifeRecord(machine.folder.alive).write(SignOfLife(machine.dial.wall_ms, machine.dial.wall_ms))
    with machine.started() as hub:
        assert append(hub) == "hub_not_ready"


def test_tokens_that_say_another_time(machine: Machine, world: World) -> None:
    """A member that signs tokens of another time, in its own name or in others', moves no clock and warns nobody."""
    with machine.started() as hub:
        for iss in (KZ, UZ, RU):
            for _ in range(3):
                early = {"iat": world.time_s - 7_200, "exp": world.time_s - 7_140}
                with pytest.raises(SeraiError, match="token_expired"):
                    hub.admit_reader(world.token(iss, use="read", key=world.party(KZ).sig, **early))
        assert ClockWarning.DIFFERS not in hub.clock_watch.warnings()
        assert hub.time_ms() == world.time_ms


# A hub that lies about the time


@pytest.fixture
def hub(world: World) -> LyingHub:
    """A hub with three members."""
    return LyingHub(world)


@pytest.fixture
def kz(tmp_path: Path, hub: LyingHub) -> Desk:
    """The desk of KZ on a machine whose clock is right and goes on by itself, whatever the hub says."""
    desk = open_desk(tmp_path, hub, "KZ/NFP")
    machine_ms = hub.world.time_ms
    desk.state.system = replace(desk.state.system, clock=Clock(lambda: machine_ms))
    return desk


@pytest.mark.parametrize("years", [3, -1])
def test_hub_that_says_another_year(kz: Desk, years: int) -> None:
    """A client does not take over a time that is years away: an alarm, at once, and a person must look."""
    machine_ms = kz.state.system.clock.local_ms()
    kz.state.correct_clock(machine_ms + years * YEAR)
    assert kz.state.system.clock.time_ms() == machine_ms
    assert len(alarms(kz, "clock")) == 1


def test_hub_that_goes_there_day_by_day(kz: Desk) -> None:
    """Nor does it go there in steps of less than a day."""
    machine_ms = kz.state.system.clock.local_ms()
    for days in (0.9, 1.8, 2.7):
        kz.state.correct_clock(machine_ms + int(days * DAY))
    assert kz.state.system.clock.time_ms() == machine_ms + int(0.9 * DAY)
    assert len(alarms(kz, "clock")) == 2


@pytest.mark.parametrize("says", [lambda ms: ms, lambda ms: ms + 2 * HOUR], ids=["honest-welcome", "lying-welcome"])
def test_leaf_that_is_ahead(kz: Desk, hub: LyingHub, says: Callable[[int], int]) -> None:
    """A leaf more than an hour ahead is an alarm in the frame that brings it, also if the hub says that time, too."""
    kz.state.correct_clock(says(hub.world.time_ms))
    ahead_ms = hub.world.time_ms + 1000 * limits.LEAF_AHEAD_S + 1
    hub.force(dispatched(hub.world, "UZ/NFP", KZ), [KZ], accepted_at=ahead_ms)
    kz.sync()
    assert [alarm.evidence["leaf_ms"] for alarm in alarms(kz, "bad_time")] == [str(ahead_ms)]


async def test_leaf_that_is_ahead_between_others(kz: Desk, hub: LyingHub) -> None:
    """One between others is an alarm at the next audit."""
    hub.force(dispatched(hub.world, "UZ/NFP", RU), [RU], accepted_at=hub.world.time_ms + 2 * HOUR)
    kz.sync()
    assert alarms(kz, "bad_time") == []
    await audited(kz)
    assert len(alarms(kz, "bad_time")) == 1
