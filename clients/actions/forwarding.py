"""Passing on what came, or was sent, to members that did not get it: unchanged, and its provider named (PROTOCOL 6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from clients.actions.client import Client
from clients.actions.handling import WantedUse, check_use, needs_permission, provider_of
from clients.actions.numbers import SpokenNumber, spell_number
from clients.actions.reading import Original, find_original
from clients.actions.writing import CoverOptions, check_asked, expectation
from clients.errors import ClientError, LocalCode
from clients.mail.compose import Ref
from clients.mail.cover import Cover
from clients.mail.inbox import handling_of
from schemas.addresses import Address
from schemas.claims import Handling, counted_precedence
from schemas.reports import ReportModel
from schemas.reports.grading import Provider
from schemas.rules.handling import Use, handling_that_holds
from schemas.rules.status import status_to_answer


@dataclass(frozen=True, slots=True)
class Forwarding:
    """A dispatch that is about to be passed on.

    Attributes:
        original: what is passed on.
        report: its report, which names its provider.
        provider: whose report it is.
    """

    original: Original
    report: ReportModel
    provider: Address

    def has_it(self, members: tuple[Address, ...]) -> tuple[Address, ...]:
        """Those of some members that have the original already."""
        return tuple(each for each in members if each in (*self.original.cover.to, self.original.sender))


def begin_forward(client: Client, spoken: SpokenNumber, status: str | None, permission: str) -> Forwarding:
    """The dispatch with a number, if it may be passed on.

    Args:
        client: whose.
        spoken: the number, as a person typed it.
        status: how the person takes it to be marked; ``None`` if that is open.
        permission: where its provider has permitted that, in words; empty if nobody says so.

    Raises:
        ClientError: ``use_not_permitted``, ``not_in_force``, ``unreadable_here``; ``forward_loses`` if the report says
            what this program does not know; what `clients.actions.reading.find_original` raises.
    """
    original, member = find_original(client, spoken, status), client.state.member
    check_use(original.index, original.cover, original.content, WantedUse(Use.OTHERS, permission), member)
    newer = original.amendments.cancelled_by or original.amendments.corrected_by
    if newer is not None:
        by = spell_number(newer.index or 0, newer.status)
        raise ClientError(LocalCode.NOT_IN_FORCE, number=original.number, by=by)
    if original.content is None:
        raise ClientError(LocalCode.UNREADABLE_HERE, number=original.number)
    if original.report is None or not original.content.is_known:
        raise ClientError(LocalCode.FORWARD_LOSES, number=original.number)
    provider = provider_of(original.cover, original.content, member)
    return Forwarding(original, _with_provider(original, original.report, permission, member), provider)


def _with_provider(original: Original, report: ReportModel, permission: str, member: Address) -> ReportModel:
    """The report with the words by which this was permitted, not those by which its sender was permitted to."""
    provider = provider_of(original.cover, original.content, member)
    if provider == member:
        return report
    digest = report.provider.digest if report.provider else original.digest
    needed = needs_permission(original.cover, original.content, Use.OTHERS, member)
    named = Provider(member=provider, digest=digest, permission=permission if needed else None)
    return report.model_copy(update={"provider": named})


def forwarding_cover(client: Client, forwarding: Forwarding, to: tuple[Address, ...], options: CoverOptions) -> Cover:
    """The cover of what is passed on: as the original's, but for what was asked; it never permits more.

    Args:
        client: whose.
        forwarding: what is passed on.
        to: recipients.
        options: what was asked.

    Raises:
        ClientError: what `Client.signer` and `clients.actions.writing.check_asked` raise.
    """
    before, asked, signer = forwarding.original.cover, options.marking, client.signer(options.officer)
    holds = handling_of(before, forwarding.original.content)
    expects = expectation(client, options)
    check_asked(expects, to, signer)
    return Cover(
        to=to,
        signer=signer,
        status=status_to_answer(before.status),
        precedence=asked.precedence or counted_precedence(before.precedence),
        handling=cast("Handling", handling_that_holds(holds, (asked.handling or holds,))),
        refs=(Ref("related", forwarding.original.digest),),
        expects=expects,
    )
