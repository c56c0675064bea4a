"""A network of desks whose members have met: they know each other, and something has come and gone already."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from clients.actions.attachments import files_of
from clients.actions.client import Client
from clients.actions.operations.commands import StepCommand, prepare_step, send_step
from clients.focalpoint import FocalPoint
from clients.mail.attaching import FileToAttach, measure
from clients.mail.cover import Cover
from clients.network.maker import MadeNetwork
from schemas.addresses import Address
from tests.support.crew import form_of
from tests.support.desk import warning
from tests.support.once import made_once
from tests.support.pictures import save_photograph
from tests.support.web_desk import KZ, OFFICERS, UZ, copy_network, network_of_desks, open_member

CAME, SENT, ASKED, LIED = "UZ-CAME", "KZ-SENT", "UZ-ASKED", "UZ-LIED"
"""References of what came to KZ with a photograph, of what KZ has sent, of the operation that UZ asks for, and of what
came with a page of HTML that is called a picture."""

_WAIT_S: Final = 20.0
_LONG_S: Final = 120.0


def network_that_has_met(factory: pytest.TempPathFactory) -> Path:
    """The folder of such a network, made once for the session; it is only copied, its hub need not serve."""
    plain = network_of_desks(factory)

    def make(path: Path) -> None:
        path.rmdir()
        asyncio.run(_meet(copy_network(plain, path), path.parent))

    return made_once(factory, "network-that-has-met", make)


async def _meet(made: MadeNetwork, folder: Path) -> None:
    await made.hub.start()
    try:
        for member in (KZ, UZ):
            await _fetch(made, member)
        with open_member(made.home(UZ)) as client:
            _open_key(client, UZ)
            photo = save_photograph(folder, "photo-that-came.jpg")
            cover = Cover(to=(KZ,), precedence="priority", signer=Address(f"{UZ}/DUTY-1"))
            _ = client.point.send(warning().model_copy(update={"our_reference": CAME}), cover, [FileToAttach(photo)])
            _ask(client)
            _lie(client, folder)
            await _until(client, lambda: not client.store.outbox.waiting_count())
        with open_member(made.home(KZ)) as client:
            _open_key(client, KZ)
            cover = Cover(to=(UZ,), precedence="priority", signer=Address(f"{KZ}/DUTY-1"))
            _ = client.point.send(warning().model_copy(update={"our_reference": SENT}), cover)
            await _until(client, lambda: _has(client, CAME, SENT, ASKED, LIED))
    finally:
        await made.hub.stop()


def _ask(client: Client) -> None:
    """UZ asks for an operation over its soil and that of KZ."""
    legs = [{"leg": "1", "member": UZ}, {"leg": "2", "member": KZ}]
    asks = [{"member": KZ, "what": {"code": "decide"}}]
    members = {"our_reference": ASKED, "legs": legs, "asks": asks, "stop_rule": {"when": "Lost", "decided_by": UZ}}
    parts = ((UZ, "origin"), (KZ, "destination"))
    command = StepCommand(form_of("open", **members), participants=parts, officer=Address(f"{UZ}/DUTY-1"))
    send_step(client, prepare_step(client, command))


def _lie(client: Client, folder: Path) -> None:
    """UZ sends a page that runs a script, and calls it a picture."""
    path = folder / "page.png"
    path.write_bytes(b"<html><script>alert(1)</script></html>")
    report = client.point.attach(warning().model_copy(update={"our_reference": LIED}), [measure(FileToAttach(path))])
    files = tuple(each.model_copy(update={"media_type": "image/png"}) for each in report.attachments)
    cover = Cover(to=(KZ,), precedence="priority", signer=Address(f"{UZ}/DUTY-1"))
    client.point.send_all(report.model_copy(update={"attachments": files}), cover)


def _open_key(client: Client, member: Address) -> None:
    _ = client.try_passphrase(Address(f"{member}/DUTY-1"), OFFICERS)


async def _fetch(made: MadeNetwork, member: Address) -> None:
    with open_member(made.home(member)) as client:
        await client.fetch(_WAIT_S)


async def _until(client: Client, is_done: Callable[[], bool]) -> None:
    """Be connected until something has happened, however slow the machine is."""
    async with FocalPoint.open(client.store, client.settings.hubs, **client.holding) as point:
        async with asyncio.timeout(_LONG_S):
            await point.until(is_done)


def _has(client: Client, *references: str) -> bool:
    digests = [_find(client, each) for each in references]
    return all(digests) and all(file.is_here for digest in digests for file in files_of(client, digest))


def _find(client: Client, reference: str) -> str:
    for item in (*client.store.items.inbox(100), *client.store.items.sent(100)):
        delivery = client.delivery(item)
        if delivery.report is not None and delivery.report.our_reference == reference:
            return item.digest
    return ""


def digest_of(client: Client, reference: str) -> str:
    """The digest of what came or went under a reference."""
    found = _find(client, reference)
    assert found, reference
    return found
