"""Blobs at a hub, over HTTP (PROTOCOL 10): streamed both ways, each answer bounded by what was asked for."""

from __future__ import annotations

import re
import ssl
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from typing import Final, Protocol

import httpx

from clients.line.http import HubHttp, bounded, streamed
from clients.line.transport import parse_refusal
from schemas.encoding import MAX_SAFE_INTEGER
from schemas.errors import Code, SeraiError

_SILENCE_S: Final = 60.0
"""With the last byte the hub reads the whole blob from its disk before it answers."""

_PROBLEM_BYTES: Final = 16_384
_NUMBER: Final = re.compile(r"[0-9]{1,16}")


@dataclass(frozen=True, slots=True)
class HeldBytes:
    """What a hub has of an upload.

    Attributes:
        bytes: how much, from the beginning.
        is_whole: whether it is all there, and its digest holds.
    """

    bytes: int
    is_whole: bool


class Blobs(Protocol):
    """Whatever keeps blobs for a member."""

    async def held(self, digest: str) -> HeldBytes:
        """What it has of an upload of the own member."""

    async def put(self, digest: str, begin: int, pieces: Iterable[bytes], end: int, total: int) -> HeldBytes:
        """Upload from `begin` to before `end`; what it has then, which may be something else."""

    def fetch(self, digest: str, begin: int, end: int) -> AsyncIterator[bytes]:
        """The bytes of a blob from `begin` to before `end`, and no more."""

    async def close(self) -> None:
        """Let go of the connections."""


class HubBlobs:
    """The blobs of one hub.

    Every method raises `SeraiError` with the code of the hub's problem, and `OSError` where it could not be reached or
    the line broke.

    Args:
        hub: its origin, as `clients.line.transport.parse_hub` gives it.
        token: makes a fresh token for a use, ``read`` or ``store``.
        tls: how an ``https`` hub is verified; the system's way if ``None``.
        transport: what carries requests; the network if ``None``.
    """

    def __init__(
        self,
        hub: str,
        token: Callable[[str], str],
        *,
        tls: ssl.SSLContext | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._http = HubHttp(hub, tls, transport, _SILENCE_S)
        self._token = token

    async def _send(
        self, method: str, digest: str, use: str, headers: dict[str, str], content: AsyncIterator[bytes] | None = None
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self._token(use)}", **headers}
        return await self._http.send(method, f"/v1/blobs/{digest}", headers, content)

    async def held(self, digest: str) -> HeldBytes:
        """What the hub has of an upload of the own member; nothing, where it has none."""
        answer = await self._send("HEAD", digest, "store", {})
        await answer.aclose()
        if answer.status_code == httpx.codes.NOT_FOUND:
            return HeldBytes(0, is_whole=False)
        if answer.status_code != httpx.codes.OK:  # an answer to HEAD has no body that could say why
            raise parse_refusal(b"", answer.status_code)
        return _held(answer)

    async def put(self, digest: str, begin: int, pieces: Iterable[bytes], end: int, total: int) -> HeldBytes:
        """Upload a part.

        Args:
            digest: of the blob.
            begin: where it begins in the blob; the hub has what is before.
            pieces: the bytes.
            end: where it ends.
            total: length of the blob.

        Returns:
            What the hub has now: where that is not what was thought it has, the upload goes on from there.
        """
        headers = {"Content-Range": f"bytes {begin}-{end - 1}/{total}", "Content-Length": str(end - begin)}
        answer = await self._send("PUT", digest, "store", headers, _slowly(pieces))
        body = await bounded(answer, _PROBLEM_BYTES)
        if answer.status_code == httpx.codes.NO_CONTENT:
            return _held(answer)
        problem = parse_refusal(body, answer.status_code)
        if problem.code is Code.UPLOAD_OFFSET:
            return _held(answer)
        raise problem

    async def fetch(self, digest: str, begin: int, end: int) -> AsyncIterator[bytes]:
        """A part of a blob, as it comes; an answer that is longer is cut off there."""
        answer = await self._send("GET", digest, "read", {"Range": f"bytes={begin}-{end - 1}"})
        try:
            if answer.status_code != httpx.codes.PARTIAL_CONTENT:
                raise parse_refusal(await bounded(answer, _PROBLEM_BYTES), answer.status_code)
            if not answer.headers.get("Content-Range", "").startswith(f"bytes {begin}-{end - 1}/"):
                raise SeraiError(Code.MALFORMED_RANGE, "another part than was asked for")
            left = end - begin
            async for piece in streamed(answer):
                yield piece[:left]
                left -= len(piece)
                if left <= 0:
                    return
        finally:
            await answer.aclose()

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.close()


def _held(answer: httpx.Response) -> HeldBytes:
    offset = answer.headers.get("Upload-Offset", "0")
    if not _NUMBER.fullmatch(offset) or int(offset) > MAX_SAFE_INTEGER:
        raise SeraiError(Code.MALFORMED_RANGE, "the hub does not say what it has")
    return HeldBytes(int(offset), is_whole=answer.headers.get("Upload-Complete") == "?1")


async def _slowly(pieces: Iterable[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece
