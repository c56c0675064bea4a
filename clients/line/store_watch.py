"""Looking, while a client is connected, whether anybody has changed its store from outside.

What lies in the clear is compared after every change that was not made here; once a day all of the file is read, in a
thread, on a connection of its own: mail goes on meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from clients.mail.state import State
from clients.tasks import StorageGuard, keeping_cancellation, warns

_LOOK_S: Final = 300.0
"""How often it is looked whether the store was changed from outside, and whether all of it is to be checked."""

_DAY_MS: Final = 24 * 3600 * 1000


class StoreWatch:
    """Looks after one store.

    Args:
        state: what the client believes; alarms go through it.
        told: called after every look that may have found something.
    """

    def __init__(self, state: State, told: Callable[[], None]) -> None:
        self._state = state
        self._told = told

    async def run(self) -> None:
        """Look until cancelled; a disk that fails is looked at again."""
        guard, seen = StorageGuard(warns("the store cannot be checked")), -1
        while True:
            await asyncio.sleep(_LOOK_S)
            with guard, keeping_cancellation():
                if seen != (version := self._state.store.version):
                    seen = version
                    self._state.check_store()
                    self._told()
                if self._is_due():
                    await self._check_all()

    def _is_due(self) -> bool:
        """By this machine's own clock; also where that has been set back."""
        since_ms = self._state.system.clock.local_ms() - self._state.store.trust.store_checked[0]
        return not 0 <= since_ms < _DAY_MS

    async def _check_all(self) -> None:
        found = await asyncio.to_thread(self._state.store.check_beside())
        self._state.take_check(found)
        self._told()
