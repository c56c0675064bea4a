"""Which dispatches of the store are exported, oldest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

from clients.actions.client import Client
from clients.actions.handling import WantedUse, check_use, needs_permission
from clients.actions.numbers import spell_number
from clients.actions.progress import Work
from clients.actions.reading import find_dispatch
from clients.errors import ClientError, LocalCode
from clients.mail.inbox import Delivery, handling_of
from clients.mail.state import cover_of
from clients.store import StoredItem
from schemas import labels
from schemas.claims import Dispatch, Status

Direction = Literal["sent", "received"]

_ANY_TIME_MS: Final = 1 << 62


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """Which dispatches a person wants in a file.

    Attributes:
        numbers: of single dispatches; all that fit the rest if there is none.
        since_ms: what the hub accepted then or later, milliseconds since 1970 UTC.
        until_ms: what it accepted before.
        kinds: kinds of report; any if there is none.
        direction: ``sent`` or ``received``; both if ``None``.
        status: ``actual``, ``exercise``, ``test``; any if ``None``.
        mixed: whether exercise and actual may stand in one file.
        wanted: for what the file is, and who has permitted that.
    """

    numbers: tuple[int, ...] = ()
    since_ms: int = 0
    until_ms: int = _ANY_TIME_MS
    kinds: tuple[str, ...] = ()
    direction: Direction | None = None
    status: Status | None = None
    mixed: bool = False
    wanted: WantedUse = field(default_factory=WantedUse)

    def fits(self, cover: Dispatch, *, sent_by_us: bool) -> bool:
        """Whether a dispatch is wanted by what its cover says."""
        return (
            (not self.kinds or cover.kind in self.kinds)
            and (self.direction is None or (self.direction == "sent") is sent_by_us)
            and (self.status is None or cover.status == self.status)
        )


@dataclass(frozen=True, slots=True)
class ExportChoice:
    """What there is of it.

    Attributes:
        digests: of the dispatches, oldest first.
        statuses: how many of them are marked how.
        newest_ms: when the newest was accepted, milliseconds since 1970 UTC; 0 if there is none.
        unverified: how many were left out because a check of theirs failed, or their text is gone.
        wanted: as it was asked.
    """

    digests: tuple[str, ...] = ()
    statuses: Counter[str] = field(default_factory=Counter)
    newest_ms: int = 0
    unverified: int = 0
    wanted: WantedUse = field(default_factory=WantedUse)

    @property
    def status(self) -> str:
        """How all of them are marked; ``mixed`` if not all are marked the same, ``none`` if there is nothing."""
        return next(iter(self.statuses), "none") if len(self.statuses) < 2 else "mixed"


@dataclass(frozen=True, slots=True)
class Exported:
    """A dispatch that is exported.

    Attributes:
        item: as stored.
        delivery: as a program sees it.
        cover: verified.
        needs_permission: whether its provider has not permitted such a file.
    """

    item: StoredItem
    delivery: Delivery
    cover: Dispatch
    needs_permission: bool = False

    @property
    def handling(self) -> str:
        """The handling code that holds for it, of those of cover and report."""
        return handling_of(self.cover, self.delivery.content)

    @property
    def number(self) -> str:
        """Its number as officers say it."""
        return spell_number(self.delivery.index or 0, self.cover.status)


def choose(client: Client, options: ExportOptions) -> ExportChoice:
    """Look for what is wanted.

    Args:
        client: where.
        options: what.

    Raises:
        ClientError: ``no_dispatch`` for a number that is not here, ``statuses_mixed`` if exercise and actual would
            stand in one file and may not, ``use_not_permitted`` for a number whose provider has not permitted such a
            file.
    """
    found: list[tuple[int, str, int]] = []
    statuses: Counter[str] = Counter()
    unverified = 0
    for item in _items(client, options):
        cover = None if item.step is not None else cover_of(item)
        if cover is None:
            unverified += 1
        elif options.numbers or options.fits(cover, sent_by_us=item.sent_by_us):
            if options.numbers:
                content = client.delivery(item).content
                check_use(item.index or 0, cover, content, options.wanted, client.state.member)
            found.append((item.seq, item.digest, item.leaf.accepted_at))
            statuses[cover.status] += 1
    if len(statuses) > 1 and not options.mixed:
        counts = {labels.Status(status): count for status, count in sorted(statuses.items())}
        raise ClientError(LocalCode.STATUSES_MIXED, counts=counts)
    found.sort()
    newest_ms = found[-1][2] if found else 0
    digests = tuple(digest for _seq, digest, _ms in found)
    return ExportChoice(digests, statuses, newest_ms, unverified, options.wanted)


def exported(client: Client, choice: ExportChoice) -> Iterator[Exported]:
    """The dispatches of a choice in order, each read when it is due; those too that may not be in such a file."""
    wanted, member = choice.wanted, client.state.member
    with client.progress(Work.EXPORTING, len(choice.digests)) as progress:
        for digest in choice.digests:
            item = client.store.items.get(digest)
            delivery = client.delivery(item) if item is not None else None
            if item is not None and delivery is not None and delivery.cover is not None:
                needs = needs_permission(delivery.cover, delivery.content, wanted.use, member)
                yield Exported(item, delivery, delivery.cover, needs and not wanted.permission)
            progress.advance()


def _items(client: Client, options: ExportOptions) -> Iterator[StoredItem]:
    if options.numbers:
        yield from (find_dispatch(client, number) for number in dict.fromkeys(options.numbers))
        return
    for glance in client.store.items.glances(options.since_ms, options.until_ms):
        item = client.store.items.get(glance.digest)
        if item is not None:
            yield item
