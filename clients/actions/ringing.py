"""Urgent dispatches that no officer has answered: what the alarm of ``serai run`` is about.

What its sender has cancelled rings no more; what it has corrected lets the correction ring instead, if that is
urgent too. A cancellation itself rings where an officer has acknowledged what it cancels, for somebody acts on it;
where nobody has, there is nobody to call back.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from clients.actions.listing import ListEntry, Rank
from clients.mail.amendments import CHANGES, Amendments, amendments_of, completes
from clients.mail.inbox import Delivery, delivery_of
from clients.mail.state import cover_of
from clients.store import NOTED, Store
from schemas.rules.status import is_status_known

_MOST_VERSIONS: Final = 64


class Urgent:
    """Keeps count of what waits for an officer.

    Args:
        store: where they are.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._seen = 0
        self._waiting: list[str] = []
        self._cancels: dict[str, list[str]] = {}
        self._completes: dict[str, str | None] = {}
        self._flash: dict[str, bool] = {}

    def look(self) -> list[str]:
        """Digests of urgent dispatches that wait for an officer, oldest first."""
        for seq, digest in self._store.items.urgent_after(self._seen):
            self._seen = seq
            self._waiting.append(digest)
        self._waiting = [digest for digest in self._waiting if not self._is_answered(digest)]
        return [digest for digest in self._waiting if not self._is_settled(digest)]

    def entries(self, waiting: Sequence[str]) -> list[ListEntry]:
        """Where those that wait stand in a list: flash before all others.

        Words of precedence that are not known count as ``immediate``: a flood of them hides no flash.

        Args:
            waiting: what `look` gave.
        """
        return [
            ListEntry(digest, self._store.items.place_of(digest), Rank.FLASH if self._is_flash(digest) else Rank.URGENT)
            for digest in waiting
        ]

    def _is_flash(self, digest: str) -> bool:
        if digest not in self._flash:
            item = self._store.items.get(digest)
            cover = cover_of(item) if item is not None else None
            self._flash[digest] = cover is not None and cover.precedence == "flash"
        return self._flash[digest]

    def _is_answered(self, digest: str) -> bool:
        if any(self._has(each, outcome) for each in self._same(digest) for outcome in ("acknowledged", "declined")):
            return True
        item = self._store.items.get(digest) if self._has(digest, NOTED) else None
        cover = cover_of(item) if item is not None else None
        # Once it can be read, it waits for an answer.
        return item is not None and (cover is None or not is_status_known(cover.status))

    def _same(self, digest: str) -> tuple[str, ...]:
        """It, and what it says once more with attachments: who has answered that is not called again."""
        if digest not in self._completes:
            self._completes[digest] = completes(digest, self._store)
        completed = self._completes[digest]
        return (digest,) if completed is None else (digest, completed)

    def _has(self, digest: str, outcome: str) -> bool:
        return self._store.outcomes.has(digest, self._store.keys.member, outcome)

    def _targets(self, digest: str, rel: str) -> list[str]:
        """What a dispatch refers to in one way."""
        item = self._store.items.get(digest)
        cover = cover_of(item) if item else None
        return [ref.digest for ref in (cover.refs or () if cover else ()) if ref.rel == rel]

    def _is_settled(self, digest: str) -> bool:
        """Whether its sender has settled it: nobody needs to be called."""
        if digest not in self._cancels:
            self._cancels[digest] = self._targets(digest, "cancel")
        if targets := self._cancels[digest]:
            return all(self._is_cancelled(target, digest) and not self._is_acted_on(target) for target in targets)
        if not self._store.references.has(digest, *CHANGES):
            return False
        amendments = self._amendments(digest)
        corrected = amendments.corrected_by
        return amendments.cancelled_by is not None or (corrected is not None and self._rings(corrected.source))

    def _is_cancelled(self, digest: str, by: str) -> bool:
        """Whether what is to be cancelled is here, and it is its own sender who cancels it."""
        return any(each.source == by for each in self._amendments(digest).cancels)

    def _is_acted_on(self, digest: str) -> bool:
        """Whether an officer has acknowledged it, or what it corrects."""
        versions = [digest]
        for version in versions:  # grows as it goes, to the first version
            if len(versions) > _MOST_VERSIONS or self._has(version, "acknowledged"):
                return True
            versions += self._targets(version, "update")
        return False

    def _rings(self, digest: str) -> bool:
        item = self._store.items.get(digest)
        return item is not None and item.inbox and item.lane == "urgent"

    def _amendments(self, digest: str) -> Amendments:
        item = self._store.items.get(digest)
        return amendments_of(digest, cover_of(item) if item else None, self._store)

    def delivery(self, digest: str) -> Delivery | None:
        """One of them, as it is shown."""
        item = self._store.items.get(digest)
        return None if item is None else delivery_of(item, self._store, self._store.keys.member)
