"""What the pages show, kept up to date: looked at again when something may have changed, told as it changes.

What there is to see are named parts (`Looking`), read in the worker's thread. Each page has its own numbers: a
snapshot, then events one after another. A page that reads slowly misses no state: it gets the newest, in one step.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Protocol

from clients.actions.client import Client
from clients.documents.texts import speaking
from clients.tasks import StorageGuard, warns

if TYPE_CHECKING:
    from clients.desk.worker import Worker

LOOK_S: Final = 0.2
"""How often it is looked whether something has changed."""

Parts = Mapping[str, Any]


class Looking(Protocol):
    """What there is to see; every method but `diff` is called in the worker's thread."""

    def look(self, client: Client, revision: int) -> bool:
        """Read again what may have changed.

        Args:
            client: the member's.
            revision: another number after something was done at this desk.

        Returns:
            Whether `parts` may give something else than the last time.
        """

    def parts(self, client: Client, language: str) -> Parts:
        """What was seen last: named parts, each a JSON value, in a language."""

    def diff(self, old: Parts, new: Parts) -> list[dict[str, Any]]:
        """What has to be told to a page that has the old parts: ``{"kind": part, ...}`` each, none if nothing."""


class DeskFeed:
    """Looks for all pages.

    Args:
        worker: has the store.
        looking: what there is to see.
    """

    def __init__(self, worker: Worker, looking: Looking) -> None:
        self.looking = looking
        self._worker = worker
        self._parts: dict[str, Parts] = {}
        self._wanted: dict[str, int] = {}
        self._changed = asyncio.Condition()
        self.revision = 0

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        guard = StorageGuard(warns("what is new is not seen at the desk"))
        while True:
            with guard:
                await self.look()
            await asyncio.sleep(LOOK_S)

    async def look(self) -> None:
        """Look once, and wake the pages if there is something new."""
        if not self._wanted:
            await self._worker.do(lambda _client: None)  # the beat tells how far the worker has got
            return
        languages, revision = tuple(self._wanted), self.revision
        known = frozenset(self._parts)

        def read(client: Client) -> dict[str, Parts]:
            is_new = self.looking.look(client, revision)
            found = {}
            for language in languages:
                if is_new or language not in known:
                    with speaking(language):
                        found[language] = self.looking.parts(client, language)
            return found

        found = await self._worker.do(read)
        if found:
            self._parts.update(found)
            await self.wake()

    async def wake(self) -> None:
        """Let every page look whether there is something for it."""
        async with self._changed:
            self._changed.notify_all()

    async def parts(self, language: str) -> Parts:
        """What there is now, in a language; read if nobody has read it yet."""
        if language not in self._parts:
            await self.look()
        return self._parts.get(language, {})

    async def wait(self, seconds: float) -> None:
        """Until something may have changed, or so long."""
        async with self._changed:
            try:
                async with asyncio.timeout(seconds):
                    await self._changed.wait()
            except TimeoutError:
                return

    def want(self, language: str) -> None:
        """A page reads this language from now on."""
        self._wanted[language] = self._wanted.get(language, 0) + 1

    def leave(self, language: str) -> None:
        """It reads it no more."""
        self._wanted[language] -= 1
        if not self._wanted[language]:
            del self._wanted[language]
            self._parts.pop(language, None)
