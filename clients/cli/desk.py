"""An officer's desk: the store, open, and the line, whoever holds it.

A command writes what is to be said into the store. If another process holds the line, that
one sends it; if nobody does, the command holds the line itself until the hub has answered.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from typing import Any, Final

import click

from clients.cli.faults import no_line, no_officer, refused
from clients.cli.home import Home, Settings
from clients.cli.passphrase import read_passphrase
from clients.cli.progress import Progress
from clients.cli.texts import _
from clients.cli.ui import QUEUED, STOPPED, clean, note, show, utc
from clients.focalpoint import FocalPoint, Sent, refusal_of
from clients.holder import Holder, LineHeld, holder_of
from clients.inbox import Delivery, delivery_of
from clients.state import State
from clients.store import Outgoing, OutState, Store, StoredItem
from schemas.addresses import Address
from schemas.errors import SeraiError

_LOOK_S: Final = 0.05
_OPEN = (OutState.DRAFTED, OutState.SIGNED)


class Desk:
    """A client's store, open; made by `open_desk`.

    Args:
        home: the client's folder.
        settings: what is set there.
        store: unlocked.
    """

    def __init__(self, home: Home, settings: Settings, store: Store) -> None:
        self.home = home
        self.settings = settings
        self.store = store

    @property
    def options(self) -> dict[str, Any]:
        """How a `FocalPoint` of this client is opened."""
        return {"tls": self.settings.tls(), "seat": self.settings.seat}

    @property
    def holding(self) -> dict[str, Any]:
        """The same where it holds the line: others are told which command does."""
        context = click.get_current_context(silent=True)
        return {**self.options, "what": context.command_path if context else "serai"}

    @cached_property
    def point(self) -> FocalPoint:
        """A focal point without a line, to draft with."""
        return FocalPoint(self.store, self.settings.hubs, **self.options)

    @property
    def state(self) -> State:
        """What this client believed when the command began."""
        return self.point.state

    @property
    def holder(self) -> Holder | None:
        """Who holds the line now."""
        return holder_of(self.store.path)

    def officer(self, named: Address | None) -> Address:
        """The officer who acts: the one named, the one set, or the only one.

        Raises:
            SeraiError: ``not_permitted`` if no key of one is held, or it is not clear which.
        """
        set_, held = self.settings.officer, self.store.keys.officers
        who = named or (Address(set_) if set_ else None)
        if who not in held and not (who is None and len(held) == 1):
            raise no_officer(who, list(held), self.store.keys.member)
        return self.state.officer(who)

    def signer(self, named: Address | None) -> Address:
        """Who signs a dispatch: as `officer`, or the member if it has no officer here."""
        if named is None and not self.store.keys.officers:
            return self.state.default_signer()
        return self.officer(named)

    def delivery(self, item: StoredItem) -> Delivery:
        """A stored dispatch as it is shown."""
        return delivery_of(item, self.store, self.store.keys.member)

    # The line

    def finish(self, sent: Sequence[Sent], wait_s: float) -> list[Outgoing]:
        """Wait until the hub has answered all of these, or the time is over; gives how they stand."""
        rows = [each.id for each in sent]
        with Progress(_("Waiting for the hub")):
            if wait_s and self.holder is None:
                with suppress(LineHeld):  # somebody took it just now, and will send what is here
                    asyncio.run(self._send(rows, wait_s))
            return self._wait(rows, wait_s)

    async def _send(self, rows: Sequence[int], wait_s: float) -> None:
        async with FocalPoint.open(self.store, self.settings.hubs, **self.holding) as point:
            answers = asyncio.gather(*(point.settled(row) for row in rows), return_exceptions=True)
            with suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    await answers

    def _wait(self, rows: Sequence[int], wait_s: float) -> list[Outgoing]:
        """How they stand, once whoever holds the line has their answers."""
        deadline = time.monotonic() + wait_s
        while True:
            outgoing = [self.point.outgoing(row) for row in rows]
            waiting = any(each.state in _OPEN for each in outgoing)
            if not waiting or time.monotonic() >= deadline or self.holder is None:
                return outgoing
            time.sleep(_LOOK_S)

    def catch_up(self, wait_s: float, *, needed: Callable[[], bool]) -> None:
        """Hold the line until nothing more comes, if what is needed is not known here and nobody holds it.

        Args:
            wait_s: how long; that there is no line is no fault, for what is missing will be told.
            needed: whether something is still missing.
        """
        if not wait_s or self.holder is not None or not needed():
            return
        with suppress(SeraiError):
            asyncio.run(self.fetch(wait_s))
        self.__dict__.pop("point", None)  # it believed what was known before

    async def fetch(self, wait_s: float, quiet_s: float = 0.5) -> None:
        """Hold the line until nothing more comes.

        Raises:
            LineHeld: somebody holds it already.
            SeraiError: no line within the time.
        """
        async with FocalPoint.open(self.store, self.settings.hubs, **self.holding) as point:
            try:
                with Progress(_("Fetching")) as progress:
                    async with asyncio.timeout(wait_s):
                        await point.wait_live()
                        await _quiet(point, quiet_s, progress)
            except TimeoutError:
                if not point.is_live:
                    raise point.fault or no_line() from None


async def _quiet(point: FocalPoint, quiet_s: float, progress: Progress) -> None:
    """Wait until nothing has come, and nothing is to go, for a while; the place that was reached is shown."""
    seen: Any = None
    while seen != (now := (point.state.cursors, point.state.store.outbox.waiting_count())):
        seen = now
        progress.reach(max(now[0].public, now[0].urgent, now[0].normal))
        await asyncio.sleep(quiet_s)


@contextmanager
def open_desk(path: Any, passphrase_fd: int | None, *, check: bool = False) -> Iterator[Desk]:
    """The desk of a client's folder.

    Args:
        path: the folder.
        passphrase_fd: where the passphrase is, if it was said.
        check: whether the whole store is checked first, which takes a while.

    Raises:
        SeraiError: there is none, it is open to others, the passphrase is another, ...
    """
    home = Home(path)
    settings = home.read_settings()
    passphrase = read_passphrase(passphrase_fd)
    with Progress(_("Checking")):
        store = Store.open(home.store, passphrase, check=check)
    with store:
        yield Desk(home, settings, store)


def tell_sent(
    desk: Desk,
    sent: Sent,
    wait_s: float,
    *,
    as_json: bool,
    done: str,
    value: dict[str, Any] | None = None,
    before: Sequence[Sent] = (),
) -> None:
    """Wait for the hub's answer to one thing that was said, tell it, and end with the right exit code.

    Args:
        desk: where it was said.
        sent: what was said.
        wait_s: how long to wait.
        as_json: for programs.
        done: what to say when it was accepted; ``{place}`` is its number.
        value: more for programs.
        before: what was said just before it, and belongs to it.

    Raises:
        SeraiError: the hub refused it.
    """
    from clients.cli.numbers import spell_number

    stopped, earlier = False, []
    try:
        *earlier, outgoing = desk.finish([*before, sent], wait_s)
    except KeyboardInterrupt:  # the waiting ends, but it was said: that must not look as if it was not
        stopped, outgoing = True, sent.outgoing
    said = {"outbox": outgoing.id, "state": outgoing.state.value, "digest": outgoing.digest, "place": outgoing.index}
    for each in (*earlier, outgoing):
        if each.state is OutState.REFUSED:
            raise refused(refusal_of(each))
    if outgoing.state is OutState.ACCEPTED:
        number = spell_number(outgoing.index or 0, outgoing.draft.get("status"))
        show({**said, **(value or {})}, [done.format(place=number)], as_json=as_json)
        return
    show({**said, "state": "queued", **(value or {})}, [], as_json=as_json)
    if stopped:
        note(_("Stopped."))
    note(queued_text(desk, outgoing))
    sys.exit(STOPPED if stopped else QUEUED)


def queued_text(desk: Desk, outgoing: Outgoing) -> str:
    """Why something waits, and what will become of it."""
    holder = desk.holder
    text = _("Queued as outbox {row}; kept on disk since {time}.").format(row=outgoing.id, time=utc(outgoing.made_ms))
    if holder is None:
        return text + " " + _("It will go out with the next command that reaches the hub, or serai run.")
    fault = f" ({clean(holder.fault)})" if holder.fault else ""
    return text + " " + _("{what} sends it when there is a line").format(what=holder.what) + fault + "."
