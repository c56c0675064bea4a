"""Urgent dispatches that no officer has answered: what the alarm of ``serai run`` is about.

What its sender has cancelled rings no more; what it has corrected lets the correction ring instead, if that is
urgent too. A cancellation itself rings where an officer has acknowledged what it cancels, for somebody acts on it;
where nobody has, there is nobody to call back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from clients.cli.numbers import spell_number
from clients.cli.texts import _, label_of
from clients.cli.ui import clean
from clients.inbox import Delivery, delivery_of
from clients.marks import CHANGES, Marks, marks_of
from clients.state import cover_of
from clients.store import Store
from schemas.labels import Kind, Precedence, Status

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

    def look(self) -> list[str]:
        """Digests of urgent dispatches that wait for an officer, oldest first."""
        for seq, digest in self._store.items.urgent_after(self._seen):
            self._seen = seq
            self._waiting.append(digest)
        self._waiting = [digest for digest in self._waiting if not self._is_answered(digest)]
        return [digest for digest in self._waiting if not self._is_settled(digest)]

    def _is_answered(self, digest: str) -> bool:
        return any(self._has(digest, outcome) for outcome in ("acknowledged", "declined"))

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
        marks = self._marks(digest)
        corrected = marks.corrected_by
        return marks.cancelled_by is not None or (corrected is not None and self._rings(corrected.source))

    def _is_cancelled(self, digest: str, by: str) -> bool:
        """Whether what is to be cancelled is here, and it is its own sender who cancels it."""
        return any(each.source == by for each in self._marks(digest).cancels)

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

    def _marks(self, digest: str) -> Marks:
        item = self._store.items.get(digest)
        return marks_of(digest, cover_of(item) if item else None, self._store)

    def delivery(self, digest: str) -> Delivery | None:
        """One of them, as it is shown."""
        item = self._store.items.get(digest)
        return None if item is None else delivery_of(item, self._store, self._store.keys.member)


def urgent_line(delivery: Delivery) -> str:
    """One line about an urgent dispatch; nothing of its content, because a terminal may be seen by others."""
    cover = delivery.cover
    number = spell_number(delivery.index or 0, cover.status if cover else None)
    if cover is None:
        return _("{number}: an urgent dispatch that could not be verified; look at it").format(number=number)
    exercise = "" if cover.status == "actual" else f" - {label_of(Status, cover.status).upper()}"
    precedence = label_of(Precedence, cover.precedence).upper()
    return f"{precedence} {number} {label_of(Kind, cover.kind)} {clean(delivery.sender or '?')}{exercise}"


def urgent_environment(delivery: Delivery, waiting: int) -> Mapping[str, str]:
    """What the command of ``--on-urgent`` is told: the cover, never the content."""
    cover = delivery.cover
    return {
        "SERAI_NUMBER": spell_number(delivery.index or 0, cover.status if cover else None),
        "SERAI_PLACE": str(delivery.index or 0),
        "SERAI_FROM": str(delivery.sender or ""),
        "SERAI_KIND": cover.kind if cover else "",
        "SERAI_STATUS": cover.status if cover else "",
        "SERAI_PRECEDENCE": cover.precedence if cover else "",
        "SERAI_WAITING": str(waiting),
    }
