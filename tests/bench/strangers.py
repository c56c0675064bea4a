"""The workload ``strangers``: what members feel of those who flood the hub with no token, or with a bad use of one."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from tests.bench.floods import FLOODS
from tests.bench.latency import Latency
from tests.bench.measure import Result, Scale
from tests.bench.members import finish, open_all
from tests.bench.network import Bench, make_bench, tree_memory_kib
from tests.bench.workloads import SEVEN
from tests.support.tls import certificate

_ATTACKER: Final = SEVEN[6]
_TOKENS: Final = 24
_HANDSHAKES: Final = ("silent", "handshakes")


async def strangers(scale: Scale, folder: Path, stacks: Path | None = None) -> Result:
    """The members of ``w1b`` in quiet and beside each flood in turn; the hub's memory and log as they grow."""
    line: dict[str, Any] = {}
    more: dict[str, Any] = {}
    plain = {name: name for name in FLOODS}
    handshakes = dict([_HANDSHAKES])
    chain, key = await asyncio.to_thread(certificate, folder)
    for name, floods, settings in (
        ("plain", plain, {}),
        ("tls", handshakes, {"certificate": str(chain), "private_key": str(key)}),
    ):
        with _served(folder / name, settings) as network:
            found = await _beside(network, floods, scale)
        more[name] = found.pop("facts")
        line |= {f"{key}_tls" if key in line else key: value for key, value in found.items()}
    return Result(line, more)


@contextmanager
def _served(folder: Path, settings: dict[str, str]) -> Iterator[Bench]:
    folder.mkdir()
    network = make_bench(folder, SEVEN, officers=True, **settings)
    network.hub.start()
    try:
        yield network
    finally:
        network.hub.stop()


async def _beside(network: Bench, floods: dict[str, str], scale: Scale) -> dict[str, Any]:
    """For each flood its 99th percentile beside the quiet one of the same minute, in ms."""
    each_s = scale.seconds / 3
    victims = Latency(network, SEVEN, scale.warm_s + each_s * (len(floods) + 1))
    await open_all(victims.members)
    await victims.measure(scale.warm_s)
    log = network.hub.folder.path / "log"
    unlogged = log.stat().st_size
    quiet = await victims.measure(each_s)
    found: dict[str, Any] = {"quiet_p99_ms": quiet.ms(0.99)}
    before_kib, most_kib, logged = tree_memory_kib(network.pid), 0, log.stat().st_size
    for kind, name in floods.items():
        with _flood(network, kind):
            took = await victims.measure(each_s)
            most_kib = max(most_kib, tree_memory_kib(network.pid))
        found[f"{name}_p99_ms"] = took.ms(0.99)
    found["grown_mib"] = round((most_kib - before_kib) / 1024, 1)
    of_members = (logged - unlogged) * len(floods)
    found["logged_kib"] = round((log.stat().st_size - logged - of_members) / 1024, 1)
    return {**found, "facts": finish(network, victims.members)}


@contextmanager
def _flood(network: Bench, kind: str) -> Iterator[None]:
    """Somebody floods the hub from a process of his own, as long as the block lasts."""
    command = [sys.executable, "-m", "tests.bench.floods", kind, str(network.hub.port)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        print(*_tokens(network), file=process.stdin, flush=True)
        process.stdout.readline()
        try:
            yield
        finally:
            process.stdin.close()
            process.wait(20)


def _tokens(network: Bench) -> Sequence[str]:
    """Good tokens of one member for many seats."""
    network.world.time_ms = int(time.time() * 1000)
    return [network.world.token(_ATTACKER, hub=network.hub.origin, seat=f"flood-{each}") for each in range(_TOKENS)]
