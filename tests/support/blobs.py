"""Blobs for tests, and a member that uploads and fetches them over a hub's HTTP as any client could."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Self

import httpx
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from schemas.blobs import BlobSealer
from schemas.encoding import encode_base64url, encode_json
from schemas.frames import PROTOCOL
from tests.support.hub import open_line
from tests.support.world import HUB_ORIGIN, Sent, World

SMALL = 11
"""A file in one chunk; its blob has 2,064 bytes."""

LARGE = 150_000
"""A file in three chunks; its blob has 151,600 bytes."""


@dataclass(frozen=True, slots=True)
class Blob:
    """A sealed file.

    Attributes:
        data: the blob.
        name: its digest, as text.
        size: of the padded file.
    """

    data: bytes
    name: str
    size: int

    @property
    def claim(self) -> dict[str, Any]:
        """As a cover names it."""
        return {"digest": self.name, "size": self.size}


@cache
def blob_of(size: int = SMALL, key: bytes = bytes(32)) -> Blob:
    """A blob; another key makes another one."""
    sealer = BlobSealer(key, size)
    data = b"".join(sealer.seal([b"x" * size]))
    return Blob(data, encode_base64url(sealer.blob_digest), sealer.padded_bytes)


class Porter:
    """Uploads and fetches for members.

    Args:
        port: where the hub listens.
        world: signs the tokens.
        origin: as the hub is dialled, if not as in a world.
    """

    def __init__(self, port: int, world: World, origin: str = HUB_ORIGIN) -> None:
        self._http = httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60)
        self._world = world
        self._origin = origin

    async def close(self) -> None:
        """Hang up."""
        await self._http.aclose()

    def token(self, iss: str, use: str) -> str:
        """A token of now."""
        self._world.time_ms = max(self._world.time_ms, time.time_ns() // 1_000_000)
        return self._world.token(iss, use, hub=self._origin)

    async def ask(
        self,
        method: str,
        iss: str,
        name: str,
        use: str = "store",
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> httpx.Response:
        """A request about a blob."""
        head = {"Authorization": f"Bearer {self.token(iss, use)}", **(headers or {})}
        return await self._http.request(method, f"/v1/blobs/{name}", headers=head, **more)

    async def put(
        self, iss: str, blob: Blob, start: int = 0, end: int | None = None, data: bytes | None = None, **more: Any
    ) -> httpx.Response:
        """Bring a part of a blob, all of it if nothing is said."""
        end = len(blob.data) if end is None else end
        part = blob.data[start:end] if data is None else data
        headers = {"Content-Range": f"bytes {start}-{end - 1}/{len(blob.data)}", **more.pop("headers", {})}
        return await self.ask("PUT", iss, blob.name, headers=headers, content=part, **more)

    async def look(self, iss: str, blob: Blob) -> httpx.Response:
        """How far an upload has got."""
        return await self.ask("HEAD", iss, blob.name)

    async def get(self, iss: str, blob: Blob, wanted: str | None = None) -> httpx.Response:
        """Fetch a blob, or a range of it."""
        return await self.ask("GET", iss, blob.name, "read", {} if wanted is None else {"Range": wanted})

    async def uploaded(self, iss: str, blob: Blob) -> Self:
        """Bring a whole blob."""
        answer = await self.put(iss, blob)
        assert (answer.status_code, answer.headers["upload-complete"]) == (204, "?1"), answer.text
        return self


@asynccontextmanager
async def porter(port: int, world: World, origin: str = HUB_ORIGIN) -> AsyncIterator[Porter]:
    """A porter, for a while."""
    made = Porter(port, world, origin)
    try:
        yield made
    finally:
        await made.close()


def state_of(answer: httpx.Response) -> tuple[int, int | None, str | None]:
    """How much is held, of how much, and whether it is whole, as an answer says."""
    length = answer.headers.get("upload-length")
    return int(answer.headers["upload-offset"]), length and int(length), answer.headers.get("upload-complete")


async def submit(origin: str, token: str, sent: Sent) -> dict[str, Any]:
    """What a hub answers to a dispatch, over a line of its own."""
    head = {"Authorization": f"Bearer {token}"}
    subprotocols = [Subprotocol(PROTOCOL)]
    async with connect(f"{origin}/v1/exchange", subprotocols=subprotocols, additional_headers=head) as line:
        await open_line(line)
        await line.send(encode_json({"type": "submit", "statement": sent.text, "sealed": sent.sealed.to_json()}))
        while (frame := json.loads(await line.recv()))["type"] not in ("accepted", "refused"):
            pass
        found: dict[str, Any] = frame
        return found
