"""Reading a hub's ledger over HTTP: bounded, and nothing believed."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx
import pytest

from clients.line.ledger import LedgerReader
from clients.line.transport import DialError
from schemas.errors import Code
from schemas.frames import DeliverItem
from tests.support.refusals import refused

ITEM = {"lane": "public", "index": 0, "leaf": "A" * 58, "statement": "a.b.c", "proof": ""}


@asynccontextmanager
async def reader(
    answer: Callable[[httpx.Request], httpx.Response], asked: list[httpx.Request] | None = None
) -> AsyncIterator[LedgerReader]:
    """A reader of a hub that answers as told."""

    def handle(request: httpx.Request) -> httpx.Response:
        (asked if asked is not None else []).append(request)
        return answer(request)

    async with LedgerReader("ws://hub.example:8443", lambda: "t.o.k", transport=httpx.MockTransport(handle)) as made:
        yield made


def says(value: object) -> Callable[[httpx.Request], httpx.Response]:
    """A hub that answers everything with one JSON value."""
    return lambda _: httpx.Response(200, content=json.dumps(value))


async def test_paths_and_tokens() -> None:
    """Each question goes to its path, over http beside ws, with a token wherever one is due."""
    asked: list[httpx.Request] = []
    answers = {"epochs": ["e"], "time": 5, "proof": "P", "item": ITEM, "checkpoint": "note"}
    async with reader(says(answers), asked) as made:
        assert (await made.network()).epochs == ("e",)
        assert await made.consistency(1, 2) == "P"
        assert await made.inclusion(1, 2) == "P"
        assert await made.statement("D" * 43) == (DeliverItem.model_validate(ITEM), "note")
        await made.checkpoint()
    assert [str(request.url).removeprefix("http://hub.example:8443/v1/") for request in asked] == [
        "network",
        "ledger/consistency?from=1&to=2",
        "ledger/inclusion?index=1&size=2",
        f"ledger/statements/{'D' * 43}",
        "ledger/checkpoint",
    ]
    assert [request.headers.get("Authorization") for request in asked] == [None] + ["Bearer t.o.k"] * 4


async def test_leaves_of_a_tile() -> None:
    """A tile of leaves is split at its lengths; the path names the tile."""
    asked: list[httpx.Request] = []
    body = b"".join(b"\x00\x2b" + bytes([n]) * 43 for n in range(3))
    async with reader(lambda _: httpx.Response(200, content=body), asked) as made:
        assert await made.leaves(1234, 3) == [bytes([n]) * 43 for n in range(3)]
    assert asked[0].url.path == "/v1/ledger/tile/entries/x001/234.p/3"


async def test_leaves_of_later_versions() -> None:
    """Leaves of a tile may differ in length, up to the longest there may be, in a tile that is full."""
    leaves = [bytes([n]) * (43 if n % 2 else 512) for n in range(256)]
    body = b"".join(len(leaf).to_bytes(2) + leaf for leaf in leaves)
    async with reader(lambda _: httpx.Response(200, content=body)) as made:
        assert await made.leaves(0, 256) == leaves


@pytest.mark.parametrize("body", [b"", b"\x00\x2b" + b"x" * 42, b"\x00\x2a" + b"x" * 43, (b"\x00\x2b" + b"x" * 43) * 2])
async def test_other_leaves_are_refused(body: bytes) -> None:
    """Fewer, more, or otherwise framed leaves than asked for are refused."""
    async with reader(lambda _: httpx.Response(200, content=body)) as made:
        with refused(Code.BAD_PROOF):
            await made.leaves(0, 1)


@pytest.mark.parametrize(
    "value", [{}, {"epochs": "e", "time": 1}, {"epochs": [1], "time": 1}, {"epochs": [], "time": True}]
)
async def test_malformed_network_is_refused(value: object) -> None:
    """What is not a list of statements and a time is no network."""
    async with reader(says(value)) as made:
        with refused(Code.MALFORMED_FRAME):
            await made.network()


async def test_malformed_item_is_refused() -> None:
    """What is not an item is not handed on."""
    async with reader(says({"item": {"lane": "public"}, "checkpoint": "note"})) as made:
        with refused(Code.MALFORMED_FRAME):
            await made.statement("D" * 43)


async def test_answers_are_bounded() -> None:
    """An answer without end is cut off."""
    async with reader(lambda _: httpx.Response(200, content=b"x" * 20_000)) as made:
        with refused(Code.FRAME_TOO_LARGE):
            await made.checkpoint()


async def test_problem_is_told() -> None:
    """A problem becomes an error with its code and the hub's time."""
    problem = {"code": "not_found", "title": "x", "detail": "y", "status": 404, "time": 9}
    async with reader(lambda _: httpx.Response(404, content=json.dumps(problem))) as made:
        with pytest.raises(DialError) as caught:
            await made.checkpoint()
    assert (caught.value.code, caught.value.hub_time_ms) == (Code.NOT_FOUND, 9)


async def test_unreachable_hub_is_an_os_error() -> None:
    """A fault of the network is told as such, without the token."""

    def fail(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no", request=request)

    async with reader(fail) as made:
        with pytest.raises(OSError, match="ConnectError") as caught:
            await made.checkpoint()
    assert "t.o.k" not in str(caught.value)


async def test_checkpoint_is_text() -> None:
    """Bytes that are no text are no checkpoint."""
    async with reader(lambda _: httpx.Response(200, content=b"\xff")) as made:
        with refused(Code.BAD_CHECKPOINT):
            await made.checkpoint()


async def test_unused_reader_closes() -> None:
    """A reader that was never asked has nothing to close."""
    await LedgerReader("wss://hub.example:443", lambda: "t.o.k").close()
