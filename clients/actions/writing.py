"""Writing a dispatch: to whom, how marked, on what; into the outbox."""

# ruff: noqa: RUF001 - Russian words contain letters that look Latin

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self, cast

from clients.actions.client import Client
from clients.actions.forms import build_report
from clients.actions.handing import HandedWay, note_handed
from clients.actions.handling import WantedUse
from clients.actions.numbers import SpokenNumber
from clients.actions.reading import check_status, find_delivery
from clients.errors import ClientError, LocalCode
from clients.mail.amendments import reply_refs
from clients.mail.attaching import MeasuredFile
from clients.mail.compose import Expectation, Ref
from clients.mail.cover import Cover
from clients.mail.inbox import handling_of
from clients.mail.sent import Sent
from clients.mail.withdrawing import unsent_versions, withdraw
from clients.store import Closing
from schemas import limits
from schemas.addresses import Address, is_officer, member_of, parse_member
from schemas.claims import Dispatch, Handling, Precedence, Status, counted_precedence
from schemas.encoding import decode_object, encode_json
from schemas.errors import SeraiError
from schemas.limits import CONTENT_BYTES
from schemas.reports import ReadReport, ReportModel, parse_report
from schemas.reports.kinds import KINDS, entry_of, find_entry
from schemas.rules.certifying import acting_roles
from schemas.rules.handling import Use
from schemas.rules.status import status_to_answer

_HANDLING: Handling = "H1"

ALL: Final = (["ALL"], ["ВСЕ"])
"""What is typed for everybody, in both languages."""


# The cover


@dataclass(frozen=True, slots=True)
class Marking:
    """How a dispatch is to be marked; what is ``None`` follows from what it answers, or from the network.

    Attributes:
        status: ``actual``, ``exercise``, ``test``.
        precedence: ``routine``, ``priority``, ``immediate``, ``flash``.
        handling: ``H0`` to ``H3``.
    """

    status: Status | None = None
    precedence: Precedence | None = None
    handling: Handling | None = None

    @classmethod
    def of(cls, cover: Dispatch, content: ReadReport | None) -> Self:
        """How a dispatch is marked; of cover and report the stricter handling code holds."""
        return cls(
            status_to_answer(cover.status),
            counted_precedence(cover.precedence),
            cast("Handling", handling_of(cover, content)),
        )


@dataclass(frozen=True, slots=True)
class CoverOptions:
    """What a person has asked of a cover, its recipients aside.

    Attributes:
        marking: how it is to be marked.
        officer: who signs; ``None`` if that is clear.
        reply_hours: within how many hours a reply is wanted; ``None`` if none is.
        reply_from: who is to reply; all recipients if nobody is named.
        asked_ms: from when the hours count, milliseconds since 1970 UTC; from now if ``None``.
    """

    marking: Marking = Marking()
    officer: Address | None = None
    reply_hours: float | None = None
    reply_from: tuple[Address, ...] = ()
    asked_ms: int | None = None


@dataclass(frozen=True, slots=True)
class PartialCover:
    """A cover as far as it follows from what was asked: without recipients, and perhaps without its precedence.

    Attributes:
        status: as on the cover.
        precedence: the same; ``None`` where a person, or the kind of the report, decides.
        handling: the same.
        signer: the same.
        refs: the same.
        expects: the same.
        sender: the member whose dispatch is answered, if it could be verified.
    """

    status: Status
    precedence: Precedence | None
    handling: Handling
    signer: Address
    refs: tuple[Ref, ...] = ()
    expects: Expectation | None = None
    sender: Address | None = None

    def complete(self, to: Iterable[Address], precedence: Precedence) -> Cover:
        """The whole cover.

        Args:
            to: its recipients, in their order.
            precedence: used where it was left open.

        Raises:
            ClientError: what `check_asked` raises.
        """
        recipients = tuple(to)
        check_asked(self.expects, recipients, self.signer)
        return Cover(
            to=recipients,
            signer=self.signer,
            status=self.status,
            precedence=self.precedence or precedence,
            handling=self.handling,
            refs=self.refs,
            expects=self.expects,
        )


def begin_cover(client: Client, options: CoverOptions, on: SpokenNumber | None = None) -> PartialCover:
    """What follows from what a person has asked; what answers something is marked as that is.

    Args:
        client: whose.
        options: what was asked.
        on: the number of the dispatch that is answered, as it was typed; ``None`` if none is.

    Raises:
        ClientError: ``no_dispatch``, ``not_received``; ``marked_otherwise`` if what is answered is not marked as the
            person takes it; what `Client.signer` raises.
    """
    asked, inherited, sender = options.marking, Marking(), None
    refs: tuple[Ref, ...] = ()
    if on is not None:
        delivery = find_delivery(client, on.index)
        sender, refs = delivery.sender, reply_refs(delivery.digest, client.store)
        if delivery.cover is not None:
            for expected in (on.status, asked.status):
                check_status(on.index, delivery.cover.status, expected)
            inherited = Marking.of(delivery.cover, delivery.content)
    return PartialCover(
        status=asked.status or inherited.status or client.network_status,
        precedence=asked.precedence or inherited.precedence,
        handling=asked.handling or inherited.handling or _HANDLING,
        signer=client.signer(options.officer),
        refs=refs,
        expects=expectation(client, options),
        sender=sender,
    )


def expectation(client: Client, options: CoverOptions) -> Expectation | None:
    """The answer that a person asks for, from now on, or from when it was shown; ``None`` if none is."""
    if options.reply_hours is None:
        return None
    asked_ms = client.state.system.clock.time_ms() if options.asked_ms is None else options.asked_ms
    by = asked_ms // 1000 + round(options.reply_hours * 3600)
    return Expectation(by, options.reply_from)


def check_asked(expects: Expectation | None, to: Sequence[Address], signer: Address) -> None:
    """Only who gets a dispatch can be asked to answer it.

    Args:
        expects: the answer that is asked for.
        to: recipients.
        signer: who signs.

    Raises:
        ClientError: ``not_asked``, ``too_many_asked``.
    """
    if expects is None:
        return
    strangers = [each for each in expects.members if each not in (*to, member_of(signer))]
    if strangers:
        raise ClientError(LocalCode.NOT_ASKED, members=strangers)
    asked = expects.members or to
    if len(asked) > limits.ANSWERS:
        raise ClientError(LocalCode.TOO_MANY_ASKED, count=len(asked))


def usual_precedence(kind: str) -> Precedence:
    """How urgent a report of a kind is where nobody decides that."""
    return "routine" if KINDS[kind].is_past else "priority"


# Recipients


def learn_members(client: Client, wait_s: float) -> None:
    """Fetch the directory, if nobody is known yet to whom one could write.

    Args:
        client: whose.
        wait_s: how long at most; that there is no line is no fault.
    """
    client.catch_up(wait_s, needed=lambda: not reachable_members(client))


def reachable_members(client: Client) -> list[Address]:
    """Members that can be written to, without the own, in the order of their addresses."""
    state = client.state
    found = []
    for address in sorted(state.directory.addresses()):
        current = state.directory.current(address, state.place)
        if not is_officer(address) and address != state.member and current is not None and "exchange" in current.roles:
            found.append(address)
    return found


def read_typed_recipients(client: Client, typed: Sequence[str]) -> tuple[Address, ...]:
    """Recipients as a person typed them: addresses, with commas or spaces between them, or the word for everybody.

    Args:
        client: whose.
        typed: each one address or several.

    Raises:
        ClientError: ``recipients_unknown``.
        SeraiError: ``malformed_address``.
    """
    words = [word.upper() for each in typed for word in each.replace(",", " ").split()]
    return check_recipients(client, reachable_members(client) if words in ALL else map(parse_member, words))


def check_recipients(client: Client, members: Iterable[Address]) -> tuple[Address, ...]:
    """Recipients in the order in which they were named, each once.

    Raises:
        ClientError: ``recipients_unknown`` if one cannot be written to, as far as the directory is known here.
    """
    found = tuple(dict.fromkeys(members))
    known = {*reachable_members(client), client.state.member}
    strangers = [each for each in found if each not in known]
    if strangers and client.state.directory.epochs:
        raise ClientError(LocalCode.RECIPIENTS_UNKNOWN, members=strangers)
    return found


# The content


def write_report(kind: str, answers: Mapping[str, str]) -> ReportModel:
    """A report in its minimal form, from answers by the key of the step.

    Raises:
        SeraiError: ``malformed_report``.
    """
    return parse_report(encode_json(build_report(kind, answers)).encode())


def read_report(kind: str, path: Path) -> ReportModel:
    """A report from a file.

    Args:
        kind: what it must be; ``operation-move`` and so on, where a kind has several forms.
        path: of JSON; what every report of the kind has may be left out.

    Raises:
        ClientError: ``file_unusable``, ``other_kind``.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        data = file.read(CONTENT_BYTES + 1)
    try:
        value = decode_object(data.strip(), CONTENT_BYTES, fractions=True)
        report = parse_report(encode_json({**find_entry(kind).constants, **value}).encode())
    except SeraiError as error:
        raise ClientError(LocalCode.FILE_UNUSABLE, path=path, why=error) from None
    if (found := entry_of(report).name) != kind:
        raise ClientError(LocalCode.OTHER_KIND, path=path, found=found, kind=kind)
    return report


# The outbox


@dataclass(frozen=True, slots=True)
class PassedOn:
    """A dispatch that another one passes on.

    Attributes:
        digest: its identity, base64url.
        permission: where its provider has permitted that, in words; empty where nobody said so.
    """

    digest: str
    permission: str


def send_report(
    client: Client,
    report: ReportModel,
    cover: Cover,
    draft: str,
    files: Sequence[MeasuredFile] = (),
    instead_of: Collection[str] = (),
    passes_on: PassedOn | None = None,
) -> list[Sent]:
    """Put a report into the outbox, and end its draft: a crash leaves one of them, never both.

    Args:
        client: whose.
        report: the content.
        cover: where it goes, and how it is marked.
        draft: name of the draft that it ends.
        files: that go with it; they are encrypted first.
        instead_of: digests of what it cancels or corrects: what waits to change one of these is withdrawn.
        passes_on: what of others it passes on; that goes into the log of what left the system.

    Returns:
        What goes at once, and, where that does not wait for attachments, the same with them.

    Raises:
        ClientError: a file cannot go; ``may_not_send`` if the signer has none of the roles or posts that the kind asks
            for; what `Client.unlock` raises.
        SeraiError: it can never be accepted.
    """
    signer = cover.signer or client.state.default_signer()
    _check_sender(client, report.kind, signer)
    client.unlock(signer)
    report = client.point.attach(report, files)
    with client.store.transaction():
        unsent = unsent_versions(instead_of, client.store)  # before this one waits too
        sent = client.point.send_all(report, cover)
        client.store.drafts.drop(draft)
        if passes_on is not None:
            wanted = WantedUse(Use.OTHERS, passes_on.permission)
            note_handed(client, [passes_on.digest], signer, HandedWay.FORWARD, "dispatch", wanted, cover.to)
        is_correction = any(ref.rel == "update" for ref in cover.refs)
        code = LocalCode.GOES_WITH_NEWER if is_correction else LocalCode.WITHDRAWN
        word = "corrected" if is_correction else "cancelled"
        closing = Closing(signer, client.state.system.clock.time_ms(), f"{word} by item {sent[0].id}")
        for waiting in unsent:
            withdraw(waiting, closing, client.store, code)
    return sent


def _check_sender(client: Client, kind: str, signer: Address) -> None:
    """Only where the signer's credential is known here: what is not known yet holds nothing up."""
    known = client.state.directory.current(signer, client.state.place)
    senders = KINDS[kind].senders
    if known is not None and not set(senders) & acting_roles(signer, known.roles):
        raise ClientError(LocalCode.MAY_NOT_SEND, signer=signer, kind=kind, roles=senders)
