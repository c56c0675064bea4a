"""A desk in the browser over a store of the scripted hub: what it shows, with chosen dispatches in it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from random import Random
from types import SimpleNamespace
from typing import Any, cast

from clients.actions.client import Client
from clients.desk.desk import Desk as WebDesk
from clients.desk.looking import DeskLooking
from clients.mail.compose import Expectation, Ref
from clients.store import Store
from schemas.addresses import Address
from tests.support.counter import Counter
from tests.support.desk import OFFICERS, Desk, ScriptedHub, system_of
from tests.support.traffic import arrive, give_receipt
from tests.support.web_desk import Window

PRECEDENCES = ("flash", "immediate", "priority", "routine")
STATUSES = ("actual", "actual", "exercise")


@contextmanager
def reopened(party: Desk, hub: ScriptedHub) -> Iterator[Client]:
    """The client of a party over its store, opened anew by whoever asks: a thread has a connection of its own."""
    with Store.open(party.store.path, party.passphrase) as store:
        yield Counter(cast("Desk", SimpleNamespace(store=store, path=party.path)), hub)


@asynccontextmanager
async def web_desk(party: Desk, hub: ScriptedHub) -> AsyncIterator[tuple[WebDesk, Window]]:
    """The web desk of a party with an open window, its duty officer at the screen."""
    async with WebDesk(lambda: reopened(party, hub), system_of(hub.world), DeskLooking()) as desk:
        window = await Window(desk).open()
        await window.unlock(Address(f"{party.member}/DUTY-1"), OFFICERS)
        yield desk, window


def random_traffic(kz: Desk, uz: Desk, seed: int, count: int = 24) -> None:
    """What two desks send each other by chance: urgent and not, real and not, answered, cancelled, asked."""
    chance = Random(seed)
    sent: dict[str, list[tuple[str, str, str]]] = {"kz": [], "uz": []}
    for number in range(count):
        sender, desk, name = (uz, kz, "uz") if chance.random() < 0.6 else (kz, uz, "kz")
        act, earlier = chance.random(), sent[name]
        if earlier and act < 0.25:
            digest, _status, _precedence = chance.choice(earlier)
            give_receipt(desk, sender, digest, *chance.choice((("acknowledged",), ("declined", "capacity"))))
            sender.sync()
        elif earlier and act < 0.35:
            digest, status, precedence = earlier.pop(chance.randrange(len(earlier)))
            _arrive(sender, desk, status=status, precedence=precedence, refs=(Ref("cancel", digest),))
        else:
            status, precedence = chance.choice(STATUSES), chance.choice(PRECEDENCES)
            now_s = kz.state.system.clock.time_s()
            asks = {"expects": Expectation(now_s + chance.randrange(600, 9_000))} if chance.random() < 0.3 else {}
            digest = _arrive(sender, desk, reference=f"R-{number}", status=status, precedence=precedence, **asks)
            earlier.append((digest, status, precedence))
        sender.sync()
        desk.sync()


def _arrive(sender: Desk, desk: Desk, **cover: Any) -> str:
    return arrive(sender, desk, **cover)
