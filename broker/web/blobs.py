"""Attachments over HTTP: ``/v1/blobs/<digest>`` (PROTOCOL 10). Translation, no rules."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import StreamingResponse
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from broker.core.ranges import BlobPart, brought, wanted
from broker.service.blobs import OffsetError, Upload
from broker.service.gate import Pass
from broker.web.exchange import bearer
from broker.web.http import HubOf, Reader, hub_of
from broker.web.problems import problem_response
from broker.web.strangers import go_on, welcome
from schemas.encoding import Digest, decode_digest
from schemas.errors import Code, SeraiError

router = APIRouter()


def storer_of(request: Request) -> Pass:
    """Who uploads, by the request's token; its connection is no stranger's any more."""
    storer = hub_of(request).admit_reader(bearer(request.headers.get("authorization")), "store")
    welcome(request.scope, storer.member)
    return storer


def digest_of(digest: str) -> Digest:
    """The name of a blob in a path.

    Raises:
        SeraiError: ``not_found`` if it is no digest: then there is nothing of this name.
    """
    try:
        return decode_digest(digest)
    except SeraiError:
        raise SeraiError(Code.NOT_FOUND, "not a digest") from None


Storer = Annotated[Pass, Depends(storer_of)]


def state_headers(upload: Upload) -> dict[str, str]:
    """How far an upload has got, as every answer says it."""
    offset = {"Upload-Offset": str(upload.held)}
    if not upload.size:
        return offset
    return offset | {"Upload-Length": str(upload.size), "Upload-Complete": "?1" if upload.whole else "?0"}


@router.head("/v1/blobs/{digest}")
async def look(digest: str, hub: HubOf, storer: Storer) -> Response:
    """How far an upload of this member has got."""
    upload = await hub.blobs.look(storer.member, digest_of(digest))
    return Response(headers=state_headers(upload))


@router.put("/v1/blobs/{digest}")
async def put(digest: str, request: Request, hub: HubOf, storer: Storer) -> Response:
    """Take a part of an upload."""
    goes_on = partial(go_on, request.scope)
    try:
        part = brought(_only(request, "content-range"), request.headers.get("content-length"))
        upload = await hub.blobs.receive(storer.member, digest_of(digest), part, request.stream(), goes_on)
    except SeraiError as error:
        hub.note_upload(error.code.value, storer.member)
        answer = problem_response(error, hub.time_ms())
        if isinstance(error, OffsetError):
            answer.headers.update(state_headers(error.upload))
        return answer
    except ClientDisconnect:
        return Response(status_code=204)  # nobody reads it; what came is kept
    hub.note_upload("accepted", storer.member)
    return Response(status_code=204, headers=state_headers(upload))


@router.get("/v1/blobs/{digest}")
async def get(digest: str, request: Request, hub: HubOf, reader: Reader) -> Response:
    """The blob, or a part of it."""
    blob = await hub.blobs.find(reader.member, digest_of(digest))
    part = wanted(_only(request, "range"), blob.size)
    whole = BlobPart(0, blob.size, blob.size)
    pieces = hub.blobs.send(blob, reader.member, part or whole, partial(go_on, request.scope))
    first = await anext(pieces)  # what is wrong shows here, while there is a status to say it with
    headers = {"Content-Length": str((part or whole).end - (part or whole).start), "Cache-Control": "no-store"}
    if part is not None:
        headers["Content-Range"] = f"bytes {part.start}-{part.end - 1}/{part.size}"
    status = 200 if part is None else 206
    return _Pieces(first, pieces, status, headers)


class _Pieces(StreamingResponse):
    """An answer that is read piece by piece, and lets go of what it reads from however it ends."""

    def __init__(self, first: bytes, pieces: AsyncGenerator[bytes, None], status: int, headers: dict[str, str]) -> None:
        super().__init__(self._all(first, pieces), status, headers, media_type="application/octet-stream")
        self._rest = pieces

    @staticmethod
    async def _all(first: bytes, pieces: AsyncGenerator[bytes, None]) -> AsyncIterator[bytes]:
        yield first
        async for piece in pieces:
            yield piece

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            await self._rest.aclose()


def _only(request: Request, name: str) -> str | None:
    """A header that may stand there once.

    Raises:
        SeraiError: ``malformed_range``.
    """
    found = request.headers.getlist(name)
    if len(found) > 1:
        raise SeraiError(Code.MALFORMED_RANGE, f"several headers {name}")
    return found[0] if found else None
