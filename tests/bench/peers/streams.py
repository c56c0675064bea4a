"""Redis Streams: one stream for each recipient, every write synced to the append-only file.

A sender writes what is waiting as one transaction. A recipient reads as one of a consumer group,
then acknowledges and deletes. As a copy for each recipient is stored, it is only what that
recipient needs: the cover, the content, its own entry.
"""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from redis.asyncio import Redis

from tests.bench.peers.servers import LOOPBACK, find_program, free_port, serve
from tests.bench.peers.traffic import Parcel, Take

_GROUP = "hub"
_TOGETHER = 64
_READ = 100
_BLOCK_MS = 200


class _Sending(NamedTuple):
    """An alert on its way."""

    parcel: Parcel
    to: Sequence[str]
    done: asyncio.Future[None]


class Streams:
    """One server of its own."""

    def __init__(self) -> None:
        self._port = 0

    def describe(self) -> str:
        """Version and settings.

        Raises:
            MissingServerError: the server is not installed.
        """
        program = find_program("redis-server", "redis-server")
        said = subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout
        return f"Redis {said.partition('v=')[2].split()[0]}, appendonly yes, appendfsync always"

    @contextmanager
    def serve(self, folder: Path) -> Iterator[int]:
        """The server at work; gives its process id."""
        self._port = free_port()
        place = ["--bind", LOOPBACK, "--port", str(self._port), "--dir", str(folder)]
        durable = ["--appendonly", "yes", "--appendfsync", "always", "--save", ""]
        with serve([find_program("redis-server", "redis-server"), *place, *durable], folder, self._port) as pid:
            yield pid

    async def prepare(self, names: Sequence[str]) -> None:
        """Make a stream with its group for each of these."""
        async with self._dial() as client:
            for name in names:
                await client.xgroup_create(name, _GROUP, id="0", mkstream=True)

    async def connect(self, name: str, take: Take | None, tasks: asyncio.TaskGroup) -> Line:
        """A connection that sends, and one that takes what comes for ``name``, unless ``take`` is ``None``."""
        line = Line()
        tasks.create_task(line.keep_writing(self._dial()))
        if take is not None:
            tasks.create_task(line.keep_reading(self._dial(), name, take))
        return line

    def _dial(self) -> Redis:
        return Redis(host=LOOPBACK, port=self._port, single_connection_client=True)


class Line:
    """What one member holds: a connection to send on, perhaps one to take from."""

    def __init__(self) -> None:
        self._open = True
        self._waiting: asyncio.Queue[_Sending | None] = asyncio.Queue()

    async def send(self, parcel: Parcel, to: Sequence[str]) -> None:
        """Write, and wait until it is synced."""
        sending = _Sending(parcel, to, asyncio.get_running_loop().create_future())
        self._waiting.put_nowait(sending)
        await sending.done

    async def close(self) -> None:
        """Let both connections end."""
        self._open = False
        self._waiting.put_nowait(None)

    async def keep_writing(self, client: Redis) -> None:
        """Write what is waiting, as one transaction, until closed."""
        async with client:
            while (first := await self._waiting.get()) is not None:
                batch = [first, *self._more()]
                pipe = client.pipeline(transaction=True)
                for sending in batch:
                    for name in sending.to:
                        _ = pipe.xadd(name, {"p": sending.parcel.own})
                await pipe.execute()
                for sending in batch:
                    sending.done.set_result(None)

    def _more(self) -> Iterator[_Sending]:
        for _ in range(min(_TOGETHER - 1, self._waiting.qsize())):
            if (sending := self._waiting.get_nowait()) is None:
                self._waiting.put_nowait(None)
                return
            yield sending

    async def keep_reading(self, client: Redis, name: str, take: Take) -> None:
        """Take what comes, acknowledge and delete together what was read together, until closed."""
        async with client:
            while self._open:
                answer: Any = await client.xreadgroup(_GROUP, "one", {name: ">"}, count=_READ, block=_BLOCK_MS)
                ids = []
                for identity, fields in entries_of(answer):
                    take(fields[b"p"])
                    ids.append(identity)
                if ids:
                    pipe = client.pipeline(transaction=True)
                    _ = pipe.xack(name, _GROUP, *ids)
                    _ = pipe.xdel(name, *ids)
                    await pipe.execute()


def entries_of(answer: Any) -> Iterator[tuple[bytes, dict[bytes, bytes]]]:
    """The entries in an answer to ``XREADGROUP`` on one stream, however the client library shapes it."""
    parts = answer.values() if isinstance(answer, dict) else [part for _, part in answer or ()]
    for part in parts:
        for entry in part:
            if isinstance(entry[0], bytes):
                yield entry[0], entry[1]
            else:
                yield from ((each[0], each[1]) for each in entry)
