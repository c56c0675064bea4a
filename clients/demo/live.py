"""The desk of one member over the network that the demonstration has made, live: its neighbours answer, and one warns.

The desk is ``serai desk``, as an officer would start it; hub and neighbours are this process's.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from clients.actions.home import Home
from clients.demo.officers import passphrase_pipe
from clients.demo.parties import DESK, FOCAL_POINTS, NEIGHBOUR, OFFICERS_PASSPHRASE, PASSPHRASE, PLAN
from clients.focalpoint import FocalPoint
from clients.mail.cover import Cover
from clients.network.hub import HubProcess
from clients.network.maker import MadeNetwork
from clients.store import Store
from clients.system import System
from clients.tasks import beside
from schemas.addresses import Address
from schemas.reports import WarningReport

_WARNS_AFTER_S: Final = 20.0
_WARNING: Final = {
    "our_reference": "UZ-DEMO-1",
    "requested_action": {"code": "control"},
    "summary": "Blue lorry with a false floor, on the road to the border.",
}


async def serve_live(folder: Path) -> None:
    """Serve until the desk is ended, or this is.

    Args:
        folder: in which the demonstration has left everything.
    """
    network = _network_in(folder)
    await network.hub.start()
    try:
        async with AsyncExitStack() as stack:
            others = [member for member in FOCAL_POINTS if member != DESK]
            points = {member: await stack.enter_async_context(_open_point(network, member)) for member in others}
            answering = [_acknowledge(point, Address(f"{member}/DUTY-1")) for member, point in points.items()]
            async with beside(*answering, _warn(points[NEIGHBOUR])):
                await _run_desk(network.home(DESK))
    finally:
        await network.hub.stop()


def _network_in(folder: Path) -> MadeNetwork:
    settings = Home(folder / DESK.lower().replace("/", "-")).read_settings()
    port = urlsplit(settings.hubs[0]).port
    return MadeNetwork(folder, PLAN, settings.network, HubProcess(folder / "hub", folder / "hub.log", port or 0))


@asynccontextmanager
async def _open_point(network: MadeNetwork, member: Address) -> AsyncIterator[FocalPoint]:
    with Store.open(network.home(member).store, PASSPHRASE) as store:
        store.officers.unlock(Address(f"{member}/DUTY-1"), OFFICERS_PASSPHRASE, System().clock.time_ms())
        async with FocalPoint.open(store, [network.hub.origin]) as point:
            yield point


async def _acknowledge(point: FocalPoint, officer: Address) -> None:
    """Let the officer of a neighbour acknowledge what the desk sends."""
    async for delivery in point.deliveries():
        if delivery.can_be_answered and delivery.sender == DESK:
            await point.acknowledge(delivery, officer)


async def _warn(point: FocalPoint) -> None:
    """Let a neighbour send something urgent, once there was time to look around."""
    await asyncio.sleep(_WARNS_AFTER_S)
    await point.send(WarningReport.model_validate(_WARNING), Cover(to=(DESK,), precedence="flash"))


async def _run_desk(home: Home) -> None:
    """``serai desk --open``; the passphrase of the store comes through a pipe."""
    with passphrase_pipe(PASSPHRASE) as store:
        words = ("desk", "--open", "--home", str(home.path), "--passphrase-fd", str(store))
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "clients.cli", *words), pass_fds=(store,), env=dict(os.environ)
        )
    try:
        await process.wait()
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()
