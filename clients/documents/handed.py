"""What left the system from here: printed, exported, passed on; in words and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from clients.actions.client import Client
from clients.actions.handing import HandedWay
from clients.actions.numbers import spell_number
from clients.documents.plain import clean, utc
from clients.documents.texts import _, label_of, plural
from clients.store import HandedOut
from schemas.rules.handling import Use


def handed_text(count: int) -> str:
    """That dispatches were changed by their providers after they had left the system here."""
    return plural(
        "{count} dispatch was changed since it was printed, exported or passed on here: serai log",
        "{count} dispatches were changed since they were printed, exported or passed on here: serai log",
        count,
    )


def handed_number(each: HandedOut) -> str:
    """The number of the dispatch of an entry."""
    return spell_number(each.number, each.status) if each.number is not None else "?"


def handed_words(client: Client, each: HandedOut) -> str:
    """An entry of the log: when, how, by whom, for what, and what has changed since."""
    form = f" ({each.form})" if each.way == HandedWay.EXPORT.value else ""  # of other ways there is one form only
    words = f"{utc(each.at_ms)}  {label_of(HandedWay, each.way)}{form}, {each.by}"
    if each.to:
        words += " " + _("to {members}").format(members=", ".join(each.to))
    words += f"; {label_of(Use, each.use)}"
    if each.permission:
        words += "; " + _("permitted: {words}").format(words=clean(each.permission))
    if each.changed_by:
        words += "; " + _("CHANGED SINCE by {numbers}: tell whoever has it").format(
            numbers=", ".join(_numbers(client, each))
        )
    return words


def _numbers(client: Client, each: HandedOut) -> Sequence[str]:
    places = [client.store.items.place_of(digest) for digest in each.changed_by]
    return ["?" if place is None else spell_number(place, each.status) for place in places]


def handed_json(client: Client, each: HandedOut) -> dict[str, Any]:
    """The same for programs."""
    return {
        "number": each.number,
        "digest": each.digest,
        "status": each.status,
        "at_ms": each.at_ms,
        "by": each.by,
        "way": each.way,
        "form": each.form,
        "use": each.use,
        "permission": each.permission,
        "to": list(each.to),
        "changed_by": list(_numbers(client, each)),
        "state": each.state.value,
    }
