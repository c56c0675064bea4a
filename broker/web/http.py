"""HTTP beside the exchange: health, network, directory, ledger (PROTOCOL 10)."""

from __future__ import annotations

import asyncio
import json
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse
from starlette.exceptions import HTTPException

from broker.core.tree import tile_width
from broker.service.directory_view import describe_directory
from broker.service.gate import Pass
from broker.service.hub import Hub
from broker.service.items import encode_stored
from broker.service.steps import read_steps
from broker.service.timekeeper import ClockDoubted
from broker.web.exchange import bearer
from broker.web.problems import problem_response
from broker.web.strangers import welcome
from schemas.encoding import decode_digest
from schemas.errors import Code, SeraiError
from schemas.merkle import HASH_BYTES
from schemas.tiles import TILE_WIDTH, parse_tile_path

router = APIRouter()
Place = Annotated[int, Query(ge=0, le=2**53)]


def hub_of(request: Request) -> Hub:
    """The hub that the application serves."""
    hub: Hub = request.app.state.hub
    return hub


def reader_of(request: Request) -> Pass:
    """Who reads, by the request's token; its connection is no stranger's any more."""
    reader = hub_of(request).admit_reader(bearer(request.headers.get("authorization")))
    welcome(request.scope, reader.member)
    return reader


HubOf = Annotated[Hub, Depends(hub_of)]
Reader = Annotated[Pass, Depends(reader_of)]


@router.get("/health/live")
async def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "live"}


@router.get("/health/ready")
async def ready(hub: HubOf) -> Response:
    """The hub can append now, or why it cannot; and what is wrong with its clock all the same."""
    try:
        hub.check_ready()
    except SeraiError as error:
        clock = {"clock": error.doubt.value} if isinstance(error, ClockDoubted) else {}
        return JSONResponse({"status": "not ready", "code": error.code.value, **clock}, 503)
    warnings = [warning.value for warning in hub.clock_watch.warnings()]
    return JSONResponse({"status": "ready", **({"warnings": warnings} if warnings else {})})


@router.get("/v1/network")
async def network(hub: HubOf) -> dict[str, Any]:
    """Every epoch statement; open, because a newcomer needs it before it can sign a token."""
    epochs = [epoch.statement.text for epoch in hub.directory.epochs]
    return {"epochs": epochs, "time": hub.time_ms()}


@router.get("/v1/directory")
async def directory(hub: HubOf, _: Reader) -> dict[str, Any]:
    """Every credential and its state."""
    return describe_directory(hub.directory, hub.mailroom.head.size, hub.clock.now_ms() // 1000)


@router.get("/v1/ledger/checkpoint")
async def checkpoint(hub: HubOf, _: Reader) -> Response:
    """The newest signed note."""
    return PlainTextResponse(hub.mailroom.head.note)


@router.get("/v1/ledger/tile/{path:path}")
async def tile(path: str, hub: HubOf, _: Reader) -> Response:
    """A tile of hashes or leaves (C2SP tlog-tiles)."""
    wanted = parse_tile_path(f"tile/{path}")
    size = hub.mailroom.head.size
    if wanted.width > tile_width(size, wanted.level or 0, wanted.number):
        raise SeraiError(Code.NOT_FOUND, "the tree has no such tile")
    if wanted.level is None:
        start = wanted.number * TILE_WIDTH
        leaves = await hub.read_leaves(start, start + wanted.width)
        data = b"".join(len(leaf).to_bytes(2) + leaf for leaf in leaves)
    else:
        data = hub.mailroom.head.tile(wanted.level, wanted.number)[: wanted.width * HASH_BYTES]
    return Response(data, media_type="application/octet-stream")


@router.get("/v1/ledger/inclusion")
async def inclusion(hub: HubOf, _: Reader, index: Place, size: Place) -> dict[str, str]:
    """Inclusion proof of a place in the tree of a size."""
    return {"proof": await asyncio.to_thread(hub.prove_inclusion, index, size)}


@router.get("/v1/ledger/consistency")
async def consistency(
    hub: HubOf,
    _: Reader,
    start: Annotated[int, Query(alias="from", ge=0)],
    end: Annotated[int, Query(alias="to", ge=0)],
) -> dict[str, str]:
    """Proof that the tree of one size extends that of another."""
    return {"proof": await asyncio.to_thread(hub.prove_consistency, start, end)}


@router.get("/v1/ledger/statements/{digest}")
async def statement(digest: str, hub: HubOf, reader: Reader) -> dict[str, Any]:
    """A statement as an item, under the newest checkpoint."""
    try:
        wanted = decode_digest(digest)
    except SeraiError as error:
        raise SeraiError(Code.NOT_FOUND, "not a digest") from error
    item = await asyncio.to_thread(hub.store.find, wanted, reader.member, auditor=reader.auditor)
    head = hub.mailroom.head
    if item is None or item.index >= head.size:
        raise SeraiError(Code.NOT_FOUND, "no statement of this digest for this reader")
    return {"item": json.loads(encode_stored(item, head)), "checkpoint": head.note}


@router.get("/v1/operations/{digest}")
async def operation(
    digest: str, hub: HubOf, reader: Reader, start: Annotated[int, Query(alias="from", ge=0, le=2**53)] = 0
) -> dict[str, Any]:
    """Steps of an operation, from a place on, as a participant may read them."""
    page = await asyncio.to_thread(read_steps, hub.store, hub.mailroom.head, digest, reader.member, start)
    return {"steps": [json.loads(text) for text in page.steps], "next": page.following, "checkpoint": page.note}


async def answer_problem(request: Request, error: Exception) -> Response:
    """Translate errors; the only place where they become HTTP.

    What the framework refuses by itself, a path, a method or a parameter, is nothing that is there.
    """
    if isinstance(error, SeraiError):
        fault = error
    elif isinstance(error, HTTPException | RequestValidationError):
        fault = SeraiError(Code.NOT_FOUND, "no such path, or not with these parameters")
    else:
        fault = SeraiError(Code.INTERNAL)
    return problem_response(fault, hub_of(request).time_ms())
