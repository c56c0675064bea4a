"""``python -m tests.bench.floods KIND PORT``: one stranger, or one bad member, who floods a hub of this machine.

Standard input carries the tokens that it may show, one a line, and ends when the flood is to end. It runs at the
lowest priority: in life the attacker's processor is not the hub's.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Final

from schemas.encoding import encode_base64url, encode_json
from tests.attacks.wire import CONTINUATION, PING, Wire, frame, upgrade
from tests.support.hub import resume_text

LASTS_S: Final = 60.0
"""A flood ends by itself after this time, whatever becomes of who started it."""

_GET: Final = b"GET /v1/network HTTP/1.1\r\nHost: hub\r\n"
_BAD_REQUESTS: Final = (
    b"\x16\x03\x01\x00\xee\r\n\r\n",
    b"GET /wp-login.php HTTP/1.1\r\nHost: hub\r\n\r\n",
    b"POST /v1/network HTTP/1.1\r\nHost: hub\r\nContent-Length: 100000\r\n\r\n" + b"a" * 10_000,
    _GET + b"x: y\r\n" * 200 + b"\r\n",
)
_PINGS: Final = frame(b"", PING) * 10_000
_TINY: Final = frame("{", fin=False) + frame(b" ", CONTINUATION, fin=False) * 10_000
_ACKS: Final = frame(encode_json({"type": "ack", "cursors": dict.fromkeys(("public", "urgent", "normal"), 0)})) * 1_000


class Stranger:
    """Who floods.

    Args:
        port: of the hub.
        tokens: those that it may show.
    """

    def __init__(self, port: int, tokens: list[str]) -> None:
        self._port = port
        self._tokens = tokens
        self._held: list[Wire] = []

    async def _dial(self) -> Wire:
        return Wire(*await asyncio.open_connection("127.0.0.1", self._port))

    async def _say(self, data: bytes, wait_s: float = 1.0) -> None:
        """One connection that says something, takes the answer and goes."""
        wire = await self._dial()
        wire.send(data)
        await wire.ended(wait_s)
        wire.abort()

    async def _hold(self, data: bytes) -> None:
        """One more connection that stays, as long as the hub keeps it."""
        wire = await self._dial()
        wire.send(data)
        self._held.append(wire)
        if len(self._held) > 1_000:
            self._held.pop(0).abort()

    async def pipelined(self) -> None:
        """Requests sent before the last is answered, 4 MB on a connection."""
        wire = await self._dial()
        await wire.flood((_GET + b"\r\n") * 200, 500)
        wire.abort()

    async def heads(self) -> None:
        """Half a head of many small headers, and then nothing."""
        await self._hold((_GET + b"x: y\r\n" * 10_000)[:8_000])

    async def silent(self) -> None:
        """A connection on which nothing is said, or the first byte of a TLS handshake."""
        await self._hold(b"\x16" if len(self._held) % 2 else b"")

    async def bad_tokens(self) -> None:
        """An upgrade with a token of a known key whose signature does not hold."""
        unsigned = self._tokens[0].rpartition(".")[0]
        await self._say(upgrade(f"{unsigned}.{encode_base64url(bytes(64))}"))

    async def bad_requests(self) -> None:
        """Requests that are none of the hub's."""
        await self._say(random.choice(_BAD_REQUESTS), 0.2)

    async def pings(self) -> None:
        """A member's line full of pings."""
        await self._on_line(_PINGS)

    async def tiny_frames(self) -> None:
        """A member's line full of fragments of one byte."""
        await self._on_line(_TINY)

    async def acks(self) -> None:
        """A member's line full of acks to nothing."""
        await self._on_line(_ACKS)

    async def _on_line(self, data: bytes) -> None:
        token = self._tokens.pop(0)
        self._tokens.append(token)
        wire = await self._dial()
        wire.send(upgrade(token) + frame(resume_text()))
        await wire.flood(data, 20, 2)
        wire.abort()


Flood = Callable[[Stranger], Awaitable[None]]

FLOODS: Final[Mapping[str, Flood]] = {
    "pipelined": Stranger.pipelined,
    "heads": Stranger.heads,
    "silent": Stranger.silent,
    "bad_tokens": Stranger.bad_tokens,
    "bad_requests": Stranger.bad_requests,
    "pings": Stranger.pings,
    "tiny_frames": Stranger.tiny_frames,
    "acks": Stranger.acks,
}

AT_ONCE: Final = 4


async def run(flood: Flood, port: int) -> None:
    """Flood, a few connections at a time, until standard input ends."""
    loop = asyncio.get_running_loop()
    stranger = Stranger(port, sys.stdin.readline().split())
    print("begun", flush=True)

    async def go_on() -> None:
        while True:
            with suppress(OSError, AssertionError, EOFError):
                await flood(stranger)
            await asyncio.sleep(0)

    tasks = [asyncio.create_task(go_on()) for _ in range(AT_ONCE)]
    ended = loop.run_in_executor(None, sys.stdin.readline)
    await asyncio.wait([ended, *tasks], timeout=LASTS_S, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    os._exit(0)


if __name__ == "__main__":
    os.nice(19)
    asyncio.run(run(FLOODS[sys.argv[1]], int(sys.argv[2])))
