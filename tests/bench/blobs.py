"""The workload ``blob``: attachments up and down, and what the members of ``w1b`` feel of them.

``python -m tests.bench.blobs PORT SIZE WAY`` moves blobs until its input ends: a token in the first line of its input,
the name of the blob that comes down in the second; at the end it prints bytes and seconds.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from schemas.blobs import BlobSealer
from schemas.encoding import encode_base64url
from tests.bench.latency import Latency
from tests.bench.measure import Result, Scale
from tests.bench.members import finish, open_all
from tests.bench.network import Bench, bench, tree_memory_kib
from tests.bench.workloads import SEVEN
from tests.support.blobs import Blob, submit

SENDER, READER = "KZ/UNIT-1", "KZ/UNIT-2"
PIECE: Final = 1 << 18


async def blob(scale: Scale, folder: Path, stacks: Path | None = None) -> Result:
    """One upload after the other, then one fetch after the other, beside 200 alerts a second."""
    each_s, size = scale.seconds / 3, scale.blob
    with bench(folder, (*SEVEN, SENDER, READER), officers=True) as network:
        sent = await asyncio.to_thread(_prepare, network, size)
        victims = Latency(network, SEVEN, scale.warm_s + 3 * each_s)
        await open_all(victims.members)
        await victims.measure(scale.warm_s)
        quiet = await victims.measure(each_s)
        line: dict[str, Any] = {"quiet_p99_ms": quiet.ms(0.99)}
        before_kib, most_kib = tree_memory_kib(network.pid), 0
        for way, iss, use in (("up", SENDER, "store"), ("down", READER, "read")):
            with _moving(network, way, size, network.token(iss, use), sent.name) as moved:
                took = await victims.measure(each_s)
                most_kib = max(most_kib, tree_memory_kib(network.pid))
            line |= {f"{way}_mb_per_s": moved["mb_per_s"], f"{way}_p99_ms": took.ms(0.99)}
        line["grown_mib"] = round((most_kib - before_kib) / 1024, 1)
        facts = finish(network, victims.members)
    return Result(line, {"blob_mib": size >> 20, **facts})


def _prepare(network: Bench, size: int) -> Blob:
    """A blob that the reader may fetch."""
    made = make_blob(size)
    _put(network.hub.port, network.token(SENDER, "store"), made)
    sent = network.world.dispatch(SENDER, [READER], attachments=[made.claim])
    answer = asyncio.run(submit(network.hub.origin, network.token(SENDER), sent))
    assert answer["type"] == "accepted", answer
    return made


def make_blob(size: int) -> Blob:
    """A blob that nobody has."""
    sealer = BlobSealer(os.urandom(32), size)
    data = b"".join(sealer.seal(bytes(1 << 16) for _ in range(size >> 16)))
    return Blob(data, encode_base64url(sealer.blob_digest), sealer.padded_bytes)


@contextmanager
def _moving(network: Bench, way: str, size: int, token: str, name: str) -> Iterator[dict[str, float]]:
    """Blobs are moved by a process of their own, as long as the block lasts."""
    command = [sys.executable, "-m", "tests.bench.blobs", str(network.hub.port), str(size), way]
    moved: dict[str, float] = {}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        print(token, name, sep="\n", file=process.stdin, flush=True)
        process.stdout.readline()
        try:
            yield moved
        finally:
            process.stdin.close()
            said = json.loads(process.stdout.readline())
            process.wait(60)
            moved["mb_per_s"] = round(said["bytes"] / said["seconds"] / 1e6, 1)


def _put(port: int, token: str, made: Blob) -> None:
    size = len(made.data)
    headers = {"Authorization": f"Bearer {token}", "Content-Range": f"bytes 0-{size - 1}/{size}"}
    _ask(port, "PUT", made.name, headers, made.data)


def _ask(port: int, method: str, name: str, headers: dict[str, str], body: bytes | None = None) -> int:
    """Bytes of the answer's body, which are not kept."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.request(method, f"/v1/blobs/{name}", body, headers)
        answer = connection.getresponse()
        assert answer.status in (200, 204), (answer.status, answer.read())
        count = 0
        while piece := answer.read(PIECE):
            count += len(piece)
    finally:
        connection.close()
    return count


def main(port: int, size: int, way: str) -> None:
    """Move blobs until the input ends, one at least."""
    token, name = (sys.stdin.readline().strip() for _ in range(2))
    print("begun", flush=True)
    count, seconds = 0, 0.0
    while not count or not select.select([sys.stdin], [], [], 0)[0]:
        made = make_blob(size) if way == "up" else None
        start = time.perf_counter()
        if made is not None:
            _put(port, token, made)
            count += len(made.data)
        else:
            count += _ask(port, "GET", name, {"Authorization": f"Bearer {token}"})
        seconds += time.perf_counter() - start
    print(json.dumps({"bytes": count, "seconds": seconds}), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
