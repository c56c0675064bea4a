"""Focal points at a scripted hub."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from clients import Delivery, FocalPoint, Store
from tests.support.desk import ScriptedHub, ScriptedReader, system_of
from tests.support.world import HUB_ORIGIN


@asynccontextmanager
async def point(hub: ScriptedHub, store: Store, **options: Any) -> AsyncIterator[FocalPoint]:
    """A focal point at the scripted hub."""
    given: dict[str, Any] = {
        "transport": hub,
        "system": system_of(hub.world),
        "make_reader": lambda _, __: ScriptedReader(hub, store.keys.member),
        "make_blobs": lambda _, __: hub.shelf,
        **options,
    }
    async with FocalPoint.open(store, [HUB_ORIGIN], **given) as opened:
        yield opened


@asynccontextmanager
async def both(hub: ScriptedHub, stores: dict[str, Store]) -> AsyncIterator[tuple[FocalPoint, FocalPoint]]:
    """Both desks, live."""
    async with asyncio.timeout(60), point(hub, stores["KZ/NFP"]) as kz, point(hub, stores["UZ/NFP"]) as uz:
        await kz.wait_live()
        await uz.wait_live()
        yield kz, uz


async def next_delivery(at: FocalPoint) -> Delivery:
    """The next dispatch that comes."""
    async for delivery in at.deliveries():
        return delivery
    raise AssertionError
