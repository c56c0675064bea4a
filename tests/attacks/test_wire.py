"""Attacks on the hub's process over real sockets: compression, sizes, floods; its memory stays bounded."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Iterator

import pytest

from broker.web.strangers import REQUESTS_PER_S
from schemas.encoding import encode_base64url
from tests.attacks.arena import PATIENCE_S
from tests.attacks.wire import COMPRESSED, CONTINUATION, PING, TEXT, Besieged, besieged, frame, upgrade
from tests.support.hub import resume_text

OFFER = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"


@pytest.fixture(scope="module")
def siege(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Besieged]:
    """One hub for all of them: it has to live through every attack."""
    with besieged(tmp_path_factory.mktemp("siege")) as opened:
        yield opened


# Compression


async def test_compression_is_not_negotiated(siege: Besieged) -> None:
    """A client that offers to compress gets a line without compression."""
    async with siege.line(extra=OFFER) as line:
        assert b"sec-websocket-extensions" not in line.head.lower()


async def test_compressed_frame(siege: Besieged) -> None:
    """A frame that says it is compressed, here to a thousandth, ends the line and is not unpacked."""
    packed = zlib.compressobj(wbits=-15)
    bomb = packed.compress(b"[" * (64 << 20)) + packed.flush(zlib.Z_SYNC_FLUSH)
    with siege.bounded(16):
        async with siege.line(extra=OFFER) as line:
            line.send(frame(resume_text()) + frame(bomb[:-4], reserved=COMPRESSED))
            assert await line.closed() == 1002
    await siege.serves()


# Sizes


async def test_frame_too_large(siege: Besieged) -> None:
    """A frame above the limit ends the line by what its head says, before its bytes are taken."""
    with siege.bounded(16):
        async with siege.line() as line:
            line.send(frame(resume_text()) + frame(b"a" * 2_097_153)[:64])
            assert await line.closed() == 1009
    await siege.serves()


async def test_two_mebibytes_of_tiny_members(siege: Besieged) -> None:
    """Frames of nothing but tiny members are refused before they are read, so they cost what they weigh."""
    stuffing = '{"":0},' * 299_000
    bomb = frame(f'{{"type":"submit","statement":"a.b.c","sealed":{{"a":[{stuffing}0]}}}}')
    with siege.bounded(64):
        async with siege.line() as line:
            line.send(frame(resume_text()))
            for _ in range(5):
                line.send(bomb)
            answers: list[bytes] = []
            while len(answers) < 5:
                opcode, payload = await line.message()
                answers += [payload] if opcode == TEXT and b'"refused"' in payload else []
    assert all(b'"malformed_frame"' in answer for answer in answers)
    await siege.serves()


async def test_frame_that_is_no_text(siege: Besieged) -> None:
    """A frame that is not UTF-8, or binary, ends the line."""
    for data, code in ((frame(b"\xff\xfe"), 1007), (frame(b"{}", opcode=2), 4400)):
        async with siege.line() as line:
            line.send(frame(resume_text()) + data)
            assert await line.closed() == code
    await siege.serves()


@pytest.mark.parametrize("size", [0, 1], ids=["empty", "one byte"])
async def test_message_of_many_fragments(siege: Besieged, size: int) -> None:
    """A message in fragments without end is cut off long before its fragments fill memory."""
    with siege.bounded(24):
        async with siege.line() as line:
            line.send(frame(resume_text()) + frame("{", fin=False))
            await line.flood(frame(b" " * size, CONTINUATION, fin=False) * 20_000, 20)
            assert await line.closed() in (4429, None)  # a peer that still sends may miss why
    await siege.serves()


async def test_head_without_end(siege: Besieged) -> None:
    """A request whose head does not end is cut off; nobody needs a token to send one."""
    for crumbs in (b"a" * 1_000_000, b"x: y\r\n" * 160_000):
        with siege.bounded(24):
            wire = await siege.connect()
            wire.send(b"GET /v1/network HTTP/1.1\r\nHost: hub\r\nX: ")
            assert not await wire.flood(crumbs, 60)
            wire.abort()
    await siege.serves()


# Floods


async def test_pings_without_end(siege: Besieged) -> None:
    """A peer that pings without end and reads no pong does not make the hub keep them."""
    pings = frame(b"a" * 125, PING) * 1_000
    async with siege.line() as line:
        line.send(frame(resume_text()))
        line.deafen()
        with siege.bounded(24):
            await line.flood(pings, 400, 30)
    await siege.serves()


async def test_ten_thousand_handshakes(siege: Besieged) -> None:
    """Ten thousand upgrades, most refused, the rest dropped as soon as they are live, leave nothing behind."""
    await upgrades(siege, 5_000)  # caches fill up to their bounds
    with siege.bounded(16):
        await upgrades(siege, 5_000)
    async with asyncio.timeout(PATIENCE_S):
        while siege.hub.counted("serai_sessions"):  # noqa: ASYNC110 - the process tells nobody
            await asyncio.sleep(0.05)
    await siege.serves()


async def upgrades(siege: Besieged, count: int) -> None:
    """Make so many upgrades, a few at a time, and no more in a second than strangers may ask."""
    room = asyncio.Semaphore(8)

    async def one(number: int) -> None:
        async with room:
            if number % 5 == 0:
                async with siege.line(("KZ/NFP", "UZ/NFP")[number % 2]) as line:
                    line.send(frame(resume_text()))
                    for kind in (b'{"type":"welcome"', b'{"type":"deliver"'):
                        assert (await line.message())[1].startswith(kind)
            else:
                await turned_away(siege)

    try:
        for _ in range(count // 500):
            async with asyncio.TaskGroup() as group:
                for number in range(500):
                    group.create_task(one(number))
                group.create_task(asyncio.sleep(500 / REQUESTS_PER_S))
    except* AssertionError as failed:
        raise AssertionError(str(failed.exceptions[0])) from failed


async def turned_away(siege: Besieged) -> None:
    """An upgrade with a token under a key of its own, which nobody has certified."""
    _, payload, signature = siege.token().split(".")
    kid = encode_base64url(siege.world.entropy(32))
    header = f'{{"alg":"Ed25519","kid":"{kid}","typ":"serai-session+jwt"}}'
    wire = await siege.connect()
    try:
        wire.send(upgrade(f"{encode_base64url(header.encode())}.{payload}.{signature}"))
        assert (await wire.until(b"\r\n")).startswith(b"HTTP/1.1 403")
    finally:
        wire.abort()
