"""What a hub serves, read whole: mailboxes from the beginning with every proof checked, and the ledger over HTTP.

A `Mailbag` holds what one member was given, item by item as text, so that what a damaged hub serves
can be held against what the sound one did.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field

import httpx

from broker.app import create_app
from broker.service.gate import Pass
from broker.service.hub import Hub
from broker.service.session import HubSession
from broker.web.http import reader_of
from clients.store.trust import Head
from clients.trust.verification import Failed, verify_place
from schemas.addresses import Address
from schemas.checkpoint import parse_note, verify_note
from schemas.errors import SeraiError
from schemas.frames import Deliver, parse_frame
from tests.support.hub import MemoryLine, resume_text

Item = tuple[str, int, str, str | None, str]
"""Lane, place, leaf, statement (``None`` if it is gone), and the sealed copy with its proof."""

_PATIENCE_S = 60.0
"""How long a hub may take for a frame; only a failure takes so long."""


@dataclass
class Mailbag:
    """What a member was served.

    Attributes:
        items: as they came.
        faults: proofs that did not hold: a client would have noticed.
        ended: why the hub ended the line, if it did.
    """

    items: list[Item] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    ended: str = ""

    def whole(self) -> set[Item]:
        """Items with their text."""
        return {item for item in self.items if item[3] is not None}


def _pass_for(hub: Hub, member: Address) -> Pass:
    certified = hub.directory.credentials(member)[-1]
    return Pass(member, member, "reader", certified.key.kid, "", 0, auditor=False)


async def read_mail(hub: Hub, member: Address, cursors: tuple[int, int, int] = (0, 0, 0)) -> Mailbag:
    """Everything that a loaded hub serves a member from its cursors on; the gate is passed by."""
    line, bag = MemoryLine(), Mailbag()
    serving = asyncio.create_task(hub.serve(line, _pass_for(hub, member)))
    line.to_hub.put_nowait(resume_text(cursors))
    try:
        while (text := await _next(hub, member, line, serving)) is not None:
            frame = parse_frame(text)
            if isinstance(frame, Deliver):
                _take(hub, frame, bag)
    except SeraiError as error:
        bag.faults.append(str(error))
    finally:
        bag.ended = line.closed[1] if line.closed else ""
        await line.close(1000, "")
        await asyncio.gather(serving, return_exceptions=True)
    return bag


@dataclass
class Shelf:
    """What a hub shows of its ledger over HTTP.

    Attributes:
        answers: by path; what was refused is not in it.
        refused: codes, by path.
    """

    answers: dict[str, bytes] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)


async def read_ledger(hub: Hub, paths: Iterable[str]) -> Shelf:
    """What a loaded hub answers at some paths; the gate is passed by."""
    app, shelf = create_app(hub), Shelf()
    app.dependency_overrides[reader_of] = lambda: _pass_for(hub, hub.directory.addresses()[0])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://hub") as client:
        for path in paths:
            answer = await client.get(path)
            if answer.status_code == httpx.codes.OK:
                shelf.answers[path] = answer.content
            else:
                shelf.refused[path] = str(answer.json()["code"])
    return shelf


async def _next(hub: Hub, member: Address, line: MemoryLine, serving: asyncio.Task[None]) -> str | None:
    """The next frame; ``None`` once the hub has nothing more to say."""
    async with asyncio.timeout(_PATIENCE_S):
        while line.to_client.empty():
            if serving.done() or _has_said_all(hub, member):
                return None
            await asyncio.sleep(0.002)
    return line.to_client.get_nowait()


def _has_said_all(hub: Hub, member: Address) -> bool:
    """Whether a member's one session stands at the end of every lane and waits."""
    for each in hub.mailroom.sessions():
        if isinstance(each, HubSession) and each.holder.member == member:
            waits = not each._owes_deliver and not each._awake.is_set()
            return waits and min(each._next.values()) == hub.mailroom.head.size
    return False


def _take(hub: Hub, frame: Deliver, bag: Mailbag) -> None:
    note, epoch = parse_note(frame.checkpoint), hub.directory.epoch
    checkpoint = verify_note(note, epoch.origin, epoch.ledger_key).checkpoint
    head = Head(checkpoint.size, checkpoint.root, frame.checkpoint)
    for item in frame.items:
        placed = verify_place(item, head)
        if isinstance(placed, Failed):
            bag.faults.append(f"{item.lane} {item.index}: {placed}")
            continue
        bag.items.append((item.lane, item.index, item.leaf, item.statement, str(item.sealed) + str(item.entry_proof)))
