"""What a hub may answer to a client that reads its ledger over HTTP (PROTOCOL 10)."""

from __future__ import annotations

import gzip
import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial

import httpx
import pytest

from clients.line.ledger import LedgerReader
from schemas.errors import SeraiError
from tests.support.world import HUB_ORIGIN

BOMB = gzip.compress(b"[" * (64 << 20))
"""64 MiB in 64 KiB."""


async def in_one_piece(data: bytes) -> AsyncIterator[bytes]:
    """A body as a socket may bring it."""
    yield data


@pytest.mark.parametrize(
    "read",
    [LedgerReader.network, LedgerReader.checkpoint, partial(LedgerReader.leaves, number=0, width=256)],
    ids=["network", "checkpoint", "leaves"],
)
async def test_answer_that_unpacks_to_a_thousandfold(read: Callable[[LedgerReader], Awaitable[object]]) -> None:
    """A compressed answer, which nobody asked for, is not unpacked."""

    def answer(request: httpx.Request) -> httpx.Response:
        assert request.headers["Accept-Encoding"] == "identity"
        return httpx.Response(200, headers={"Content-Encoding": "gzip"}, content=in_one_piece(BOMB))

    tracemalloc.start()
    try:
        async with LedgerReader(HUB_ORIGIN, lambda: "token", transport=httpx.MockTransport(answer)) as reader:
            with pytest.raises(SeraiError):
                await read(reader)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 16 << 20, f"{peak} bytes"


async def test_answer_without_end() -> None:
    """An answer larger than what was asked for can be is dropped while it comes."""
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        while taken < 1 << 26:
            taken += 1 << 16
            yield bytes(1 << 16)

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=endless())

    async with LedgerReader(HUB_ORIGIN, lambda: "token", transport=httpx.MockTransport(answer)) as reader:
        with pytest.raises(SeraiError, match="frame_too_large"):
            await reader.leaves(0, 256)
    assert taken <= 1 << 20
