"""A client, open: its folder, its store, and the connection, whichever process has it.

An action writes what is to be sent into the store. If another process is connected, that one sends it; if none
is, the client connects itself until the hub has answered.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cached_property
from typing import Any, Final

from clients.actions.home import ClientSettings, Home
from clients.actions.progress import Advance, ShowProgress, Work, silent
from clients.actions.uploading import Uploading, files_in
from clients.errors import ClientError, LocalCode
from clients.focalpoint import FocalPoint
from clients.line.lock import Holder, LineHeld, holder_of
from clients.mail.inbox import Delivery, delivery_of
from clients.mail.sent import Sent
from clients.mail.state import State
from clients.store import Outgoing, Store, StoredItem, WrongTries
from clients.tasks import beside
from schemas.addresses import Address
from schemas.claims import Status
from schemas.errors import SeraiError

_LOOK_S: Final = 0.05
TRIES: Final = 3
"""How often a passphrase is asked before a command gives up."""
_GUESSES: Final = 5

AskOfficer = Callable[[Address, int], str]
"""Asks an officer for his own passphrase; the number is how many wrong ones came before, in this command."""


class Client:
    """A client's store, open.

    Args:
        home: the client's folder.
        settings: what is set there.
        store: unlocked; it stays the caller's to close.
        what: names the program to others while it is connected.
        progress: shows how far something has got.
        ask_officer: asks for the passphrase of the officer who acts; nobody can act who is locked, if ``None``.
    """

    def __init__(
        self,
        home: Home,
        settings: ClientSettings,
        store: Store,
        what: str = "serai",
        progress: ShowProgress = silent,
        ask_officer: AskOfficer | None = None,
    ) -> None:
        self.home = home
        self.settings = settings
        self.store = store
        self.progress = progress
        self._what = what
        self._ask_officer = ask_officer

    @property
    def options(self) -> dict[str, Any]:
        """How a `FocalPoint` of this client is opened."""
        fetch_bytes = self.settings.attachments_mib << 20
        return {"tls": self.settings.tls(), "seat": self.settings.seat, "fetch_bytes": fetch_bytes}

    @property
    def holding(self) -> dict[str, Any]:
        """The same where it connects: others can see which program is connected."""
        return {**self.options, "what": self._what}

    @cached_property
    def point(self) -> FocalPoint:
        """A focal point without a line, to draft with."""
        return FocalPoint(self.store, self.settings.hubs, **self.options)

    @property
    def state(self) -> State:
        """What this client believed when it was opened."""
        return self.point.state

    def reread(self) -> None:
        """Believe what the store has now; another process may have learned more."""
        self.__dict__.pop("point", None)

    @property
    def member(self) -> Address:
        """Whose client it is."""
        return self.store.keys.member

    @property
    def network_status(self) -> Status:
        """How the network is marked; ``actual`` where that is not known yet."""
        epochs = self.state.epochs
        return epochs[-1].document.status if epochs else "actual"

    @property
    def holder(self) -> Holder | None:
        """Which process is connected, or tries to be."""
        return holder_of(self.store.path)

    def officer(self, named: Address | None) -> Address:
        """The officer who acts: the one named, the one set, or the only one; nobody who was removed.

        Raises:
            ClientError: ``no_officer_key``, ``officer_removed``, ``officer_unclear``, ``first_officer_key`` or
                ``no_officer_yet``.
        """
        held = self.state.officers
        if named is not None and self.state.is_removed(named):
            raise ClientError(LocalCode.OFFICER_REMOVED, officer=named)
        set_ = Address(self.settings.officer) if self.settings.officer else None
        officer = named or (None if set_ and self.state.is_removed(set_) else set_)
        if officer not in held and not (officer is None and len(held) == 1):
            raise _no_officer(officer, held, self.store.keys.member)
        return self.state.officer(officer)

    def signer(self, named: Address | None) -> Address:
        """Who signs a dispatch: as `officer`, or the member if it has no officer here."""
        if named is None and not self.state.officers and self.store.keys.signing:
            return self.state.default_signer()
        return self.officer(named)

    def unlock(self, signer: Address) -> WrongTries | None:
        """Let an officer type his passphrase, if only he can sign and his key is locked.

        Args:
            signer: who is about to sign: an officer, or the member, which needs none.

        Returns:
            Wrong tries before these, by whomever; ``None`` if there were none.

        Raises:
            ClientError: ``officer_locked`` if nobody can be asked, ``wrong_passphrase`` after three tries.
        """
        if not self.state.is_locked(signer):
            return None
        if self._ask_officer is None:
            raise ClientError(LocalCode.OFFICER_LOCKED, officer=signer)
        for wrong in range(TRIES):
            passphrase = self._ask_officer(signer, wrong)
            try:
                before = self.try_passphrase(signer, passphrase)
            except ClientError as error:
                if error.code is not LocalCode.WRONG_PASSPHRASE or wrong + 1 == TRIES:
                    raise
            else:
                return before if before is not None and before.count > wrong else None
        raise AssertionError

    def try_passphrase(self, officer: Address, passphrase: str) -> WrongTries | None:
        """One try at the passphrase of an officer; wrong ones in a row are an alarm.

        Returns:
            Wrong tries before it; ``None`` if there were none.

        Raises:
            ClientError: ``wrong_passphrase``, ``no_key_held``.
        """
        try:
            return self.store.officers.unlock(officer, passphrase, self.state.system.clock.time_ms())
        except ClientError as error:
            if error.code is LocalCode.WRONG_PASSPHRASE:
                tries = next(each for each in self.store.officers.wrong_tries() if each.officer == officer)
                if tries.count % _GUESSES == 0:
                    detail = f"{officer}: {tries.count} wrong passphrases, one after another"
                    # With the time of the first: as many once more are another alarm than one that was closed.
                    self.state.alarm("guesses", detail, {"first_ms": str(tries.first_ms)}, cause=officer)
            raise

    def delivery(self, item: StoredItem) -> Delivery:
        """A stored dispatch as a program sees it."""
        return delivery_of(item, self.store, self.store.keys.member)

    # The line

    def finish(self, sent: Sequence[Sent], wait_s: float) -> list[Outgoing]:
        """Wait until the hub has answered all of these, or the time is over.

        Args:
            sent: what was written into the outbox.
            wait_s: how long to wait.

        Returns:
            How they stand, in the same order.
        """
        rows = [each.id for each in sent]
        uploading = Uploading(self.store, files_in(each.outgoing for each in sent))
        with uploading.show(self.progress, Work.WAITING) as progress:

            def look() -> None:
                uploading.advance(progress)

            if wait_s and self.holder is None:
                with suppress(LineHeld):  # another process took it just now, and will send what is here
                    asyncio.run(self._send(rows, wait_s, look))
            return self._wait(rows, wait_s, look)

    async def _send(self, rows: Sequence[int], wait_s: float, look: Callable[[], None]) -> None:
        async with FocalPoint.open(self.store, self.settings.hubs, **self.holding) as point:
            with suppress(TimeoutError):
                async with asyncio.timeout(wait_s), beside(_looking(look)):
                    await asyncio.gather(*(point.settled(row) for row in rows), return_exceptions=True)

    def _wait(self, rows: Sequence[int], wait_s: float, look: Callable[[], None]) -> list[Outgoing]:
        """How they stand, once the connected process has their answers."""
        deadline = time.monotonic() + wait_s
        while True:
            outgoing = [self.point.outgoing(row) for row in rows]
            waiting = any(each.is_open for each in outgoing)
            if not waiting or time.monotonic() >= deadline or self.holder is None:
                return outgoing
            look()
            time.sleep(_LOOK_S)

    def catch_up(self, wait_s: float, *, needed: Callable[[], bool]) -> None:
        """Be connected until nothing more comes, if what is needed is not known here and no process is connected.

        Args:
            wait_s: how long; that there is no connection is no fault, for what is missing will be shown.
            needed: whether something is still missing.
        """
        if not wait_s or self.holder is not None or not needed():
            return
        with suppress(SeraiError):
            asyncio.run(self.fetch(wait_s))
        self.reread()

    async def fetch(self, wait_s: float, quiet_s: float = 0.5) -> None:
        """Be connected until nothing more comes.

        Args:
            wait_s: how long at most.
            quiet_s: how long nothing must have come.

        Raises:
            LineHeld: another process is connected already.
            SeraiError: no connection within the time.
        """
        async with FocalPoint.open(self.store, self.settings.hubs, **self.holding) as point:
            try:
                async with asyncio.timeout(wait_s):
                    with self.progress(Work.FETCHING) as progress:
                        await point.wait_live()
                        await _quiet(point, quiet_s, progress)
                    while self.store.attachments.is_moving():
                        await self._carry()
                        with self.progress(Work.FETCHING) as progress:  # what waited for files may go
                            await _quiet(point, quiet_s, progress)
                    point.note_caught_up()
            except TimeoutError:
                if not point.is_live:
                    raise point.fault or ClientError(LocalCode.NO_LINE) from None

    async def _carry(self) -> None:
        """Wait until no file is under way."""
        uploading = Uploading(self.store)
        with uploading.show(self.progress, Work.FETCHING_FILE) as progress:
            while self.store.attachments.is_moving():
                uploading.advance(progress)
                await asyncio.sleep(_LOOK_S)


async def _quiet(point: FocalPoint, quiet_s: float, progress: Advance) -> None:
    """Wait until nothing has come, and nothing is to go, for a while; the index that was reached is shown."""
    seen: Any = None
    while seen != (now := (point.state.cursors, point.state.store.outbox.waiting_count())):
        seen = now
        progress.reach(max(now[0].public, now[0].urgent, now[0].normal))
        await asyncio.sleep(quiet_s)


async def _looking(look: Callable[[], None]) -> None:
    """Look again and again, until cancelled."""
    while True:
        look()
        await asyncio.sleep(_LOOK_S)


def _no_officer(named: Address | None, officers: Sequence[Address], member: Address) -> ClientError:
    """No officer can act: no key of the one named is here, or it is not clear which of several acts."""
    if officers:
        code = LocalCode.NO_OFFICER_KEY if named else LocalCode.OFFICER_UNCLEAR
    else:
        code = LocalCode.FIRST_OFFICER_KEY if named else LocalCode.NO_OFFICER_YET
    return ClientError(code, officer=named, officers=officers, member=member)
