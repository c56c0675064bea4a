"""Attacks by those who have no token, or only one: floods of connections, requests, handshakes and small frames.

The hub is a process; its memory stays within 200 MiB above idle, far below where it is easy; its log stays short; a
line that an honest member had open is answered meanwhile, and an honest member gets in.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from broker.web.connections import CONTROL_BURST
from schemas.encoding import encode_base64url, encode_json
from tests.attacks.wire import CONTINUATION, PING, PONG, Besieged, Wire, besieged, frame, upgrade
from tests.support.hub import resume_text
from tests.support.tls import certificate

pytestmark = pytest.mark.slow

DESCRIPTORS = 1_024
"""What a system gives a process that does not ask."""

GET = b"GET /v1/network HTTP/1.1\r\nHost: hub\r\n"


@pytest.fixture(scope="module")
def siege(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Besieged]:
    """One hub for all of them: it has to live through every attack."""
    with besieged(tmp_path_factory.mktemp("strangers"), DESCRIPTORS) as opened:
        yield opened


@asynccontextmanager
async def held(siege: Besieged, memory_mib: int = 24, log_kib: int = 8) -> AsyncIterator[None]:
    """What must hold during every attack, and that the hub serves after it."""
    with siege.bounded(memory_mib), siege.quiet(log_kib):
        async with siege.witnessed():
            yield
    await siege.serves()


async def many(count: int, one: Callable[[int], Any], at_once: int = 16) -> None:
    """Do something so often, a few at a time."""
    room = asyncio.Semaphore(at_once)

    async def each(number: int) -> None:
        async with room:
            await one(number)

    await asyncio.gather(*(each(number) for number in range(count)))


# Without a token


async def test_pipelined_requests(siege: Besieged) -> None:
    """Requests by the ten thousand on one connection, sent before the first is answered, are not kept."""
    requests = (GET + b"\r\n") * 200

    async def flood(_: int) -> None:
        wire = await siege.connect()
        await wire.flood(requests, 500)  # four of them bring 16 MB
        assert await wire.ended(10)
        wire.abort()

    async with held(siege):
        for _ in range(5):
            await many(4, flood)


async def test_half_sent_heads(siege: Besieged) -> None:
    """Thousands of connections, each with half a head of many small headers, do not add up."""
    head = GET + b"x: y\r\n" * 10_000
    wires: list[Wire] = []

    async def half(_: int) -> None:
        wires.append(await siege.connect())
        await wires[-1].flood(head[:8_000], 1)

    async with held(siege):
        await many(2_500, half)
    for wire in wires:
        wire.abort()


async def test_silent_connections(siege: Besieged) -> None:
    """Three times as many connections as there are descriptors say nothing; honest members get in at once."""
    silent: list[Wire] = []

    async def say_nothing(number: int) -> None:
        silent.append(await siege.touch())
        if number % 500 == 499:
            await siege.serves()

    async with held(siege):
        await many(3 * DESCRIPTORS, say_nothing)
    for wire in silent:
        wire.abort()


async def test_handshakes_that_hang(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The same where the hub speaks TLS itself, and no handshake goes on."""
    path = tmp_path_factory.mktemp("tls")
    chain, key = certificate(path)
    with besieged(path, DESCRIPTORS, certificate=str(chain), private_key=str(key)) as siege:
        silent: list[Wire] = []

        async def begin(number: int) -> None:
            silent.append(await siege.touch())
            if number % 6 == 0:
                silent[-1].send(b"\x16\x03\x01"[: 1 + number % 3])
            if number % 500 == 499:
                await siege.serves()

        async with held(siege):
            await many(3 * DESCRIPTORS, begin)
        for wire in silent:
            wire.abort()


@pytest.mark.parametrize("known", [False, True], ids=["unknown key", "known key"])
async def test_bad_tokens(siege: Besieged, known: bool) -> None:
    """Thousands of upgrades with tokens that are no good, even where a signature must be checked to know."""
    header, payload, signature = siege.token().split(".")
    if known:
        signature = encode_base64url(bytes(64))
    else:
        kid = encode_base64url(siege.world.entropy(32))
        header = encode_base64url(f'{{"alg":"Ed25519","kid":"{kid}","typ":"serai-session+jwt"}}'.encode())

    async def knock(_: int) -> None:
        wire = await siege.connect()
        wire.send(upgrade(f"{header}.{payload}.{signature}"))
        assert await wire.ended(10)
        wire.abort()

    async with held(siege):
        await many(4_000, knock)


async def test_bad_requests(siege: Besieged) -> None:
    """Thousands of requests that are none of ours: rubbish, other paths, other upgrades, bodies, a head too many."""
    kinds = (
        b"\x16\x03\x01\x00\xee\r\n\r\n",
        b"GET /wp-login.php HTTP/1.1\r\nHost: hub\r\n\r\n",
        b"POST /v1/network HTTP/1.1\r\nHost: hub\r\nContent-Length: 100000\r\n\r\n" + b"a" * 10_000,
        GET + b"Upgrade: h2c\r\nConnection: Upgrade\r\n\r\n",
        GET + b"x: y\r\n" * 200 + b"\r\n",
        GET + b"\xff\xfe: \x00\r\n\r\n",
        b"GET /v1/exchange HTTP/1.1\r\nHost: hub\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        upgrade("x").replace(b"Version: 13", b"Version: 7"),
    )

    async def ask(number: int) -> None:
        wire = await siege.connect()
        wire.send(kinds[number % len(kinds)])
        await wire.ended(0.1)
        wire.abort()

    async with held(siege):
        await many(4_000, ask)


# With a token


SMALL = {
    "pings": frame(b"", PING),
    "pongs": frame(b"", PONG),
    "fragments": frame(b" ", CONTINUATION, fin=False),
}


@pytest.mark.parametrize("small", SMALL.values(), ids=list(SMALL))
async def test_small_frames(siege: Besieged, small: bytes) -> None:
    """A member that sends small frames without end loses the line, and each that it opens for it."""
    async with held(siege):
        for _ in range(20):
            async with siege.line() as line:
                line.send(frame(resume_text()) + frame("{", fin=False))
                line.send(small * (CONTROL_BURST + 1))
                assert await line.closed() == 4429
                await line.flood(small * 10_000, 20, 2)


async def test_acks_without_end(siege: Besieged) -> None:
    """Acks to nothing that was delivered end the line, as faults do."""
    ack = frame(encode_json({"type": "ack", "cursors": dict.fromkeys(("public", "urgent", "normal"), 0)}))
    async with held(siege, log_kib=16):
        for _ in range(20):
            async with siege.line() as line:
                line.send(frame(resume_text()))
                await line.flood(ack * 1_000, 30, 2)
                assert await line.closed() in (4429, None)  # a peer that still sends may miss why
    assert siege.hub.counted('serai_lines_ended_total{code="rate_limited"}') >= 20
