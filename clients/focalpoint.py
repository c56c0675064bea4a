"""A focal point at work: one mailbox, one store, a line to a hub that is kept up.

`FocalPoint` is what a program talks to. `clients.link` keeps the line, `clients.intake` judges
what comes, `clients.sender` works the outbox off; nothing here decides about trust.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
import sys
from collections import deque
from collections.abc import AsyncIterator, Callable, Generator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from clients.audit import AuditResult
from clients.compose import DispatchDraft, Draft, PublicDraft, ReceiptDraft, Ref
from clients.evidence import Disclosure, Known, build_evidence
from clients.follow import ReportModel
from clients.holder import HeldLine, heed_others, hold_line
from clients.inbox import Delivery, DispatchStatus, delivery_of, status_of
from clients.intake import Intake
from clients.ledger import LedgerReader
from clients.link import Link, MakeReader, Outside
from clients.sender import Sender
from clients.state import Arrived, Notice, Settled, State, cover_of
from clients.store import Alarm, Outgoing, OutState, Store
from clients.system import System
from clients.transport import Transport, WebSocketTransport, parse_hub
from schemas.addresses import Address, member_of, parse_address, parse_member
from schemas.errors import Code, SeraiError
from schemas.reports import FeedbackReport, encode_report

log = logging.getLogger("serai.client")

_DAY_S: Final = 86_400.0
_TAKEN_BATCH: Final = 64


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What was said stands in the ledger.

    Attributes:
        digest: identity of the statement, base64url.
        index: its place.
    """

    digest: str
    index: int


class Sent:
    """Something that was said; await it for its place in the ledger, however long that takes.

    Awaiting raises `SeraiError` with the hub's code if it was refused for good, and with
    ``replaced`` if this seat was replaced first (what was said stays in the outbox).

    Attributes:
        id: number in the outbox; it stays the same when the statement is signed anew.
    """

    def __init__(self, point: FocalPoint, row: int) -> None:
        self.id = row
        self._point = point

    @property
    def outgoing(self) -> Outgoing:
        """The row of the outbox as it is now."""
        return self._point.outgoing(self.id)

    @property
    def digest(self) -> str | None:
        """Identity of the statement; ``None`` before it is signed."""
        return self.outgoing.digest

    def __await__(self) -> Generator[Any, None, Acceptance]:
        return self._point.settled(self.id).__await__()


class FocalPoint:
    """A running client; made by `FocalPoint.open`.

    Args:
        store: unlocked; it stays the caller's to close.
        hubs: addresses of the hub, tried in turn.
        tls: how hubs are verified; the system's way if ``None``.
        transport: how they are reached; over WebSocket if ``None``.
        seat: name of this seat; a newer session of the same seat replaces this one.
        system: clock, chance and waiting.
        make_reader: how the ledger is read; over HTTP if ``None``.
        on_alarm: called with every new alarm.
        audit_every_s: how often the ledger is audited while there is a line; ``None`` if the
            caller calls `audit` itself.
    """

    def __init__(  # noqa: PLR0913 - whatever meets the outside can be replaced
        self,
        store: Store,
        hubs: Sequence[str],
        *,
        tls: ssl.SSLContext | None = None,
        transport: Transport | None = None,
        seat: str = "desk",
        system: System | None = None,
        make_reader: MakeReader | None = None,
        on_alarm: Callable[[Alarm], None] | None = None,
        audit_every_s: float | None = _DAY_S,
    ) -> None:
        outside = Outside(
            hubs=[parse_hub(hub) for hub in hubs],
            transport=transport or WebSocketTransport(tls),
            make_reader=make_reader or partial(LedgerReader, tls=tls),
            seat=seat,
        )
        self._on_alarm = on_alarm
        self._state = State(store, system or System())
        self._intake = Intake(self._state)
        self._sender = Sender(self._state)
        self._link = Link(outside, self._state, self._intake, self._sender, self._tell, audit_every_s)
        self._changed = asyncio.Event()
        self._waiting: dict[int, asyncio.Future[Acceptance]] = {}
        self._arrivals: dict[str, deque[str]] = {"urgent": deque(), "normal": deque()}
        self._closed = False
        self._held: HeldLine | None = None
        for lane, digest in store.items.untaken():
            self._arrivals[lane].append(digest)

    @classmethod
    @asynccontextmanager
    async def open(cls, store: Store, hubs: Sequence[str], **options: Any) -> AsyncIterator[FocalPoint]:
        """A focal point that keeps a line up as long as the block lasts.

        Args:
            store: unlocked; it stays the caller's to close.
            hubs: addresses of the hub, tried in turn: ``wss://hub.example``.
            options: keyword arguments of `FocalPoint`; ``what`` names the program to others.

        Raises:
            clients.holder.LineHeld: another process holds the line of this store.
        """
        system = options.setdefault("system", System())
        with hold_line(store.path, options.pop("what", Path(sys.argv[0]).name), system.clock.time_ms()) as held:
            point = cls(store, hubs, **options)
            point._held = held
            work = asyncio.gather(point.run(), heed_others(store, system.sleep, point._heard), return_exceptions=True)
            try:
                yield point
            finally:
                work.cancel()
                await asyncio.gather(work, return_exceptions=True)
                point._close()

    # The line

    async def run(self) -> None:
        """Keep a line up until cancelled, or until a newer session has the seat."""
        await self._link.run()
        for future in self._waiting.values():
            if not future.done() and self._link.replaced is not None:
                future.set_exception(self._link.replaced)
                future.exception()  # who awaits is told; if nobody does, nothing is lost
        self._announce()

    def _close(self) -> None:
        self._closed = True
        for future in self._waiting.values():
            future.cancel()
        self._announce()

    @property
    def is_live(self) -> bool:
        """Whether there is a line, and the hub has answered `resume`."""
        return self._link.is_live

    @property
    def fault(self) -> SeraiError | None:
        """Why there was no line, the last time there was none."""
        return self._link.fault

    @property
    def member(self) -> Address:
        """Whose mailbox this is."""
        return self._state.member

    @property
    def state(self) -> State:
        """What this client believes, to look at: directory, head, cursors."""
        return self._state

    async def wait_live(self) -> None:
        """Wait until there is a line.

        Raises:
            SeraiError: ``replaced``.
        """
        await self.until(lambda: self.is_live)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something holds, looking again after every change.

        Raises:
            SeraiError: ``replaced`` if this seat was replaced first.
            asyncio.CancelledError: the focal point was closed.
        """
        while not condition():
            if self._link.replaced is not None:
                raise self._link.replaced
            if self._closed:
                raise asyncio.CancelledError
            await self._changed.wait()

    def _heard(self) -> None:
        self._link.wake.set()
        self._announce()

    def _announce(self) -> None:
        if self._held is not None:
            clock, fault = self._state.system.clock, str(self.fault or "")
            self._held.tell(live=self.is_live, fault=fault, offset_ms=clock.offset_ms, now_ms=clock.time_ms())
        self._changed.set()
        self._changed = asyncio.Event()

    def _tell(self) -> None:
        for notice in self._state.take_notices():
            self._hear(notice)
        self._announce()

    def _hear(self, notice: Notice) -> None:
        if isinstance(notice, Arrived):
            self._arrivals[notice.lane].append(notice.digest)
        elif isinstance(notice, Settled):
            self._settle(notice.outgoing)
        elif isinstance(notice, Alarm):
            log.warning("alarm %s: %s", notice.kind, notice.detail)
            if self._on_alarm is not None:
                self._on_alarm(notice)

    # Saying something

    def send(  # noqa: PLR0913 - the claims of a cover
        self,
        report: ReportModel,
        to: Iterable[str],
        *,
        status: str | None = None,
        precedence: str = "routine",
        handling: str = "H1",
        refs: Iterable[tuple[str, str | Sent]] = (),
        reply_by: int | None = None,
        exp: int | None = None,
        group: str | None = None,
        operation: str | None = None,
        officer: str | None = None,
    ) -> Sent:
        """Send a report, now or when there is a line; it is on disk when this returns.

        Args:
            report: the content.
            to: members.
            status: ``actual``, ``exercise``, ``test``; the network's own if ``None``.
            precedence: ``routine``, ``priority``, ``immediate``, ``flash``.
            handling: ``H0`` to ``H3``.
            refs: rel, and the digest of what it refers to or what `send` gave for it.
            reply_by: seconds since 1970 UTC.
            exp: when it is stale, seconds since 1970 UTC.
            group: name of a group.
            operation: name of an operation.
            officer: address of the officer who signs; the member if ``None``.

        Raises:
            SeraiError: it can never be accepted; nothing was kept.
        """
        draft = DispatchDraft(
            content=encode_report(report).decode(),
            kind=report.report,
            to=tuple(parse_member(each) for each in to),
            iss=parse_address(officer) if officer else self._state.default_signer(),
            status=status or self._status(),
            precedence=precedence,
            handling=handling,
            refs=tuple(Ref(rel, *((each, None) if isinstance(each, str) else (None, each.id))) for rel, each in refs),
            reply_by=reply_by,
            exp=exp,
            group=group,
            operation=operation,
        )
        return self.say([draft])[0]

    def say(self, drafts: Iterable[Draft]) -> list[Sent]:
        """Keep drafts in one transaction and send them; see `send`."""
        rows = self._sender.draft(drafts)
        self._link.wake.set()
        return [Sent(self, row) for row in rows]

    def publish(self, statement: str) -> Sent:
        """Submit a public statement that somebody has signed: a credential, a revocation."""
        return self.say([PublicDraft(statement)])[0]

    def acknowledge(self, what: Delivery | str | Sequence[str], officer: str | None = None) -> Sent:
        """Let an officer acknowledge dispatches of one sender.

        Args:
            what: a delivery, its digest, or up to 256 digests.
            officer: address of the officer; may be left out if there is one only.

        Raises:
            SeraiError: ``not_permitted`` without the officer's key, ``unknown_reference`` if a
                digest is not in the inbox, ``reference_not_permitted`` if there are several senders.
        """
        return self._answer(what, officer, "acknowledged", None)

    def decline(self, what: Delivery | str | Sequence[str], reason: str, officer: str | None = None) -> Sent:
        """Let an officer decline; ``reason`` is a `schemas.labels.DeclineReason`; else as `acknowledge`."""
        return self._answer(what, officer, "declined", reason)

    def feedback(self, report: FeedbackReport, on: Delivery | str, *, officer: str | None = None, **cover: Any) -> Sent:
        """Tell the sender of a dispatch what came of it; a reply, of the same status and precedence.

        Args:
            report: what came of it.
            on: the delivery, or its digest.
            officer: who signs; the member if ``None``.
            cover: other arguments of `send`.

        Raises:
            SeraiError: ``unknown_reference``; those of `send`.
        """
        digest = on if isinstance(on, str) else on.digest
        sender, cover_ = self._sender_of(digest)
        inherited = {"status": cover_.status, "precedence": cover_.precedence, "handling": cover_.handling}
        return self.send(report, [sender], refs=[("reply", digest)], officer=officer, **{**inherited, **cover})

    def _answer(
        self, what: Delivery | str | Sequence[str], officer: str | None, outcome: str, reason: str | None
    ) -> Sent:
        digests = _digests(what)
        covers = [self._sender_of(digest) for digest in digests]
        if len({sender for sender, _ in covers}) != 1:
            raise SeraiError(Code.REFERENCE_NOT_PERMITTED, "a receipt is to one sender")
        signer = self._state.officer(parse_address(officer) if officer else None)
        urgent = any(cover.lane() == "urgent" for _, cover in covers)
        draft = ReceiptDraft(covers[0][0], outcome, digests, signer, reason=reason, urgent=urgent)
        return self.say([draft])[0]

    def _sender_of(self, digest: str) -> tuple[Address, Any]:
        item = self._state.store.items.get(digest)
        cover = cover_of(item) if item is not None and item.inbox else None
        if cover is None:
            raise SeraiError(Code.UNKNOWN_REFERENCE, digest)
        return member_of(cover.iss), cover

    def _status(self) -> str:
        epochs = self._state.epochs
        return epochs[-1].document.status if epochs else ""

    def outgoing(self, row: int) -> Outgoing:
        """A row of the outbox.

        Raises:
            SeraiError: ``not_found``.
        """
        outgoing = self._state.store.outbox.get(row)
        if outgoing is None:
            raise SeraiError(Code.NOT_FOUND, f"nothing numbered {row} in the outbox")
        return outgoing

    async def settled(self, row: int) -> Acceptance:
        """The place of what was said, once it is accepted; see `Sent`."""
        future = self._waiting.get(row)
        if future is None:
            future = self._waiting[row] = asyncio.get_running_loop().create_future()
            self._settle(row)
            if self._link.replaced is not None and not future.done():
                future.set_exception(self._link.replaced)
        return await asyncio.shield(future)

    def _settle(self, row: int) -> None:
        future = self._waiting.get(row)
        if future is None or future.done():
            return
        outgoing = self.outgoing(row)
        if outgoing.state is OutState.ACCEPTED and outgoing.digest is not None and outgoing.index is not None:
            future.set_result(Acceptance(outgoing.digest, outgoing.index))
        elif outgoing.state is OutState.REFUSED:
            future.set_exception(refusal_of(outgoing))
            future.exception()  # whoever awaits is told; if nobody does, the alarm has said it
        else:
            return
        del self._waiting[row]

    # What came, and what became of what was sent

    async def deliveries(self) -> AsyncIterator[Delivery]:
        """Dispatches for the own member as they come, urgent ones first.

        Each is given once in the life of the store; the last few again if the program died
        before it asked for the next.

        Raises:
            SeraiError: ``replaced`` if this seat was replaced.
        """
        taken: list[str] = []
        try:
            while True:
                while (delivery := self._next_delivery()) is not None:
                    yield delivery
                    taken.append(delivery.digest)
                    taken = self._mark(taken, _TAKEN_BATCH)
                taken = self._mark(taken, 1)
                await self.until(lambda: any(self._arrivals.values()))
        finally:
            self._mark(taken, 1)

    def _mark(self, taken: list[str], at_least: int) -> list[str]:
        if len(taken) < at_least:
            return taken
        self._state.store.items.mark_taken(taken)
        return []

    def _next_delivery(self) -> Delivery | None:
        for lane in ("urgent", "normal"):
            if self._arrivals[lane]:
                return self.delivery(self._arrivals[lane].popleft())
        return None

    def delivery(self, digest: str) -> Delivery:
        """A dispatch that came, as it stands now.

        Raises:
            SeraiError: ``not_found``.
        """
        item = self._state.store.items.get(digest)
        if item is None:
            raise SeraiError(Code.NOT_FOUND, digest)
        return delivery_of(item, self._state.store, self.member)

    def status_of(self, digest: str) -> DispatchStatus:
        """What became of a dispatch of the own member.

        Raises:
            SeraiError: ``not_found`` if none of this digest is in the ledger.
        """
        return status_of(digest, self._state.store)

    async def wait_answer(self, digest: str, member: str, outcome: str) -> None:
        """Wait until a recipient has given an outcome (``received``, ``acknowledged``, ...)."""
        address = parse_member(member)
        await self.until(lambda: self._state.store.outcomes.has(digest, address, outcome))

    def alarms(self) -> list[Alarm]:
        """Every alarm in the store, oldest first."""
        return self._state.store.trust.alarms()

    async def audit(self) -> AuditResult:
        """Follow every leaf up to the newest verified head now (PROTOCOL 8); it is done daily by itself.

        Raises:
            SeraiError: the hub refused to show the ledger.
            OSError: it could not be reached.
        """
        return await self._link.audit()

    async def evidence(self, digest: str, show: Disclosure | None = None) -> bytes:
        """An evidence file about a statement in the store (PROTOCOL 11).

        Args:
            digest: of the statement, base64url.
            show: what the file discloses; the sealed content without its key if ``None``.

        Raises:
            SeraiError: what `clients.evidence.build_evidence` raises.
        """
        head = self._state.head
        if head is None or head.note is None:
            raise SeraiError(Code.BAD_CHECKPOINT, "no checkpoint has been verified yet")
        known = Known(self.member, self._state.directory, head.note)
        reader = self._link.reader()
        try:
            return await build_evidence(digest, known, self._state.store.items, reader, show or Disclosure())
        finally:
            await reader.close()


def refusal_of(outgoing: Outgoing) -> SeraiError:
    """The error with which the hub refused a row of the outbox."""
    known = {code.value: code for code in Code}
    return SeraiError(known.get(outgoing.code or "", Code.INTERNAL), outgoing.detail)


def _digests(what: Delivery | str | Sequence[str]) -> tuple[str, ...]:
    if isinstance(what, Delivery):
        return (what.digest,)
    return (what,) if isinstance(what, str) else tuple(what)
