"""Which statements an evidence file of several dispatches has, and making it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from clients.actions.client import Client
from clients.actions.handling import WantedUse, check_use
from clients.actions.numbers import spell_number
from clients.actions.progress import Work
from clients.actions.reading import find_dispatch, receipts_of
from clients.errors import ClientError, LocalCode
from clients.mail.inbox import handling_of
from clients.mail.state import cover_of
from clients.store import StoredItem
from clients.trust.evidence import Disclosure, too_large
from schemas import labels, limits
from schemas.claims import Dispatch
from schemas.errors import Code, SeraiError

_LAST_STEP = 10


@dataclass(frozen=True, slots=True)
class ProvenDispatch:
    """A dispatch that an evidence file is about.

    Attributes:
        digest: identity, base64url.
        number: as officers say it.
        status: ``actual``, ``exercise``, ``test``, or a later word.
        handling: the handling code that holds for it, as far as it is known here.
    """

    digest: str
    number: str
    status: str
    handling: str


@dataclass(frozen=True, slots=True)
class EvidenceChoice:
    """What an evidence file is to be about.

    Attributes:
        dispatches: those that were named and, where that was asked for, those that hang together with them, in the
            order of the ledger.
        receipts: digests of the receipts for these.
        left_out: what hangs together with them and cannot be shown, because it was refused here, is erased or has
            lost its place: its digests.
        covers: digests of steps that were not sent to us, and of which the hub has shown the cover.
        unreadable: digests of those that cannot be opened here: they stand in it closed.
        discloses: whether the keys of the contents are to stand in it, which their providers permit.
    """

    dispatches: tuple[ProvenDispatch, ...]
    receipts: tuple[str, ...]
    left_out: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()
    discloses: bool = False

    @property
    def status(self) -> str:
        """How all of them are marked; ``mixed`` if not all are marked the same."""
        found = {each.status for each in self.dispatches}
        return found.pop() if len(found) == 1 else "mixed"


def choose_evidence(
    client: Client,
    numbers: Sequence[int],
    *,
    thread: bool = False,
    mixed: bool = False,
    wanted: WantedUse | None = None,
) -> EvidenceChoice:
    """Look for what an evidence file is to be about.

    Args:
        client: whose.
        numbers: of dispatches that came or were sent.
        thread: whether all that they refer to, and all that refers to them, belongs into the file, and what hangs
            together with that, and so on.
        mixed: whether exercise and actual may stand in one file.
        wanted: for what its contents are disclosed; ``None`` if they are not.

    Raises:
        ClientError: ``no_dispatch`` for a number that is not here, ``sender_unknown`` for one that could not
            be verified, ``evidence_mixed``, ``evidence_too_large``; ``use_not_permitted`` for one whose provider has
            not permitted to disclose it so.
        SeraiError: ``gone`` for a dispatch whose text is not here any more.
    """
    named = {item.digest: item for item in (find_dispatch(client, number) for number in numbers)}
    for item in named.values():
        _check_shown(item)
    found, left_out = _thread(client, named, _neighbours) if thread else (named, ())
    return _choice(client, found, left_out, mixed=mixed, wanted=wanted)


def choose_steps(
    client: Client, operation: str, *, mixed: bool = False, wanted: WantedUse | None = None
) -> EvidenceChoice:
    """All of an operation that is here: its steps, what they refer to, and the receipts for these.

    A step that cannot be opened here stands in the file closed: a court has the rest, and sees that it is there.

    Args:
        client: whose.
        operation: digest of its ``open``.
        mixed: whether exercise and actual may stand in one file.
        wanted: for what its contents are disclosed; ``None`` if they are not.

    Raises:
        ClientError: ``no_operation`` if no step of it can be shown; what `choose_evidence` raises but for numbers.
    """
    steps = [item for item in map(client.store.items.get, client.store.operations.steps(operation)) if item is not None]
    named = {item.digest: item for item in steps if item.index is not None and _can_be_shown(item)}
    if not named:
        raise ClientError(LocalCode.NO_OPERATION, named=operation)
    _check_count(len(named))
    found, left_out = _thread(client, named, _named_by)
    hidden = (item.digest for item in steps if item.digest not in found)
    choice = _choice(client, found, tuple(dict.fromkeys((*hidden, *left_out))), mixed=mixed, wanted=wanted)
    closed = (item.digest for item in found.values() if item.sealed is not None and item.content_key is None)
    covers = (each.digest for each in client.store.operations.shown(operation) if each.statement is not None)
    choice = replace(choice, covers=tuple(covers), unreadable=tuple(closed))
    _check_count(len(choice.dispatches) + len(choice.receipts) + len(choice.covers))
    return choice


def _choice(
    client: Client, found: Mapping[str, StoredItem], left_out: tuple[str, ...], *, mixed: bool, wanted: WantedUse | None
) -> EvidenceChoice:
    items = sorted(found.values(), key=lambda item: item.index or 0)
    if wanted is not None:
        _check_disclosed(client, items, wanted)
    dispatches = tuple(_proven(client, item) for item in items)
    _check_statuses(dispatches, mixed=mixed)
    receipts = tuple(dict.fromkeys(each for item in items for each in receipts_of(client, item.digest)))
    _check_count(len(items) + len(receipts))
    return EvidenceChoice(dispatches, receipts, left_out, discloses=wanted is not None)


async def make_evidence(client: Client, choice: EvidenceChoice) -> bytes:
    """The file, which a stranger who knows only the root's thumbprint would believe.

    Args:
        client: whose.
        choice: what it is about.

    Raises:
        SeraiError: what `clients.trust.evidence.build_evidence` raises.
    """
    digests = [*(each.digest for each in choice.dispatches), *choice.receipts, *choice.covers]
    show = Disclosure(key=choice.discloses, without=frozenset(choice.unreadable))
    with client.progress(Work.PROVING) as progress:
        return await client.point.evidence(digests, show, progress.reach)


def _thread(
    client: Client, named: dict[str, StoredItem], neighbours: Callable[[Client, StoredItem], Iterator[str]]
) -> tuple[dict[str, StoredItem], tuple[str, ...]]:
    """Everything that hangs together with the named ones, and what of it cannot be shown."""
    found, left_out, waiting = dict(named), dict[str, None](), list(named)
    while waiting:
        for digest in neighbours(client, found[waiting.pop()]):
            if digest in found or digest in left_out:
                continue
            item = client.store.items.get(digest)
            if item is None:
                continue  # never was here: the file names it as missing
            if item.index is None or not _can_be_shown(item):
                left_out[digest] = None
                continue
            found[digest] = item
            waiting.append(digest)
            _check_count(len(found))
    return found, tuple(left_out)


def _named_by(_client: Client, item: StoredItem) -> Iterator[str]:
    cover = cover_of(item)
    claim = cover.operation if cover else None
    yield from (ref.digest for ref in (cover.refs or () if cover else ()))
    yield from claim.after or () if claim else ()


def _neighbours(client: Client, item: StoredItem) -> Iterator[str]:
    yield from _named_by(client, item)
    yield from (each.source for each in client.store.references.to(item.digest))


def _check_shown(item: StoredItem) -> None:
    if item.statement is None:
        raise SeraiError(Code.GONE, item.digest)
    if cover_of(item) is None:
        raise ClientError(LocalCode.SENDER_UNKNOWN, number=item.index)


def _check_disclosed(client: Client, items: Sequence[StoredItem], wanted: WantedUse) -> None:
    for item in items:
        cover = cover_of(item)
        if cover is not None:
            check_use(item.index or 0, cover, client.delivery(item).content, wanted, client.state.member)


def _can_be_shown(item: StoredItem) -> bool:
    """Whether the checks of what came have gone far enough for a stranger's to hold."""
    return cover_of(item) is not None and (item.step in (None, _LAST_STEP) or item.code == Code.NO_KEY)


def _proven(client: Client, item: StoredItem) -> ProvenDispatch:
    cover = cover_of(item)
    if not isinstance(cover, Dispatch):  # what is shown has a cover
        raise SeraiError(Code.GONE, item.digest)
    return ProvenDispatch(
        digest=item.digest,
        number=spell_number(item.index or 0, cover.status),
        status=cover.status,
        handling=handling_of(cover, client.delivery(item).content),
    )


def _check_statuses(dispatches: Sequence[ProvenDispatch], *, mixed: bool) -> None:
    statuses = Counter(each.status for each in dispatches)
    if len(statuses) > 1 and not mixed:
        known = {each.value: each for each in labels.Status}
        counts = {known.get(status, labels.Status.later(status)): count for status, count in sorted(statuses.items())}
        raise ClientError(LocalCode.EVIDENCE_MIXED, counts=counts)


def _check_count(count: int) -> None:
    if count > limits.EVIDENCE_ITEMS:
        raise too_large()
