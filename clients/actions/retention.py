"""Deleting texts here: by a rule of kind and age, or one dispatch by order; what is kept of them is a log.

What goes is all that says something: the statement, the sealed copy, its key, the report, what the outbox has of it,
its files. What stays is digest, leaf, place, times and outcomes: the ledger is audited as before, and it is not fetched
again. Nothing that is open, owed, awaited or waits to be sent is deleted, by whomever.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from clients.actions.alarms import MOST_REASON
from clients.actions.client import Client
from clients.actions.lists import is_open
from clients.actions.numbers import SpokenNumber, spell_number
from clients.actions.reading import check_status, find_dispatch
from clients.actions.searching import cover_in
from clients.errors import ClientError, LocalCode
from clients.mail.attached import AttachedFile, attached_files
from clients.mail.inbox import Delivery
from clients.store import BlobState, CopyMade, Deletion, OutState, Store, StoredItem
from clients.store.items import without_text
from clients.store.outcomes import Missing
from schemas.addresses import Address
from schemas.claims import StatementType

ALL: Final = "all"
"""The rule for every kind that has none of its own."""

OVERDUE_DAYS: Final = 7
"""So long after a rule has come due nobody is told: whoever deletes by the rules does it weekly."""

LEAST_DAYS: Final = 30
MOST_DAYS: Final = 36_525
_DAY_MS: Final = 86_400_000
_MOST: Final = 1 << 62
_MISSING: Final[tuple[Missing, ...]] = ("received", "reply", "done", "owed")

_EntryOf = Callable[[Delivery, StoredItem], Deletion]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would delete.

    Attributes:
        digests: of the dispatches, the oldest first.
        kinds: how many of each kind; ``""`` for those whose kind is not known.
        kept: how many are old enough and stay, because they are open, wait for something or go out.
    """

    digests: tuple[str, ...]
    kinds: Mapping[str, int] = field(default_factory=dict)
    kept: int = 0


@dataclass(frozen=True, slots=True)
class Deleted:
    """What was deleted.

    Attributes:
        entries: of the log.
        files: how many attachments went with them.
        copies: backups that were made before, and may hold it.
    """

    entries: tuple[Deletion, ...] = ()
    files: int = 0
    copies: tuple[CopyMade, ...] = ()


@dataclass(frozen=True, slots=True)
class Retention:
    """What is set, and what was done.

    Attributes:
        rules: days by kind, or `ALL`.
        newest: entries of the log, the newest first.
        count: how many there are.
        copies: backups that were made of this store.
    """

    rules: Mapping[str, int]
    newest: tuple[Deletion, ...]
    count: int
    copies: tuple[CopyMade, ...]


def see_retention(client: Client, limit: int) -> Retention:
    """The rules, and at most so many entries of the log."""
    kept = client.store.deletions
    return Retention(kept.rules, tuple(kept.newest(limit)), kept.count(), tuple(kept.copies()))


def set_rule(client: Client, kind: str, days: int | None) -> dict[str, int]:
    """Set the rule of a kind; gives all rules.

    Args:
        client: whose.
        kind: of reports, or `ALL`.
        days: after how many a text may be deleted, `LEAST_DAYS` to `MOST_DAYS`; ``None`` for no rule.
    """
    if days is not None and not LEAST_DAYS <= days <= MOST_DAYS:
        raise ValueError(f"{days} days")
    with client.store.transaction():
        rules = {name: value for name, value in client.store.deletions.rules.items() if name != kind}
        rules |= {} if days is None else {kind: days}
        client.store.deletions.set_rules(rules)
    return rules


# By a rule


def count_overdue(client: Client) -> int | None:
    """How many texts the rules should have deleted a week ago; ``None`` without rules. Nothing runs them by itself."""
    if not client.store.deletions.rules:
        return None
    return len(plan_run(client, OVERDUE_DAYS).digests)


def plan_run(client: Client, grace_days: int = 0) -> Plan:
    """What the rules would delete now.

    Args:
        client: whose.
        grace_days: by so many days every rule is longer.

    Raises:
        ClientError: ``rule_missing``.
    """
    rules = client.store.deletions.rules
    if not rules:
        raise ClientError(LocalCode.RULE_MISSING)
    clock, outbox = client.state.system.clock, _Outbox(client.store)
    now_ms = min(clock.time_ms(), clock.local_ms())  # a clock that is ahead, ours or the hub's, makes nothing older
    now_ms -= _DAY_MS * grace_days
    digests, kinds, kept = [], Counter[str](), 0
    for digest in _older(client.store, now_ms - _DAY_MS * min(rules.values())):
        item = client.store.items.get(digest)
        if item is None:
            continue
        delivery = client.delivery(item)
        kind = delivery.cover.kind if delivery.cover else ""
        days = rules.get(kind, rules.get(ALL))
        if days is None or now_ms - max(item.leaf.accepted_at, item.met_at) < _DAY_MS * days:
            continue
        if _why_not(client, delivery, outbox) is not None:
            kept += 1
            continue
        digests.append(digest)
        kinds[kind] += 1
    return Plan(tuple(reversed(digests)), dict(kinds), kept)


def _older(store: Store, until_ms: int) -> list[str]:
    return [glance.digest for glance in store.items.glances(0, max(0, until_ms))]


def run_rules(client: Client, plan: Plan, officer: Address | None) -> Deleted:
    """Delete what a plan names, as far as it may still be deleted.

    Args:
        client: whose.
        plan: as a person has seen it.
        officer: who acts; who signs here if ``None``.

    Raises:
        ClientError: those of `Client.signer` and `Client.unlock`.
    """
    rules = client.store.deletions.rules
    by = _actor(client, officer)

    def entry_of(delivery: Delivery, item: StoredItem) -> Deletion:
        kind = delivery.cover.kind if delivery.cover else ""
        rule = kind if kind in rules else ALL
        return _entry(client, delivery, item, by, days=rules.get(rule), rule=rule)

    return _delete(client, plan.digests, entry_of)


# Backups


def tick_off_copy(client: Client, folder: Path, officer: Address | None) -> list[CopyMade]:
    """Note that a backup is destroyed: it is named no more as one that may hold what was deleted.

    Args:
        client: whose.
        folder: as `serai retention show` names it, or where it was.
        officer: who says so; who signs here if ``None``.

    Raises:
        ClientError: ``no_copy``; those of `Client.signer` and `Client.unlock`.
    """
    known = {each.name for each in client.store.deletions.copies() if not each.destroyed_ms}
    name = next((each for each in (str(folder), str(folder.resolve())) if each in known), None)
    if name is None:
        raise ClientError(LocalCode.NO_COPY, path=folder)
    by = _actor(client, officer)
    return client.store.deletions.note_destroyed(name, by, client.state.system.clock.time_ms())


# By order


def check_deletable(client: Client, spoken: SpokenNumber) -> Delivery:
    """Dispatch N, if it may be deleted.

    Raises:
        ClientError: ``no_dispatch``, ``deleted_here``, ``marked_otherwise``; ``still_open``, ``still_waits``,
            ``still_sending``, ``still_named`` say what has to be done first.
    """
    item = find_dispatch(client, spoken.index)
    if item.leaf.type is not StatementType.DISPATCH:
        raise ClientError(LocalCode.NO_DISPATCH, number=spoken.index)
    delivery = client.delivery(item)
    if delivery.cover is not None and spoken.status is not None:
        check_status(spoken.index, delivery.cover.status, spoken.status)
    outbox = _Outbox(client.store)
    for each in (delivery, *_again(client, delivery)):
        why = _why_not(client, each, outbox)
        if why is not None:
            raise why
    return delivery


def delete_dispatch(client: Client, spoken: SpokenNumber, reason: str, officer: Address | None) -> Deleted:
    """Delete dispatch N here, and what brought it again under newer keys.

    Args:
        client: whose.
        spoken: its number.
        reason: by whose order, in words; it is kept.
        officer: who acts; who signs here if ``None``.

    Raises:
        ClientError: ``reason_missing``; those of `check_deletable`, `Client.signer` and `Client.unlock`.
    """
    words = " ".join(reason.split())[:MOST_REASON]
    if not words:
        raise ClientError(LocalCode.REASON_MISSING)
    delivery = check_deletable(client, spoken)
    by = _actor(client, officer)
    return _delete(
        client,
        (delivery.digest, *(each.digest for each in _again(client, delivery))),
        lambda each, item: _entry(client, each, item, by, reason=words),
    )


def _again(client: Client, delivery: Delivery) -> list[Delivery]:
    """What its sender has sent again under newer keys, as far as it is here: it says the same."""
    found = client.store.references.to(delivery.digest, "reseal")
    items = (client.store.items.get(each.source) for each in found if each.member == delivery.sender)
    return [client.delivery(item) for item in items if item is not None and item.statement is not None]


def _actor(client: Client, officer: Address | None) -> Address:
    by = client.signer(officer)
    client.unlock(by)
    return by


# Whether it may be deleted


class _Outbox:
    """What waits in the outbox, or came back: which dispatches and blobs it names."""

    def __init__(self, store: Store) -> None:
        outbox = store.outbox
        rows = (outbox.get(row) for row in (*outbox.waiting(_MOST), *outbox.returned(_MOST)))
        self.digests: set[str] = set()
        self.blobs: set[str] = set()
        for row in rows:
            draft = row.draft if row is not None else {}
            refs = draft.get("refs") or ()
            self.digests |= {ref["digest"] for ref in refs if ref.get("digest")} | set(draft.get("digests") or ())
            self.digests |= {row.digest} if row is not None and row.digest is not None else set()
            self.blobs |= {each["digest"] for each in draft.get("attachments") or ()}
            before = outbox.get(row.part_of) if row is not None and row.part_of is not None else None
            self.digests |= {before.digest} if before is not None and before.digest is not None else set()


def _why_not(client: Client, delivery: Delivery, outbox: _Outbox) -> ClientError | None:
    """Why a dispatch must stay; ``None`` if it need not."""
    store, digest = client.store, delivery.digest
    status = delivery.cover.status if delivery.cover else None
    number = spell_number(delivery.index or 0, status)
    item = store.items.get(digest)
    if item is not None and item.inbox and item.lane == "urgent" and is_open(delivery):
        return ClientError(LocalCode.STILL_OPEN, number=number, index=delivery.index)
    if any(store.outcomes.is_missing(digest, missing) for missing in _MISSING):
        return ClientError(LocalCode.STILL_WAITS, number=number, index=delivery.index)
    blobs = (each.blob for each in _files(store, delivery))
    is_sending = any(blob is not None and blob.state is BlobState.SENDING for blob in blobs)
    if digest in outbox.digests or is_sending or delivery.index is None:
        return ClientError(LocalCode.STILL_SENDING, number=number, index=delivery.index)
    before = store.items.get(delivery.completes) if delivery.completes is not None else None
    if before is not None and not (before.sent_by_us or client.delivery(before).acknowledged):
        other = spell_number(before.index or 0, status)
        return ClientError(LocalCode.STILL_NAMED, number=number, other=other, index=before.index)
    return None


# Deleting


def _delete(client: Client, digests: Sequence[str], entry_of: _EntryOf) -> Deleted:
    """Delete texts in one transaction, then their files; a crash between leaves files that nothing can open."""
    store, entries, blobs, since_ms = client.store, list[Deletion](), set[str](), _MOST
    with store.transaction():
        outbox = _Outbox(store)
        for digest in digests:
            item = store.items.get(digest)
            if item is None or store.deletions.get(digest) is not None:
                continue
            delivery = client.delivery(item)
            if _why_not(client, delivery, outbox) is not None:  # something has happened since it was looked at
                continue
            entries.append(entry_of(delivery, item))
            blobs |= _blobs(store, delivery)
            since_ms = min(since_ms, item.met_at, _strip(store, item))
            store.deletions.add(entries[-1])
        blobs -= _named(store, outbox) if blobs else set()
        for blob in blobs:
            store.attachments.drop(blob)
    for blob in blobs:
        store.spool.drop(blob)
    store.forget()
    copies = tuple(each for each in store.deletions.copies() if each.at_ms >= since_ms and not each.destroyed_ms)
    return Deleted(tuple(entries), len(blobs), copies)


def _entry(
    client: Client,
    delivery: Delivery,
    item: StoredItem,
    by: Address,
    reason: str | None = None,
    days: int | None = None,
    rule: str | None = None,
) -> Deletion:
    cover = delivery.cover
    return Deletion(
        digest=item.digest,
        at_ms=client.state.system.clock.time_ms(),
        by=by,
        reason=reason,
        days=days,
        number=item.index,
        kind=cover.kind if cover else None,
        status=cover.status if cover else None,
        sender=Address(cover.iss) if cover else None,
        sent_by_us=item.sent_by_us,
        mark=client.store.deletions.mark_of(item.content),
        rule=rule,
    )


def _strip(store: Store, item: StoredItem) -> int:
    """Delete the text in the store; gives since when the store has had it, milliseconds since 1970 UTC."""
    store.items.put(without_text(item))
    store.items.mark_taken([item.digest])
    outgoing = store.outbox.find(item.digest)
    if outgoing is None:
        return item.met_at
    for part in (outgoing, *store.outbox.parts(outgoing.id)):
        if part.state in (OutState.ACCEPTED, OutState.DROPPED):
            store.outbox.strip(part.id)
    return outgoing.made_ms


def _files(store: Store, delivery: Delivery) -> list[AttachedFile]:
    return attached_files(delivery.cover, delivery.report, store) if delivery.cover is not None else []


def _blobs(store: Store, delivery: Delivery) -> set[str]:
    """Blobs of a dispatch, by its report and by its cover."""
    named = {each.digest for each in delivery.cover.attachments or ()} if delivery.cover is not None else set()
    return named | {each.attachment.blob for each in _files(store, delivery)}


def _named(store: Store, outbox: _Outbox) -> set[str]:
    """Blobs of all dispatches that are here, and of what waits to be sent."""
    covers = (cover_in(glance) for glance in store.items.glances())
    named = (each.get("attachments") or () for each in covers if each)
    return outbox.blobs | {each["digest"] for attachments in named for each in attachments}
