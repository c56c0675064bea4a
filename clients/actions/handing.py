"""The log of what left the system from here, as a person reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clients.actions.client import Client
from clients.actions.handling import WantedUse
from clients.mail.state import cover_of
from clients.store import HandedOut
from schemas.addresses import Address, member_of
from schemas.labels import CodedValue


class HandedWay(CodedValue):
    """How a dispatch left the system."""

    PRINT = "print", "printed", "напечатано"
    EXPORT = "export", "exported", "выгружено в файл"
    FORWARD = "forward", "passed on", "передано дальше"


@dataclass(frozen=True, slots=True)
class HandedList:
    """The log, as far as it was asked for.

    Attributes:
        shown: entries; what was changed since and nobody has looked at first, then the newest first.
        left: how many are left out.
    """

    shown: tuple[HandedOut, ...]
    left: int


def note_handed(
    client: Client,
    digests: Sequence[str],
    by: Address,
    way: HandedWay,
    form: str,
    wanted: WantedUse,
    to: tuple[Address, ...] = (),
) -> None:
    """Keep that dispatches leave the system, before they do: what is not in the log must not have left.

    Args:
        client: whose.
        digests: of the dispatches.
        by: the officer who does it.
        way: how.
        form: kind of the file, or ``dispatch``.
        wanted: for what, and who has permitted it.
        to: to whom it is passed on.

    Raises:
        SeraiError: ``storage_failed``.
    """
    at_ms = client.state.system.clock.time_ms()
    entries = []
    for digest in dict.fromkeys(digests):
        item = client.store.items.get(digest)
        cover = cover_of(item) if item is not None else None
        if item is None or cover is None:  # what could not be verified is not handed out
            continue
        entries.append(
            HandedOut(
                digest=digest,
                at_ms=at_ms,
                by=by,
                way=way.value,
                form=form,
                number=item.index,
                status=cover.status,
                sender=member_of(cover.iss),
                use=wanted.use.value,
                permission=wanted.permission,
                to=to,
            )
        )
    client.store.handed.add(entries)


def list_handed(client: Client, limit: int, digest: str | None = None) -> HandedList:
    """The log, of one dispatch or of all; what was changed since counts as looked at then.

    Args:
        client: whose.
        limit: at most so many.
        digest: of the dispatch; of all if ``None``.
    """
    log = client.store.handed
    found = log.newest(limit) if digest is None else log.of(digest)[::-1][:limit]
    total = log.count() if digest is None else len(log.of(digest))
    log.tell(found)
    return HandedList(tuple(found), total - len(found))
