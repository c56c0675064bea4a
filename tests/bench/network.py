"""A network of any size and its hub, in a process of its own."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from broker.app import open_ports
from broker.service.operator import make_candidate
from broker.service.sequencer import MAX_BATCH, AcceptedAt, Commit, Sequencer
from broker.settings import HubFolder
from tests.support.hub import HubProcess
from tests.support.world import Logged, World

_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_s(pid: int) -> float:
    """Processor time of one process so far, user and system, in seconds."""
    return sum(_stat(pid)[11:13]) / _TICKS


def tree_cpu_s(pid: int) -> float:
    """Processor time so far of a process and all that it started, in seconds.

    What has ended is counted too, as soon as its parent has waited for it: the kernel then adds
    its time to the parent's, so that nothing is lost and nothing is counted twice.
    """
    return sum(sum(_stat(each)[11:15]) for each in tree_of(pid)) / _TICKS


def tree_of(pid: int) -> list[int]:
    """A process and all that descends from it, as far as it lives."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(FileNotFoundError, ProcessLookupError):  # ended while we looked
            children.setdefault(_stat(int(folder.name))[1], []).append(int(folder.name))
    found = [pid]
    for parent in found:
        found += children.get(parent, [])
    return found


def _stat(pid: int) -> list[int]:
    """The numbers of proc(5) ``stat`` after the name; the letter of the state reads as zero."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return [0, *map(int, fields[1:])]


def memory_kib(pid: int) -> int:
    """Memory of a process, what it shares counted by its part (PSS)."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    raise AssertionError("the kernel does not say")


def tree_memory_kib(pid: int) -> int:
    """Memory of a process and all that it started, what is shared counted once."""
    return sum(memory_kib(each) for each in tree_of(pid))


class Bench:
    """A network and the hub that serves it.

    Args:
        world: the network with everybody's keys.
        hub: its process, started.
    """

    def __init__(self, world: World, hub: HubProcess) -> None:
        self.world = world
        self.hub = hub

    @property
    def pid(self) -> int:
        """Of the hub."""
        assert self.hub.process is not None
        return self.hub.process.pid

    @property
    def size(self) -> int:
        """Leaves in the ledger before anybody has sent anything."""
        return len(self.world.log)

    def token(self, member: str, use: str = "exchange") -> str:
        """A session token: for a member's only seat, or to read."""
        self.world.time_ms = int(time.time() * 1000)
        return self.world.token(member, use, hub=self.hub.origin)


VERIFIERS = min(4, (os.cpu_count() or 1) - 1)
"""As many as ``serai-hub init`` would set."""


def make_bench(folder: Path, members: Sequence[str], *, officers: bool = False, **settings: str | int) -> Bench:
    """A network of these members, each with an officer ``DUTY-1`` or without, and its hub, not started.

    Args:
        folder: a new one is made in it; it should be on a disk.
        members: addresses.
        officers: whether members have an officer.
        settings: more of ``hub.toml``.
    """
    world = World(())
    hub = HubProcess.make(folder / "hub", world, verifiers=VERIFIERS, **settings)
    for member in members:
        world.enrol(member)
    for member in members if officers else ():
        world.enrol(f"{member}/DUTY-1")
    world.time_ms = int(time.time() * 1000)
    admit_log(hub.folder, world.log[1 : 1 + len(members)], world.log[1 + len(members) :])
    return Bench(world, hub)


@contextmanager
def bench(folder: Path, members: Sequence[str], *, officers: bool = False) -> Iterator[Bench]:
    """A network as `make_bench` makes it, its hub at work."""
    made = make_bench(folder, members, officers=officers)
    made.hub.start()
    try:
        yield made
    finally:
        made.hub.stop()


def admit_log(folder: HubFolder, *waves: Sequence[Logged]) -> None:
    """Admit credentials, many in each commit; a wave certifies the next."""
    settings = folder.read_settings()
    with open_ports(folder, settings) as ports:
        sequencer = Sequencer(ports.store, ports.register, ports.signer, ports.clock, settings.network, lambda _: None)
        directory = sequencer.load().directory
        for wave in waves:
            for start in range(0, len(wave), MAX_BATCH):
                part = wave[start : start + MAX_BATCH]
                commit = sequencer.take_turn([make_candidate(each.text, directory, lambda _: None) for each in part])
                assert isinstance(commit, Commit), commit.fault
                assert all(isinstance(verdict, AcceptedAt) for verdict in commit.verdicts), commit.verdicts
                directory = commit.directory
