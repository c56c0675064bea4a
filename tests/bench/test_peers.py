"""The rigs of the peers, as far as they need no server: counting, refusing, medians, what is told of it."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.bench.measure import QUICK
from tests.bench.peers.__main__ import main, medians
from tests.bench.peers.report import caption, draw, median_line, table
from tests.bench.peers.servers import MissingServerError, ServerError, find_program, free_port, serve
from tests.bench.peers.streams import entries_of
from tests.bench.peers.traffic import Line, Parcel, Parcels, Take, Tally, make_parcels, number_of
from tests.bench.peers.workloads import WORKLOADS, measure
from tests.bench.workloads import SEVEN

KEYS = {
    "w1": ["accepted_per_s", "deliveries_per_s", "hub_us_per_alert"],
    "w1b": ["p50_ms", "p99_ms", "max_ms"],
    "w3": ["drained_per_s"],
}
LINES = [
    {"workload": "w1", "system": system, "accepted_per_s": rate, "deliveries_per_s": 6 * rate, "hub_us_per_alert": 9.0}
    for system, rate in [
        ("serai", 10.0),
        ("redis", 7.0),
        ("serai", 30.0),
        ("redis", 8.0),
        ("serai", 20.0),
        ("redis", 9.0),
    ]
]


class Memory:
    """A peer that keeps everything in this process.

    Args:
        times: how often it delivers each alert.
    """

    def __init__(self, times: int = 1) -> None:
        self._times = times
        self._queues: dict[str, list[bytes]] = {}
        self._takers: dict[str, Take] = {}

    def describe(self) -> str:
        """Say what it is."""
        return "memory"

    @contextmanager
    def serve(self, folder: Path) -> Iterator[int]:
        """This process is the server."""
        yield os.getpid()

    async def prepare(self, names: Sequence[str]) -> None:
        """Make empty queues."""
        self._queues = {name: [] for name in names}

    async def connect(self, name: str, take: Take | None, tasks: asyncio.TaskGroup) -> Line:
        """Deliver from now on, first what waits."""
        if take is not None:
            self._takers[name] = take
            self._deliver(name)
        return self

    async def send(self, parcel: Parcel, to: Sequence[str]) -> None:
        """Keep it for each, and deliver."""
        await asyncio.sleep(0.001)
        for name in to:
            self._queues[name].append(parcel.whole)
            self._deliver(name)

    def _deliver(self, name: str) -> None:
        if name in self._takers:
            for data in self._queues[name] * self._times:
                self._takers[name](data)
            self._queues[name] = []

    async def close(self) -> None:
        """Nothing to end."""


# Workloads


@pytest.mark.parametrize("name", list(WORKLOADS))
async def test_a_workload_of_a_peer_says_what_the_hubs_own_says(name: str, tmp_path: Path) -> None:
    """Each workload runs through a peer, loses nothing, and gives the keys of the workload of the same name."""
    result = await measure(Memory(), name, QUICK, tmp_path)
    assert list(result.line) == ["workload", *KEYS[name]]
    assert result.more["lost"] == 0
    assert result.more["accepted"] > 0


async def test_a_peer_that_delivers_twice_gives_no_number(tmp_path: Path) -> None:
    """What comes twice ends the run with an error."""
    with pytest.raises(AssertionError, match="twice"):
        await measure(Memory(times=2), "w3", QUICK, tmp_path)


@pytest.mark.parametrize("came", [[1], [1, 2, 2], [1, 2, 3]])
def test_what_is_lost_doubled_or_unasked_gives_no_number(came: list[int]) -> None:
    """A recipient that did not get exactly what was accepted for it, once, is an error."""
    tally = Tally()
    tally.due["a"] = [1, 2]
    take = tally.taker("a")
    for number in came:
        take(b"%012d rest" % number)
    with pytest.raises(AssertionError, match="a: "):
        tally.check()


async def test_senders_pause_while_recipients_are_behind() -> None:
    """With a backlog of 12 copies to six each, three alerts go out; the next only after half has come."""
    tally, (parcels,) = Tally(12), make_parcels(SEVEN[:1])
    peer = Memory()
    await peer.prepare(parcels.to)
    takers = [tally.taker(queue) for queue in parcels.to]
    async with asyncio.timeout(60), asyncio.TaskGroup() as tasks:
        sending = tasks.create_task(tally.keep_sending(peer, parcels, iter(range(4))))
        while tally.outstanding < 18:  # noqa: ASYNC110 - the sender has no event for what it does not do
            await asyncio.sleep(0.01)
        for take in takers:
            take(b"%012d" % 1)
        await asyncio.sleep(0)
        assert (tally.accepted, tally.outstanding, sending.done()) == (3, 12, False)
        for take in takers:
            take(b"%012d" % 2)
    assert tally.accepted == 4


def test_a_parcel_is_a_dispatch_with_a_number_in_front() -> None:
    """The whole has an entry for each of six recipients and the sender, one recipient's part has one."""
    (parcels,) = make_parcels(SEVEN[:1])
    assert isinstance(parcels, Parcels)
    first, second = parcels.next(), parcels.next()
    assert [number_of(each) for each in (first.whole, first.own, second.own)] == [1, 1, 2]
    entries = [len(json.loads(data[12:])["sealed"]["recipients"]) for data in (first.whole, first.own)]
    assert entries == [7, 1]
    assert len(first.whole) > 2 * len(first.own) > 8_000


@pytest.mark.parametrize(
    "answer",
    [
        {b"s": [[(b"1-0", {b"p": b"a"}), (b"2-0", {b"p": b"b"})]]},
        {b"s": [(b"1-0", {b"p": b"a"}), (b"2-0", {b"p": b"b"})]},
        [[b"s", [(b"1-0", {b"p": b"a"}), (b"2-0", {b"p": b"b"})]]],
    ],
)
def test_entries_are_found_in_every_shape_of_an_answer(answer: object) -> None:
    """Both protocol versions of Redis lead to the same entries, and an empty answer to none."""
    assert list(entries_of(answer)) == [(b"1-0", {b"p": b"a"}), (b"2-0", {b"p": b"b"})]
    assert list(itertools.chain(entries_of({}), entries_of([]), entries_of(None))) == []


# Servers


def test_a_missing_server_ends_the_run_before_it_begins() -> None:
    """Where nothing is installed: a line for each server with a hint, exit code 2, not one measurement."""
    command = [sys.executable, "-m", "tests.bench.peers", "--quick"]
    run = subprocess.run(
        command, env={"PATH": os.devnull}, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )
    assert run.returncode == 2, run.stderr
    assert run.stdout == ""
    rabbit, redis = run.stderr.splitlines()
    assert rabbit.endswith("is not installed; try: apt-get install -y rabbitmq-server")
    assert redis == "redis-server is not installed; try: apt-get install -y redis-server"


def test_a_program_is_found_where_its_package_puts_it(tmp_path: Path) -> None:
    """A pattern finds the program below the root; without it the error names program and package."""
    with pytest.raises(MissingServerError, match=r"x-server .* apt-get install -y x-package"):
        find_program("x-server", "x-package", "usr/lib/x-*/x-server", tmp_path)
    program = tmp_path / "usr/lib/x-3.1/x-server"
    program.parent.mkdir(parents=True)
    program.touch()
    assert find_program("x-server", "x-package", "usr/lib/x-*/x-server", tmp_path) == str(program)


def test_a_server_is_ended_with_its_block(tmp_path: Path) -> None:
    """A server lives as long as the block, also when the block fails."""
    port = free_port()
    command = [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", str(port)]
    seen: list[int | bool] = []
    with suppress(KeyError), serve(command, tmp_path, port) as pid:
        seen += [pid, Path(f"/proc/{pid}").exists()]
        raise KeyError
    assert seen[1] is True
    assert not Path(f"/proc/{seen[0]}").exists()


def test_a_server_that_does_not_start_says_why(tmp_path: Path) -> None:
    """The error carries what the server wrote last."""
    command = [sys.executable, "-c", "raise SystemExit('no ' + 'room')"]
    with pytest.raises(ServerError, match="no room"), serve(command, tmp_path, free_port()):
        raise AssertionError("it does not get here")


def test_an_unknown_system_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """A system that is not known is named, and nothing runs."""
    with pytest.raises(SystemExit):
        main(["pigeons"])
    assert "no such system: pigeons" in capsys.readouterr().err


# Reports


def test_the_median_of_each_number_is_kept() -> None:
    """Lines of several rounds become one, with the same keys in the same order."""
    (serai, redis) = (line for line in (median_line(LINES[0::2]), median_line(LINES[1::2])))
    assert list(serai) == list(LINES[0])
    assert (serai["accepted_per_s"], redis["accepted_per_s"]) == (20.0, 8.0)
    assert (serai["workload"], serai["system"]) == ("w1", "serai")


@pytest.mark.parametrize("rounds", [[], [{"a": 1}, {"b": 1}], [{"system": "x"}, {"system": "y"}]])
def test_unlike_lines_have_no_median(rounds: list[dict[str, object]]) -> None:
    """No line, other keys, or another system: an error."""
    with pytest.raises(ValueError, match=r"rounds|kind"):
        median_line(rounds)


def test_a_line_for_each_workload_and_system(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rounds of two systems become a line each."""
    monkeypatch.setattr("tests.bench.peers.__main__.WORKLOADS", {"w1": None})
    assert [(line["system"], line["accepted_per_s"]) for line in medians(LINES, ["serai", "redis"])] == [
        ("serai", 20.0),
        ("redis", 8.0),
    ]


def test_the_table_gives_medians_with_their_spread() -> None:
    """A row for each number that was measured, a column for each system."""
    head, _, first, *rest = table(LINES).splitlines()
    assert head == "| measured | serai | redis |"
    assert first == "| w1: alerts accepted, per second | 20 (10 to 30) | 8 (7 to 9) |"
    assert len(rest) == 2


def test_the_figure_says_that_peers_verify_nothing_and_when_the_machine_was_busy() -> None:
    """The caption says what the peers leave out, what was measured, and warns of a busy machine."""
    quiet, busy = (caption({"redis": "Redis 7"}, 3, load) for load in (0.1, 2.0))
    assert "peers verify nothing" in quiet
    assert "redis: Redis 7" in quiet
    assert "busy" not in quiet
    assert "load average 2.0" in busy
    assert "peers verify nothing" in draw(LINES[:2], {}, 1, 0.0)
