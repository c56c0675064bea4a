"""Events: what the hub notices and owes somebody, and their admission (PROTOCOL 6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from broker.core.admission.effects import Admission, EventDraft, MailboxEntry, Watch
from broker.core.admission.view import View
from broker.core.facts import Unreceived, most_urgent
from schemas import limits
from schemas.addresses import HUB, Address
from schemas.claims import Claims, Event, Lane
from schemas.directory import apply_statement
from schemas.encoding import Digest, encode_base64url
from schemas.statements import VerifiedStatement


def admit_event(statement: VerifiedStatement[Claims], draft: EventDraft, view: View) -> Admission:
    """What follows from an event that the hub has signed for a draft of its own."""
    if draft.to:
        return Admission(draft.lane, tuple(MailboxEntry(member, addressed=True) for member in draft.to))
    return Admission("public", directory=apply_statement(view.directory, statement, view.place))


def undeliverable(member: Address, waiting: Iterable[Unreceived]) -> list[EventDraft]:
    """The events that tell each sender what a member will not get, in order of the ledger."""
    by_sender: dict[Address, list[Unreceived]] = {}
    for item in waiting:
        by_sender.setdefault(item.sender, []).append(item)
    drafts = []
    for sender, items in by_sender.items():
        for start in range(0, len(items), limits.DIGESTS):
            part = items[start : start + limits.DIGESTS]
            lane = most_urgent(item.lane for item in part)
            drafts.append(EventDraft("undeliverable", (sender,), tuple(i.digest for i in part), lane, member=member))
    return drafts


@dataclass(frozen=True, slots=True)
class Due:
    """A watch that has fallen due.

    Attributes:
        watch: when, which, and what was to have come.
        digest: of the dispatch.
        sender: who is to be told.
        lane: of the dispatch.
        asked: of how many members it was to have come, about: what it costs to find out.
        informed: who is told besides the sender: of a step everybody who got it, if an answer is missing.
    """

    watch: Watch
    digest: Digest
    sender: Address
    lane: Lane
    asked: int = 1
    informed: tuple[Address, ...] = ()


def overdue(due: Due, silent: tuple[Address, ...]) -> EventDraft | None:
    """The event that a due watch gives rise to; ``None`` if nobody is silent.

    Args:
        due: the watch.
        silent: members from whom it has not come.
    """
    if not silent:
        return None
    return EventDraft(
        "overdue",
        tuple(dict.fromkeys((due.sender, *due.informed))),
        (due.digest,),
        due.lane,
        members=silent,
        missing=due.watch.missing,
        due_s=due.watch.due_ms // 1000,
    )


@dataclass(frozen=True, slots=True)
class Holding:
    """A text that the hub holds, and in whose mailboxes.

    Attributes:
        digest: of the statement.
        lane: it is on.
        members: whose mailboxes it is in, but those from which it was withdrawn.
        can_be_erased: whether it is no public statement, no `erased` event, and not erased yet.
    """

    digest: Digest
    lane: Lane
    members: tuple[Address, ...]
    can_be_erased: bool = True


def erasures(holdings: Iterable[Holding], reason: str) -> list[EventDraft]:
    """The events that say what is erased, in as few as there may be: each of one lane, to the same mailboxes.

    Args:
        holdings: what is erased.
        reason: why.
    """
    together: dict[tuple[Lane, tuple[Address, ...]], list[Digest]] = {}
    for holding in holdings:
        if holding.can_be_erased and holding.members:
            together.setdefault((holding.lane, holding.members), []).append(holding.digest)
    return [
        EventDraft("erased", members, tuple(digests[start : start + limits.ERASED]), lane, reason=reason)
        for (lane, members), digests in together.items()
        for start in range(0, len(digests), limits.ERASED)
    ]


def event_claims(draft: EventDraft, network: str, jti: str, iat: int) -> Event:
    """The claims of an event, ready to be signed.

    Args:
        draft: what is owed.
        network: network id.
        jti: a fresh UUIDv7.
        iat: now, in seconds.
    """
    return Event.model_validate(
        {
            "iss": HUB,
            "aud": network,
            "jti": jti,
            "iat": iat,
            "event": draft.event,
            "to": list(draft.to) or None,
            "digests": [encode_base64url(digest) for digest in draft.digests] or None,
            "member": draft.member,
            "members": list(draft.members) or None,
            "missing": draft.missing,
            "due": draft.due_s,
            "reason": draft.reason,
        }
    )
