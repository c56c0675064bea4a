"""A focal point at work: one mailbox, one store, a line to a hub that is kept up.

`FocalPoint` is what a program talks to. `clients.line.link` keeps the line, `clients.mail.intake` judges
what comes, `clients.mail.writer` keeps what is said; nothing here decides about trust.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
import sys
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Final

from clients.errors import ClientError, LocalCode
from clients.line.audit import AuditResult
from clients.line.blobs import HubBlobs
from clients.line.ledger import LedgerReader
from clients.line.link import Link, MakeBlobs, MakeReader, Outside
from clients.line.lock import HeldLine, heed_others, hold_line
from clients.line.transport import Transport, WebSocketTransport, parse_hub
from clients.mail.arrivals import Arrivals
from clients.mail.attached import attached_files, check_here, is_wanted, open_file, want
from clients.mail.inbox import Delivery, DispatchStatus, delivery_of, status_of
from clients.mail.intake import Intake
from clients.mail.notices import Arrived, Notice, Settled
from clients.mail.operations import OperationNow, fold_operation
from clients.mail.sender import Sender
from clients.mail.state import State
from clients.mail.writer import Writer
from clients.store import Alarm, Store
from clients.system import System
from clients.tasks import StorageGuard, beside, warns
from clients.trust.evidence import Disclosure, Known, WithCovers, build_evidence, ignore
from schemas.addresses import Address, parse_member
from schemas.errors import Code, SeraiError
from schemas.reports.attachments import Attachment

log = logging.getLogger("serai.client")

_DAY_S: Final = 86_400.0

FETCH_BYTES: Final = 2 << 30
"""How many bytes of others' attachments are kept with nobody asking, unless a member wants it otherwise."""


class FocalPoint(Writer):
    """A running client; made by `FocalPoint.open`.

    Args:
        store: unlocked; it stays the caller's to close.
        hubs: addresses of the hub, tried in turn.
        tls: how hubs are verified; the system's way if ``None``.
        transport: how they are reached; over WebSocket if ``None``.
        seat: name of this seat; a newer session of the same seat replaces this one.
        system: clock, chance and waiting.
        make_reader: how the ledger is read; over HTTP if ``None``.
        make_blobs: how blobs are carried; over HTTP if ``None``.
        fetch_bytes: how many bytes of others' attachments are fetched, and kept, with nobody asking.
        on_alarm: called with every new alarm; if it raises, that is logged and ends nothing. Without it
            they are logged.
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
        make_blobs: MakeBlobs | None = None,
        fetch_bytes: int = FETCH_BYTES,
        on_alarm: Callable[[Alarm], None] | None = None,
        audit_every_s: float | None = _DAY_S,
    ) -> None:
        outside = Outside(
            hubs=[parse_hub(hub) for hub in hubs],
            transport=transport or WebSocketTransport(tls),
            make_reader=make_reader or partial(LedgerReader, tls=tls),
            seat=seat,
            make_blobs=make_blobs or partial(HubBlobs, tls=tls),
        )
        state = State(store, system or System())
        state.fetch_bytes = fetch_bytes
        sender = Sender(state)
        self._link = Link(outside, state, Intake(state), sender, self._tell, audit_every_s)
        super().__init__(state, sender, self._link.wake.set)
        self._on_alarm = on_alarm
        self._notices: deque[Notice] = deque()
        self._telling = StorageGuard(warns("what happened cannot be told"))
        self._changed = asyncio.Event()
        self._arrivals = Arrivals(store.items)
        self._ended: BaseException | None = None
        self._held: HeldLine | None = None

    @classmethod
    @asynccontextmanager
    async def open(cls, store: Store, hubs: Sequence[str], **options: Any) -> AsyncIterator[FocalPoint]:
        """A focal point that keeps a line up as long as the block lasts.

        Args:
            store: unlocked; it stays the caller's to close.
            hubs: addresses of the hub, tried in turn: ``wss://hub.example``.
            options: keyword arguments of `FocalPoint`; ``what`` names the program to others.

        Raises:
            clients.line.lock.LineHeld: another process of this store is connected.
            Exception: what ended one of its tasks before the block ended, which is cancelled then. All
                that is waited for fails with the same error.
        """
        system = options.setdefault("system", System())
        with hold_line(store.path, options.pop("what", Path(sys.argv[0]).name), system.clock.time_ms()) as held:
            point = cls(store, hubs, **options)
            point._held = held
            try:
                async with beside(point.run(), point._heed()):
                    yield point
            finally:
                point._end(asyncio.CancelledError("the focal point was closed"))

    # The line

    async def run(self) -> None:
        """Keep a line up until cancelled, or until a newer session has the seat.

        Raises:
            Exception: what made the line fail for good, which everybody who waits gets too.
        """
        with self._ending():
            await self._link.run()
        if self._link.replaced is not None:
            self._end(self._link.replaced)

    async def _heed(self) -> None:
        with self._ending():
            await heed_others(self._state.store, self._state.system.sleep, self._heard)

    @contextmanager
    def _ending(self) -> Iterator[None]:
        """A task that fails is the end of all that is waited for."""
        try:
            yield
        except Exception as error:
            self._end(error)
            raise

    def _end(self, error: BaseException) -> None:
        """Nothing more will come, and that is why; the first reason counts."""
        self._ended = self._ended or error
        self._settling.end(error)
        self._announce()

    @property
    def is_live(self) -> bool:
        """Whether there is a line, and the hub has answered `resume`."""
        return self._ended is None and self._link.is_live

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
            BaseException: what `until` raises.
        """
        await self.until(lambda: self.is_live)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something holds, looking again after every change.

        Raises:
            SeraiError: ``replaced`` if this seat was replaced first.
            asyncio.CancelledError: the focal point was closed.
            Exception: what ended it before that.
        """
        while not condition():
            if self._ended is not None:
                raise self._ended
            await self._changed.wait()

    def note_caught_up(self) -> None:
        """Whoever waited has seen that nothing more comes: everything that the hub had is here."""
        if self.is_live:
            self._state.caught_up_ms = self._state.system.clock.time_ms()
            self._announce()

    def _heard(self) -> None:
        self._link.wake.set()
        self._settling.look_again()
        self._announce()

    def _announce(self) -> None:
        if self._held is not None:
            clock, fault = self._state.system.clock, str(self.fault or "")
            self._held.tell(
                live=self.is_live,
                fault=fault,
                offset_ms=clock.offset_ms,
                now_ms=clock.time_ms(),
                caught_up_ms=self._state.caught_up_ms,
            )
        self._changed.set()
        self._changed = asyncio.Event()

    def _tell(self) -> None:
        """Pass on what happened; what the store does not give now is passed on at the next change."""
        self._notices.extend(self._state.take_notices())
        with self._telling:
            while self._notices:
                self._hear(self._notices[0])
                self._notices.popleft()
        self._announce()

    def _hear(self, notice: Notice) -> None:
        if isinstance(notice, Arrived):
            self._arrivals.add(notice.lane, notice.digest)
        elif isinstance(notice, Settled):
            self._settling.settle(notice.outgoing)
        elif isinstance(notice, Alarm):
            self._alarm(notice)

    def _alarm(self, alarm: Alarm) -> None:
        if self._on_alarm is None:
            log.warning("alarm %s: %s", alarm.kind, alarm.detail)
            return
        try:
            self._on_alarm(alarm)
        except Exception:
            log.exception("the program failed at alarm %s", alarm.kind)

    # What came, and what became of what was sent

    async def deliveries(self) -> AsyncIterator[Delivery]:
        """Dispatches for the own member as they come, urgent ones first.

        Each is given once in the life of the store; the last few again if the program died
        before it asked for the next.

        Raises:
            BaseException: what `until` raises.
        """
        try:
            while True:
                while (digest := self._arrivals.first()) is not None:
                    delivery = self.delivery(digest)
                    self._arrivals.take()
                    yield delivery
                    self._arrivals.mark(digest)
                self._arrivals.flush()
                await self.until(lambda: bool(self._arrivals))
        finally:
            self._arrivals.flush()

    def delivery(self, digest: str) -> Delivery:
        """A dispatch that came, as it stands now.

        Raises:
            ClientError: ``not_in_store``.
        """
        item = self._state.store.items.get(digest)
        if item is None:
            raise ClientError(LocalCode.NOT_IN_STORE, digest=digest)
        return delivery_of(item, self._state.store, self.member)

    async def fetch_attachment(self, on: Delivery | str, number: int, file: BinaryIO) -> Attachment:
        """Write the file that came as an attachment, once all of it was found to be the one that was named.

        Waits until it has been fetched, however long that takes.

        Args:
            on: the delivery, or its digest.
            number: of the attachment in the report, from 1.
            file: gets it.

        Returns:
            What the report says of it.

        Raises:
            ClientError: ``not_in_store``.
            SeraiError: ``not_found`` if there is no such attachment; why it cannot be had; ``attachment_mismatch``.
        """
        delivery = self.delivery(on if isinstance(on, str) else on.digest)
        store, cover = self._state.store, delivery.cover
        files = attached_files(cover, delivery.report, store) if cover is not None else []
        if not 1 <= number <= len(files):
            raise SeraiError(Code.NOT_FOUND, f"no attachment {number}")
        found = files[number - 1]
        if not found.is_here:
            want(self._state, found, urgent=True)
            await self.until(lambda: not is_wanted(found, store))
            check_here(found, store)
        file.writelines(open_file(found.attachment, store.spool))
        return found.attachment

    def status_of(self, digest: str) -> DispatchStatus:
        """What became of a dispatch of the own member.

        Raises:
            SeraiError: ``not_found`` if none of this digest is in the ledger.
        """
        return status_of(digest, self._state.store)

    def operations(self) -> list[str]:
        """Digests of the opens of all operations of which anything is here."""
        return self._state.store.operations.all()

    def operation(self, digest: str, moment_ms: int | None = None) -> OperationNow:
        """An operation as it follows from what is here (PROTOCOL 16).

        Args:
            digest: of its ``open``.
            moment_ms: as of when, milliseconds since 1970 UTC by the network's time; now if ``None``.

        Raises:
            ClientError: ``no_operation``.
        """
        return fold_operation(self._state, digest, moment_ms)

    async def read_steps(self, digest: str) -> int:
        """Read the hub's list of the steps of an operation now, which is done by itself after each step that comes.

        Returns:
            How many of them were not sent to the own member.

        Raises:
            SeraiError: the hub refused, ``not_found`` if the own member was never named in it; ``bad_proof``.
            OSError: it could not be reached.
        """
        return await self._link.read_steps(digest)

    async def wait_answer(self, digest: str, member: str, outcome: str) -> None:
        """Wait until a recipient has given an outcome (``received``, ``acknowledged``, ...)."""
        address = parse_member(member)
        await self.until(lambda: self._state.store.outcomes.has(digest, address, outcome))

    def alarms(self) -> list[Alarm]:
        """Every alarm in the store, oldest first."""
        return self._state.store.alarms.raised()

    async def audit(self) -> AuditResult:
        """Follow every leaf up to the newest verified head now (PROTOCOL 8); it is done daily by itself.

        Raises:
            SeraiError: the hub refused to show the ledger.
            OSError: it could not be reached.
        """
        return await self._link.audit()

    async def evidence(
        self, digests: Sequence[str], show: Disclosure | None = None, on_proof: Callable[[int], None] = ignore
    ) -> bytes:
        """An evidence file about statements in the store (PROTOCOL 11).

        Args:
            digests: of the statements, base64url.
            show: what the file discloses; the sealed contents without their keys if ``None``.
            on_proof: is told how many proofs have come.

        Raises:
            SeraiError: what `clients.trust.evidence.build_evidence` raises.
        """
        head = self._state.head
        if head is None or head.note is None:
            raise SeraiError(Code.BAD_CHECKPOINT, "no checkpoint has been verified yet")
        known = Known(self.member, self._state.directory, head.note)
        reader, store = self._link.reader(), self._state.store
        held = WithCovers(store.items, store.operations.shown_step)
        try:
            return await build_evidence(digests, known, held, reader, show or Disclosure(), on_proof)
        finally:
            await reader.close()
