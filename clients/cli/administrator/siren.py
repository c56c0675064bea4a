"""Calls an officer as long as something urgent waits: by a command, and by the bell of the terminal."""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from clients.actions.hooks import HookEnd, Hooks
from clients.actions.news import News, Newsreader
from clients.actions.ringing import Urgent
from clients.documents.news import news_environment, news_line, urgent_environment, urgent_line
from clients.documents.plain import clean
from clients.documents.profiles import number_lines, numbers_text
from clients.documents.texts import _
from clients.mail.inbox import Delivery
from clients.store import Store
from clients.tasks import StorageGuard
from schemas.addresses import Address, member_of
from schemas.errors import SeraiError
from schemas.reports.profile import ProfileReport

log = logging.getLogger("serai.run")

Stated = Mapping[Address, ProfileReport | None]
"""What counts of the profile of each country."""

_OPERATION: Final = "operation"
_TICK_S: Final = 1.0
_BELL_S: Final = 5.0
_NEVER: Final = float("-inf")


@dataclass(frozen=True, slots=True)
class CallOptions:
    """How an officer is called.

    Attributes:
        on_urgent: command to run; empty for none.
        every_s: how often it is repeated until an officer has answered.
        bell: whether the terminal rings.
        on_fault: command to run when something is wrong; empty for none.
    """

    on_urgent: str = ""
    every_s: float = 60.0
    bell: bool = True
    on_fault: str = ""


class Siren:
    """Calls for what waits in one store.

    Args:
        store: where it is looked.
        options: how to call.
        hooks: runs the command; one at a time for each dispatch.
        now_ms: gives the time, milliseconds since 1970 UTC.
        stated: gives what counts of the profile of each country, within a status: whom to telephone.
    """

    def __init__(
        self,
        store: Store,
        options: CallOptions,
        hooks: Hooks | None = None,
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
        stated: Callable[[str], Stated] = lambda _status: {},
    ) -> None:
        self._store = store
        self._stated = stated
        self._urgent = Urgent(store)
        self._news = Newsreader(store, "run", now_ms)
        self._options = options
        self._hooks = hooks or Hooks(options.on_urgent)
        self._looking = StorageGuard(say_unreadable)
        self._reading = StorageGuard(say_unreadable)

    async def call(self) -> None:
        """Run the command for each, until cancelled; what never called goes before the rest, and waits for none."""
        loop = asyncio.get_running_loop()
        called: dict[str, float] = {}
        try:
            while True:
                tell_ends("--on-urgent", self._hooks.tick())
                waiting, now_s = self._look(), loop.time()
                due = [digest for digest in waiting if now_s - called.get(digest, _NEVER) >= self._options.every_s]
                for digest in sorted(due, key=lambda each: called.get(each, _NEVER)):
                    if self._call(digest, len(waiting)):
                        called[digest] = now_s
                await asyncio.sleep(_TICK_S)
        finally:
            self._hooks.close()

    async def tell(self) -> None:
        """Call once for each that happened to something urgent that was sent or came, until cancelled."""
        told: set[tuple[str, str]] = set()
        while True:
            found = self._look_for_news()
            if found and all(self._tell(news, told) for news in found):
                with self._reading:
                    self._news.called(found)  # who died before it calls again
                told.clear()
            await asyncio.sleep(_TICK_S)

    def _tell(self, news: News, told: set[tuple[str, str]]) -> bool:
        """Call for one, if nobody was called for it yet; False where that has to wait for another command."""
        key = (news.digest, news.kind.value)
        if key in told:
            return True
        if self._hooks.is_set and not self._hooks.has_room(" ".join(key)):
            return False
        log.warning(news_line(news))
        numbers = self._telephone(news.members, news.status) if news.call else {}
        self._hooks.start(" ".join(key), {**news_environment(news), **numbers})
        told.add(key)
        return True

    def _look_for_news(self) -> list[News]:
        with self._reading:
            return self._news.look()
        return []

    async def ring(self) -> None:
        """Ring the terminal meanwhile, whatever the command does, until cancelled; at once over where there is none."""
        while self._options.bell and sys.stderr.isatty():
            waiting = self._look() or self._has_returned()
            if waiting:
                ring_terminal()
            await asyncio.sleep(_BELL_S if waiting else _TICK_S)

    def _look(self) -> list[str]:
        """What waits; nothing while the store cannot be read."""
        with self._looking:
            return self._urgent.look()
        return []

    def _has_returned(self) -> bool:
        """Whether something urgent of ours came back and waits for an officer."""
        with self._looking:
            return self._store.outbox.returned_count(urgent=True) > 0
        return False

    def _delivery(self, digest: str) -> Delivery | None:
        with self._reading:
            return self._urgent.delivery(digest)
        return None

    def _call(self, digest: str, waiting: int) -> bool:
        """Call for one; False where that has to wait: its command still runs, too many do, or the disk fails."""
        if self._hooks.is_set and not self._hooks.has_room(digest):
            return False
        delivery = self._delivery(digest)
        if delivery is None:
            return False
        log.warning(_("waits for an officer: {line}").format(line=urgent_line(delivery)))
        cover, numbers = delivery.cover, dict[str, str]()
        if cover is not None and cover.kind == _OPERATION:
            numbers = self._telephone([member_of(cover.iss)], cover.status)
        self._hooks.start(digest, {**urgent_environment(delivery, waiting), **numbers})
        return True

    def _telephone(self, members: Sequence[Address], status: str) -> dict[str, str]:
        """Say whom to telephone of an operation, and tell the command; no call waits for that or fails with it."""
        with self._reading:
            stated = self._stated(status)
            for line in number_lines(members, stated):
                log.warning(line.strip())
            return {"SERAI_TELEPHONE": numbers_text(members, stated)}
        return {}


def ring_terminal() -> None:
    """Ring once."""
    sys.stderr.write("\a")
    sys.stderr.flush()


def tell_ends(option: str, ends: Iterable[HookEnd]) -> None:
    """Say which commands of the operator's failed, and how.

    Args:
        option: that named the command.
        ends: how they ended.
    """
    for end in ends:
        if end.why:
            log.error(_("{option} could not be run: {why}").format(option=option, why=clean(end.why)))
        elif end.status is None:
            log.error(
                _("{option} ran for more than a minute, and was ended with all that it had started").format(
                    option=option
                )
            )
        elif end.status:
            log.error(_("{option} ended with {status}").format(option=option, status=end.status))


def say_unreadable(error: SeraiError) -> None:
    """The store may be on a full or failing disk: that is said, and tried again."""
    log.warning(_("the store cannot be read now: {detail}").format(detail=error.detail))
