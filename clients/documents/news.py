"""An urgent dispatch as ``serai run`` tells of it: its cover, nothing of its content."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from clients.actions.news import News
from clients.actions.numbers import spell_number
from clients.documents.dispatches import status_text
from clients.documents.plain import clean
from clients.documents.texts import _, label, label_of
from clients.mail.inbox import Delivery
from schemas.labels import Precedence
from schemas.reports.kinds import KINDS
from schemas.rules.status import may_be_real

_MOST_MEMBERS: Final = 16


def urgent_line(delivery: Delivery) -> str:
    """One line about an urgent dispatch; nothing of its content, because a terminal may be seen by others."""
    cover = delivery.cover
    number = spell_number(delivery.index or 0, cover.status if cover else None)
    if cover is None:
        return _("{number}: an urgent dispatch that could not be verified; look at it").format(number=number)
    exercise = "" if cover.status == "actual" else f" - {status_text(cover.status)}"
    precedence = label_of(Precedence, cover.precedence).upper()
    return f"{precedence} {number} {label_of(KINDS.values(), cover.kind)} {clean(delivery.sender or '?')}{exercise}"


def _ring_as(status: str) -> str:
    """As what it rings: what may be real rings as real."""
    return "actual" if may_be_real(status) else status


def news_line(news: News) -> str:
    """One line about something that happened to a dispatch, nothing of its content."""
    exercise = "" if news.status == "actual" else f" - {status_text(news.status)}"
    who = str(news.members[0]) if len(news.members) == 1 else str(len(news.members))
    number = spell_number(news.index or 0, news.status)
    precedence = label_of(Precedence, news.precedence).upper()
    return f"{precedence} {number} {who}: {label(news.kind)}{exercise}"


def news_json(news: News) -> dict[str, Any]:
    """The same for programs."""
    return {
        "event": news.kind.value,
        "digest": news.digest,
        "number": news.index,
        "members": list(news.members),
        "status": news.status,
        "precedence": news.precedence,
    }


def news_environment(news: News) -> Mapping[str, str]:
    """What the command of ``--on-urgent`` learns where it is called once, beside `urgent_environment`'s words."""
    return {
        "SERAI_EVENT": news.kind.value,
        "SERAI_NUMBER": spell_number(news.index or 0, news.status),
        "SERAI_PLACE": str(news.index or 0),
        "SERAI_FROM": ", ".join(news.members[:_MOST_MEMBERS]),
        "SERAI_STATUS": _ring_as(news.status),
        "SERAI_PRECEDENCE": news.precedence,
    }


def urgent_environment(delivery: Delivery, waiting: int) -> Mapping[str, str]:
    """What the command of ``--on-urgent`` learns: the cover, never the content."""
    cover = delivery.cover
    return {
        "SERAI_EVENT": "waits",
        "SERAI_NUMBER": spell_number(delivery.index or 0, cover.status if cover else None),
        "SERAI_PLACE": str(delivery.index or 0),
        "SERAI_FROM": str(delivery.sender or ""),
        "SERAI_KIND": cover.kind if cover else "",
        "SERAI_STATUS": _ring_as(cover.status) if cover else "",
        "SERAI_PRECEDENCE": cover.precedence if cover else "",
        "SERAI_WAITING": str(waiting),
    }
