"""Blobs over HTTP: what is asked, and how much of an answer is taken (PROTOCOL 10)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import httpx
import pytest

from clients.line.blobs import HeldBytes, HubBlobs
from schemas.encoding import encode_base64url
from schemas.errors import Code, SeraiError
from tests.support.world import HUB_ORIGIN

DIGEST = encode_base64url(bytes(32))


def blobs(answer: Callable[[httpx.Request], httpx.Response]) -> HubBlobs:
    """The blobs of a hub that answers so."""
    return HubBlobs(HUB_ORIGIN, lambda use: f"token-to-{use}", transport=httpx.MockTransport(answer))


async def test_put_names_its_range_and_streams() -> None:
    """A part goes with its range, its length and a token to store; what the hub has then is the answer."""
    seen: list[httpx.Request] = []

    async def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        assert await request.aread() == b"cdefgh"
        return httpx.Response(204, headers={"Upload-Offset": "8", "Upload-Complete": "?0"})

    hub = HubBlobs(HUB_ORIGIN, lambda use: f"token-to-{use}", transport=httpx.MockTransport(answer))
    assert await hub.put(DIGEST, 2, [b"cde", b"fgh"], 8, 2064) == HeldBytes(8, is_whole=False)
    [request] = seen
    assert (request.method, request.url.path) == ("PUT", f"/v1/blobs/{DIGEST}")
    assert request.headers["Content-Range"] == "bytes 2-7/2064"
    assert request.headers["Content-Length"] == "6"
    assert "Transfer-Encoding" not in request.headers
    assert request.headers["Authorization"] == "Bearer token-to-store"


async def test_other_offset_is_no_fault() -> None:
    """Where the hub has something else than was thought, that is what is gone on from."""
    problem = {"code": "upload_offset", "title": "", "detail": "", "status": 409, "time": None}
    headers = {"Upload-Offset": "4128", "Upload-Complete": "?0"}
    hub = blobs(lambda _: httpx.Response(409, json=problem, headers=headers))
    assert await hub.put(DIGEST, 0, [b"x"], 1, 5000) == HeldBytes(4128, is_whole=False)


@pytest.mark.parametrize(
    ("status", "headers", "held"),
    [
        (404, {}, HeldBytes(0, is_whole=False)),
        (200, {"Upload-Offset": "70", "Upload-Complete": "?0"}, HeldBytes(70, is_whole=False)),
        (200, {"Upload-Offset": "2064", "Upload-Complete": "?1"}, HeldBytes(2064, is_whole=True)),
    ],
)
async def test_head_says_what_the_hub_has(status: int, headers: dict[str, str], held: HeldBytes) -> None:
    """Nothing, a part, or all of it."""
    assert await blobs(lambda _: httpx.Response(status, headers=headers)).held(DIGEST) == held


@pytest.mark.parametrize("offset", ["-1", "1e9", "99999999999999999999", ""])
async def test_offset_that_is_no_number(offset: str) -> None:
    """An offset in another form is not believed."""
    header = {"Upload-Offset": offset}
    with pytest.raises(SeraiError):
        await blobs(lambda _: httpx.Response(200, headers=header)).held(DIGEST)


async def test_fetch_takes_what_was_asked_for_and_no_more() -> None:
    """Of an answer without end only the part that was asked for is taken."""

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield bytes(50_000)
            await asyncio.sleep(0)

    def answer(request: httpx.Request) -> httpx.Response:
        assert request.headers["Range"] == "bytes=10-100009"
        assert request.headers["Authorization"] == "Bearer token-to-read"
        return httpx.Response(206, headers={"Content-Range": "bytes 10-100009/*"}, content=endless())

    assert sum([len(piece) async for piece in blobs(answer).fetch(DIGEST, 10, 100_010)]) == 100_000


@pytest.mark.parametrize(
    ("status", "headers", "code"),
    [
        (206, {"Content-Range": "bytes 0-9/20"}, Code.MALFORMED_RANGE),
        (206, {"Content-Range": "bytes 5-9/20", "Content-Encoding": "gzip"}, Code.MALFORMED_FRAME),
        (302, {"Location": "https://elsewhere.example/"}, Code.UNSUPPORTED_PROTOCOL),
        (200, {}, Code.UNSUPPORTED_PROTOCOL),
        (503, {}, Code.HUB_NOT_READY),
    ],
)
async def test_other_answers_are_not_taken(status: int, headers: dict[str, str], code: Code) -> None:
    """Another part, compression, a redirect, a whole that was not asked for: nothing of it is taken."""
    with pytest.raises(SeraiError) as caught:
        _ = [piece async for piece in blobs(lambda _: httpx.Response(status, headers=headers)).fetch(DIGEST, 5, 10)]
    assert caught.value.code is code


async def test_broken_line_is_an_os_error() -> None:
    """A hub that cannot be reached is a fault of the line."""

    def answer(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    with pytest.raises(OSError, match="ConnectError"):
        await blobs(answer).held(DIGEST)
