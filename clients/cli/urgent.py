"""Urgent dispatches that no officer has answered: what the alarm of ``serai run`` is about."""

from __future__ import annotations

from collections.abc import Mapping

from clients.cli.numbers import spell_number
from clients.cli.texts import _, label_of
from clients.cli.ui import clean
from clients.inbox import Delivery, delivery_of
from clients.store import Store
from schemas.labels import Kind, Precedence, Status


class Urgent:
    """Keeps count of what waits for an officer.

    Args:
        store: where they are.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._seen = 0
        self._waiting: list[str] = []

    def look(self) -> list[str]:
        """Digests of urgent dispatches that no officer has acknowledged or declined, oldest first."""
        for seq, digest in self._store.items.urgent_after(self._seen):
            self._seen = seq
            self._waiting.append(digest)
        self._waiting = [digest for digest in self._waiting if not self._is_answered(digest)]
        return list(self._waiting)

    def _is_answered(self, digest: str) -> bool:
        outcomes, member = self._store.outcomes, self._store.keys.member
        return any(outcomes.has(digest, member, outcome) for outcome in ("acknowledged", "declined"))

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
