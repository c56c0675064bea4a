"""What came back: it was queued, the hub refused it for good, and a person decides what becomes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from clients.actions.client import Client
from clients.actions.numbers import spell_number
from clients.actions.writing import check_recipients, reachable_members
from clients.errors import ClientError, LocalCode
from clients.mail.compose import DispatchDraft, Draft, PublicDraft, draft_from_json
from clients.mail.refusals import cause_of, part_for
from clients.mail.sent import Sent
from clients.store import Closing, Outgoing, OutState
from schemas.addresses import Address
from schemas.labels import HandlingCode
from schemas.reports import ReadReport, read_report
from schemas.rules.handling import Use, is_permitted


@dataclass(frozen=True, slots=True)
class Returned:
    """Something that came back.

    Attributes:
        outgoing: its row of the outbox, with the code of the refusal.
        draft: what was to be said.
        content: the report as it was read; ``None`` where it is no dispatch.
    """

    outgoing: Outgoing
    draft: Draft
    content: ReadReport | None

    @property
    def item(self) -> int:
        """Its number in the outbox."""
        return self.outgoing.id


@dataclass(frozen=True, slots=True)
class ReturnedList:
    """What came back, urgent first, then the oldest first.

    Attributes:
        items: as many as were asked for.
        left: how many are left out.
    """

    items: tuple[Returned, ...]
    left: int


def list_returned(client: Client, limit: int) -> ReturnedList:
    """What came back and nobody has dealt with; at most so many."""
    rows = client.store.outbox.returned(limit)
    found = tuple(_returned(each) for row in rows if (each := client.store.outbox.get(row)) is not None)
    return ReturnedList(found, client.store.outbox.returned_count() - len(found))


def find_item(client: Client, item: int) -> Returned:
    """An item of the outbox by its number, whether it waits, came back or went.

    Raises:
        ClientError: ``not_in_outbox``.
    """
    return _returned(client.point.outgoing(item))


def find_returned(client: Client, item: int) -> Returned:
    """An item that came back, and nobody has dealt with.

    Raises:
        ClientError: ``not_in_outbox``; ``not_returned`` if it did not come back, or somebody has dealt with it.
    """
    found = find_item(client, item)
    if found.outgoing.state is not OutState.REFUSED:
        raise ClientError(LocalCode.NOT_RETURNED, item=item)
    return found


def not_sent_to(client: Client, digest: str) -> tuple[Returned, ...]:
    """The parts of a dispatch that could not go to some of its recipients: the sender sees one alert.

    Args:
        client: whose.
        digest: of what went to the others.
    """
    outgoing = client.store.outbox.find(digest)
    return tuple(_returned(each) for each in client.store.outbox.parts(outgoing.id)) if outgoing else ()


def _returned(outgoing: Outgoing) -> Returned:
    draft = draft_from_json(outgoing.draft)
    content = read_report(draft.content.encode(), draft.kind) if isinstance(draft, DispatchDraft) else None
    return Returned(outgoing, draft, content)


# Again, or not


@dataclass(frozen=True, slots=True)
class SecondTry:
    """What came back, as it would be sent again; nothing is signed yet.

    Attributes:
        returned: what came back.
        draft: what would be signed.
        left_out: recipients who still cannot be written to.
    """

    returned: Returned
    draft: Draft
    left_out: tuple[Address, ...]


def prepare_again(client: Client, item: int, to: Sequence[Address], officer: Address | None) -> SecondTry:
    """What came back, as a person reviews it before it is sent again.

    Args:
        client: whose.
        item: its number in the outbox.
        to: other recipients; if empty, those it had and who can be written to.
        officer: who signs; if ``None`` who signed before, or who acts here if that officer was removed.

    Raises:
        ClientError: ``not_returned``, ``nobody_reached``, ``recipients_unknown``; ``use_not_permitted`` for others than
            those it had, where it is a report of another provider; those of `Client.officer`.
    """
    returned = find_returned(client, item)
    draft = returned.draft
    _check_passed_on(client, returned, to)
    if isinstance(draft, PublicDraft):
        return SecondTry(returned, draft, ())
    signer = _signer(client, draft.iss, officer)
    if not isinstance(draft, DispatchDraft):
        return SecondTry(returned, replace(draft, iss=signer), ())
    known = {*reachable_members(client), client.state.member}
    wanted = check_recipients(client, to) if to else draft.to
    reached = tuple(each for each in wanted if each in known)
    if not reached:
        raise ClientError(LocalCode.NOBODY_REACHED)
    left_out = tuple(each for each in wanted if each not in known)
    return SecondTry(returned, replace(part_for(draft, reached, client.state.member), iss=signer), left_out)


def _check_passed_on(client: Client, returned: Returned, to: Sequence[Address]) -> None:
    """Refuse others than those for whom its provider has permitted to pass it on: for them it is passed on anew."""
    draft, form = returned.draft, returned.content.form if returned.content else None
    named = form.provider if form else None
    if not isinstance(draft, DispatchDraft) or returned.content is None or named is None:
        return
    provider = named.member
    if provider == client.state.member or set(to) <= {*draft.to, provider}:
        return
    if is_permitted(Use.OTHERS, draft.handling, returned.content.tlp_colours):
        return
    index = client.store.items.place_of(named.digest) or 0
    raise ClientError(
        LocalCode.USE_NOT_PERMITTED,
        number=spell_number(index, draft.status),
        index=index,
        provider=provider,
        handling=HandlingCode(draft.handling),
        use=Use.OTHERS,
    )


def _signer(client: Client, before: Address, officer: Address | None) -> Address:
    """An officer who acts; the member itself only where it had signed."""
    if officer is None and before == client.state.member:
        return before
    if officer is None and before in client.state.officers:
        return before
    return client.officer(officer)


def send_again(client: Client, again: SecondTry) -> Sent:
    """Send it; what came back is dealt with by that, in the same transaction.

    Raises:
        ClientError: those of `Client.unlock`; ``not_returned`` if somebody was quicker.
        SeraiError: it can never be accepted; it stays among what came back.
    """
    returned = again.returned
    if not isinstance(again.draft, PublicDraft):
        client.unlock(again.draft.iss)
    with client.store.transaction():
        find_returned(client, returned.item)
        sent = client.point.say([again.draft])[0]
        if sent.id != returned.item:  # a public statement keeps its item
            _deal_with(client, returned, f"item {sent.id}", _who(client, again.draft))
    return sent


def discard(client: Client, item: int, reason: str, officer: Address | None) -> Returned:
    """Let it be: it is not sent, and who decided that, when and why stays with it.

    Args:
        client: whose.
        item: its number in the outbox.
        reason: in words.
        officer: who decides; who signs here if ``None``.

    Raises:
        ClientError: ``reason_missing``, ``not_returned``; those of `Client.signer` and `Client.unlock`.
    """
    words = " ".join(reason.split())
    if not words:
        raise ClientError(LocalCode.REASON_MISSING)
    signer = client.signer(officer)
    client.unlock(signer)
    with client.store.transaction():
        _deal_with(client, find_returned(client, item), words, signer)
    return find_item(client, item)


def settle_again(client: Client, item: int, by: int) -> None:
    """What came back is sent by another item: a file was imported once more."""
    found = client.store.outbox.get(item)
    if found is not None and found.state is OutState.REFUSED:
        _deal_with(client, _returned(found), f"item {by}", client.state.member)


def _who(client: Client, draft: Draft) -> Address:
    return client.state.member if isinstance(draft, PublicDraft) else draft.iss


def _deal_with(client: Client, returned: Returned, reason: str, by: Address) -> None:
    closing = Closing(by, client.state.system.clock.time_ms(), reason[:400])
    client.store.outbox.drop(returned.item, closing)
    client.store.alarms.close_cause("refused", cause_of(returned.item), closing)
