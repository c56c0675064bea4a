"""The desk as one thing: the worker with the store, who is at the screen, what is shown, and the clock."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import AsyncExitStack
from importlib.metadata import version
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self, TypeVar

from clients.actions.drafts.files import sweep_uploads
from clients.actions.signing_session import SigningSession
from clients.desk.feed import DeskFeed, Looking
from clients.desk.sessions import DeskSession, DeskSessions, Tries
from clients.desk.worker import OpenClient, Worker
from clients.documents.texts import language
from clients.errors import ClientError, LocalCode
from clients.store import ScreenEntry, ScreenEvent
from clients.tasks import StorageGuard, beside, warns
from schemas.errors import SeraiError

if TYPE_CHECKING:
    from clients.actions.client import Client
    from clients.system import System
    from schemas.addresses import Address

log = logging.getLogger("serai.desk")

T = TypeVar("T")

NAME: Final = "serai.localhost"
"""The name of every desk: browsers lead it to this machine without asking anybody (RFC 6761 section 6.3)."""

PORT: Final = 7317
"""Where a desk listens if nobody names another."""

_TICK_S: Final = 0.5


class Desk:
    """A member's desk; open as long as its ``async with`` block lasts.

    Args:
        open_client: opens the member's client, in the worker's thread; nobody is asked for a passphrase by it.
        system: clock, chance and waiting.
        looking: what there is to see.
        port: at which its pages reach it.

    Attributes:
        open_client: opens another client of the same store, for what takes long (`clients.desk.aside`).
        worker: has the store.
        sessions: the browsers that know this desk.
        feed: what the pages show.
        system: clock, chance and waiting.
        language: that of the process, for who has not chosen one.
        on_code: called with the code that opens the next window, once the last was used.
    """

    def __init__(self, open_client: OpenClient, system: System, looking: Looking, port: int = PORT) -> None:
        self.system = system
        self.open_client = open_client
        self.worker = Worker(open_client, system.monotonic)
        self.sessions = DeskSessions(system.entropy, self.now_ms)
        self.feed = DeskFeed(self.worker, looking)
        self.code_tries = Tries(system.monotonic)
        self.tries = Tries(system.monotonic)
        self.language = language()
        self.port = port
        self.version = version("serai")
        self.on_code: Callable[[str], None] = lambda _code: None
        self._stack = AsyncExitStack()

    @property
    def host(self) -> str:
        """What a request to it names as its host."""
        return NAME if self.port == 80 else f"{NAME}:{self.port}"

    @property
    def origin(self) -> str:
        """Where its pages come from."""
        return f"http://{self.host}"

    def now_ms(self) -> int:
        """This machine's wall clock, milliseconds since 1970 UTC."""
        return self.system.clock.local_ms()

    async def __aenter__(self) -> Self:
        """Open the store, and begin to look.

        Raises:
            SeraiError: it cannot be opened.
        """
        await self.worker.start()
        await self.worker.do(sweep_uploads)
        self._stack.push_async_callback(self.worker.stop)
        await self.worker.do(lambda client: client.store.officers.lock())  # of a seat that is an officer's own, too
        await self._stack.enter_async_context(beside(self.feed.run(), self._watch_locks()))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        """Lock everything, and close the store."""
        for session in self.sessions:
            await self.lock(session, "locked")
        return await self._stack.__aexit__(kind, error, trace)

    async def do(self, work: Callable[[Client], T]) -> T:
        """Let something be done with the client, in the worker's thread (`Worker.do`)."""
        return await self.worker.do(work)

    def note_changed(self) -> None:
        """Something may have been done: the pages are to see it."""
        self.feed.revision += 1

    # Who is at the screen

    async def open(self, code: str, cookie: str) -> tuple[str, str, DeskSession]:
        """Open a window by the code (`DeskSessions.open`); that is kept in the log, and so is a wrong one.

        Raises:
            ClientError: ``code_not_valid``, ``tries_paused``, ``try_under_way``.
        """
        with self.code_tries.one():
            try:
                opened = self.sessions.open(code, cookie, self.language)
            except ClientError:
                await self.worker.do(lambda client: note(client, ScreenEvent.CODE_REFUSED))
                raise
            await self.worker.do(lambda client: note(client, ScreenEvent.OPENED))
        self.on_code(self.sessions.code)
        return opened

    async def unlock(self, session: DeskSession, officer: Address, passphrase: str) -> None:
        """Let an officer in; whoever was at another screen of this desk is locked out.

        Raises:
            ClientError: ``wrong_passphrase``, which has been counted; ``tries_paused``, ``try_under_way``; what
                `Client.officer` raises.
        """
        others = [each.signing for each in self.sessions if each.signing is not None]

        def open_key(client: Client) -> SigningSession:
            signing = SigningSession(client, officer, self.now_ms)
            try:
                signing.unlock(passphrase)
            except ClientError as error:
                if error.code is LocalCode.WRONG_PASSPHRASE:
                    note(client, ScreenEvent.REFUSED, officer)
                raise
            for other in others:
                other.lock()
                note(client, ScreenEvent.TAKEN_OVER, other.officer)
            note(client, ScreenEvent.UNLOCKED, officer)
            if not client.store.officers.is_open(officer):  # it was open at another screen, too
                signing.unlock(passphrase)
            return signing

        with self.tries.one():
            signing = await self.worker.do(open_key)
        for each in self.sessions:
            if each.is_unlocked:
                each.lock("other")
        session.unlock(officer, signing, self.now_ms())
        await self.feed.wake()

    async def lock(self, session: DeskSession, why: str) -> None:
        """Nobody is at the screen: the key is forgotten, and the pages are to clear themselves.

        Args:
            session: of the screen.
            why: ``locked`` by a person, ``idle`` by itself.
        """
        signing = session.lock(why)
        if signing is None:
            return

        def lock_key(client: Client) -> None:
            signing.lock()
            with StorageGuard(warns("that a screen was locked is not kept")):  # it is locked all the same
                note(client, ScreenEvent.LEFT if why == "idle" else ScreenEvent.LOCKED, signing.officer)

        await self.feed.wake()
        await self.worker.do(lock_key)

    async def lock_over(self) -> None:
        """Lock every session whose time is over."""
        for session in self.sessions.over():
            await self.lock(session, "idle")

    async def touch(self, session: DeskSession) -> None:
        """A key was pressed."""
        if session.signing is not None:
            session.touched_ms = self.now_ms()
            await self.worker.do(lambda _client, signing=session.signing: signing.touch())  # type: ignore[misc]
            await self.feed.wake()

    async def _watch_locks(self) -> None:
        """Lock what is over, and let who is at the screen sign anew what was signed there and came back for it."""
        while True:
            await self.lock_over()
            for session in self.sessions:
                if session.signing is not None:
                    await self._sign_again(session.signing)
            await asyncio.sleep(_TICK_S)

    async def _sign_again(self, signing: SigningSession) -> None:
        def again(_client: Client) -> bool:
            try:
                return bool(signing.tick())
            except SeraiError as error:  # it stays in the outbox, with its alarm
                log.warning("what came back could not be signed anew: %s", error)
                return False

        if await self.worker.do(again):
            self.note_changed()


def note(client: Client, event: ScreenEvent, officer: Address | None = None) -> None:
    """Keep in the store's log what happened at a screen.

    Raises:
        SeraiError: ``storage_failed``: what should be in the log does not happen without it.
    """
    client.store.screens.add(ScreenEntry(client.state.system.clock.time_ms(), event, officer))
