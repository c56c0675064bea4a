"""Finding dispatch N, what hangs together with it, and what still waits to be sent."""

# ruff: noqa: RUF001 - Russian words contain letters that look Latin

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from clients.actions.client import Client
from clients.actions.numbers import SpokenNumber, spell_number
from clients.errors import ClientError, LocalCode
from clients.mail.amendments import Amendments, completes
from clients.mail.compose import Draft, draft_from_json
from clients.mail.inbox import Delivery
from clients.mail.state import cover_of
from clients.store import Outgoing, StoredItem
from schemas.addresses import Address, member_of
from schemas.claims import Dispatch, StatementType
from schemas.labels import CodedValue, Status
from schemas.reports import ReadReport, ReportModel
from schemas.rules.status import is_status_known

_MOST_WAITING: Final = 1000


class WhyDeleted(CodedValue):
    """Why a text was deleted here, where no person gave a reason."""

    BY_RULE = "by_rule", "a rule on how long texts are kept", "правило о сроке хранения"


# One dispatch


def find_dispatch(client: Client, index: int) -> StoredItem:
    """The dispatch with a number, that came or was sent.

    Args:
        client: whose.
        index: the number.

    Raises:
        ClientError: ``no_dispatch`` if none of ours has it, as far as has come; ``deleted_here``.
    """
    item = client.store.items.at(index)
    deletion = client.store.deletions.get(item.digest) if item is not None else None
    if deletion is not None:
        reason = deletion.reason or WhyDeleted.BY_RULE
        number = spell_number(index, deletion.status)
        raise ClientError(LocalCode.DELETED_HERE, number=number, by=deletion.by, reason=reason, index=index)
    if item is None or not (item.inbox or item.leaf.type is StatementType.DISPATCH):
        raise ClientError(LocalCode.NO_DISPATCH, number=index)
    return item


def find_delivery(client: Client, index: int) -> Delivery:
    """The dispatch with a number, which must have come for us.

    Args:
        client: whose.
        index: the number.

    Raises:
        ClientError: ``no_dispatch``; ``not_received`` if it was sent by us.
    """
    item = find_dispatch(client, index)
    if not item.inbox:
        raise ClientError(LocalCode.NOT_RECEIVED, number=index)
    return client.delivery(item)


def check_status(index: int, found: str, expected: str | None) -> None:
    """Refuse what a person takes for something else than it is.

    Args:
        index: number of the dispatch.
        found: how it is marked.
        expected: as what the person takes it; ``None`` if that is open.

    Raises:
        ClientError: ``marked_otherwise``; ``status_unknown`` if this program does not know whether it is real.
    """
    if not is_status_known(found):
        raise ClientError(LocalCode.STATUS_UNKNOWN, number=spell_number(index, found))
    if expected is not None and expected != found:
        number = spell_number(index, found)
        raise ClientError(
            LocalCode.MARKED_OTHERWISE, number=number, found=Status(found), status=Status(expected), index=index
        )


@dataclass(frozen=True, slots=True)
class Original:
    """The dispatch that another one is about: it is answered, corrected or cancelled.

    Attributes:
        index: its number.
        item: as it is stored.
        cover: as it was signed.
        content: its report as it was read; ``None`` if this seat cannot read it.
        amendments: what its sender has made of it since.
    """

    index: int
    item: StoredItem
    cover: Dispatch
    content: ReadReport | None
    amendments: Amendments

    @property
    def report(self) -> ReportModel | None:
        """What is known of the report."""
        return self.content.form if self.content else None

    @property
    def digest(self) -> str:
        """Identity, base64url."""
        return self.item.digest

    @property
    def number(self) -> str:
        """Its number as it is spoken."""
        return spell_number(self.index, self.cover.status)

    @property
    def sender(self) -> Address:
        """The member that sent it."""
        return member_of(self.cover.iss)

    @property
    def reference(self) -> str:
        """Its sender's own number of it, or else its number."""
        return self.report.our_reference if self.report else self.number


def find_original(client: Client, spoken: SpokenNumber, status: str | None = None) -> Original:
    """The dispatch with a number, checked to be what a person takes it for.

    Args:
        client: whose.
        spoken: the number, as the person typed it.
        status: how the person wants what is about it to be marked; ``None`` if that is open.

    Raises:
        ClientError: ``no_dispatch``; ``sender_unknown`` if it could not be verified; ``marked_otherwise`` if the person
            takes it for an exercise and it is none, or the other way round.
    """
    item = find_dispatch(client, spoken.index)
    delivery = client.delivery(item)
    if delivery.cover is None:
        raise ClientError(LocalCode.SENDER_UNKNOWN, number=spoken.index)
    for expected in (spoken.status, status):
        check_status(spoken.index, delivery.cover.status, expected)
    return Original(spoken.index, item, delivery.cover, delivery.content, delivery.amendments)


# What waits to be sent


def waiting(client: Client) -> Iterator[tuple[Outgoing, Draft]]:
    """What waits in the outbox for the hub's answer, urgent first; at most 1,000."""
    for row in client.store.outbox.waiting(_MOST_WAITING):
        outgoing = client.store.outbox.get(row)
        if outgoing is not None and outgoing.is_open:
            yield outgoing, draft_from_json(outgoing.draft)


# What hangs together


@dataclass(frozen=True, slots=True)
class ThreadLink:
    """A dispatch that refers to another, seen from one of the two.

    Attributes:
        index: number of the other; ``None`` if it has none any more.
        rel: how (PROTOCOL 6).
        kind: of the other's report.
        signer: who signed the other.
        by_this: whether this one refers to the other.
        brings_files: whether the one that refers says the same, and brings the attachments that were to follow.
    """

    index: int | None
    rel: str
    kind: str
    signer: Address
    by_this: bool
    brings_files: bool = False


def thread_of(client: Client, delivery: Delivery) -> list[ThreadLink]:
    """What a dispatch refers to, and then what refers to it, as far as it is in this store."""
    found = []
    for ref in (delivery.cover.refs or ()) if delivery.cover else ():
        item = client.store.items.get(ref.digest)
        other = cover_of(item) if item else None
        if item is not None and other is not None:
            brings = ref.rel == "update" and ref.digest == delivery.amendments.completes
            found.append(ThreadLink(item.index, ref.rel, other.kind, other.iss, by_this=True, brings_files=brings))
    for each in client.store.references.to(delivery.digest):
        brings = each.rel == "update" and completes(each.source, client.store) == delivery.digest
        found.append(ThreadLink(each.index, each.rel, each.kind, each.iss, by_this=False, brings_files=brings))
    return found


def receipts_of(client: Client, digest: str) -> tuple[str, ...]:
    """Digests of the receipts for a dispatch that stand in the ledger, each once."""
    found = [each.statement for each in client.store.outcomes.of(digest) if each.statement and each.by]
    items = (client.store.items.get(each) for each in dict.fromkeys(found))
    return tuple(item.digest for item in items if item is not None and item.index is not None)
