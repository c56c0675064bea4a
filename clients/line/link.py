"""Keeping a line up: dial, serve, wait with jitter, dial the next (PROTOCOL 9, 13).

A `Link` ends by itself only when a newer session has taken its seat.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import cycle
from typing import Final, Literal

from clients.errors import ClientError, LocalCode
from clients.line.audit import AuditResult, audit
from clients.line.audit_report import audit_once, late_since_ms
from clients.line.blobs import Blobs, HubBlobs
from clients.line.carrier import Carrier
from clients.line.ledger import Reader
from clients.line.operations import StepReading, read_steps
from clients.line.session import ClientSession
from clients.line.store_watch import StoreWatch
from clients.line.transport import DialError, Line, LineClosed, Transport
from clients.mail.compose import compose_token
from clients.mail.intake import Intake
from clients.mail.sender import Sender
from clients.mail.state import State
from clients.system import full_jitter_s
from clients.tasks import StorageGuard, beside, keeping_cancellation, warns
from schemas.addresses import Address
from schemas.errors import PROBLEMS, Code, SeraiError
from schemas.keys import Kid, SigningKey

log = logging.getLogger("serai.client")

_WATCH_S: Final = 10.0
"""How often it is looked, without a line, for what is overdue."""

_AUDIT_DELAY_S: Final = 300.0
"""How long mail has to come before the first audit, and how often it is asked whether one is due."""

_AUDIT_RETRY_S: Final = 3600.0
_AUDIT_ATTEMPTS: Final = 3

_ANOTHER_KEY = frozenset({Code.CREDENTIAL_REVOKED, Code.CREDENTIAL_EXPIRED, Code.UNKNOWN_KEY})
"""Refusals of a key: that it is no longer good comes only over a line, which another held key may open."""

MakeReader = Callable[[str, Callable[[], str]], Reader]
"""Makes a `Reader` from a hub's origin and a maker of read tokens."""

MakeBlobs = Callable[[str, Callable[[str], str]], Blobs]
"""Makes a `Blobs` from a hub's origin and a maker of tokens for a use."""


@dataclass(frozen=True, slots=True)
class Outside:
    """How a hub is reached.

    Attributes:
        hubs: origins, tried in turn.
        transport: dials the exchange.
        make_reader: reads the ledger.
        seat: name of this seat.
        make_blobs: reaches the blobs.
    """

    hubs: Sequence[str]
    transport: Transport
    make_reader: MakeReader
    seat: str
    make_blobs: MakeBlobs = HubBlobs


class Link:
    """The line of one client, up as long as `run` runs.

    Args:
        outside: how a hub is reached.
        state: what the client believes.
        intake: takes what comes.
        sender: has what goes.
        told: called after every change.
        audit_every_s: how often the ledger is audited while there is a line; ``None`` where others see to that.

    Attributes:
        wake: to be set when there is something to send.
        fault: why there was no line, the last time there was none.
        replaced: set for good once a newer session has the seat.
    """

    def __init__(
        self,
        outside: Outside,
        state: State,
        intake: Intake,
        sender: Sender,
        told: Callable[[], None],
        audit_every_s: float | None = None,
    ) -> None:
        self._outside = outside
        self._state = state
        self._intake = intake
        self._sender = sender
        self._told = told
        self._audit_every_s = audit_every_s
        self._hub = outside.hubs[0]
        self._session: ClientSession | None = None
        self._refused: set[Kid] = set()
        self._was_live = False
        self._carrier = Carrier(state, self._blobs, lambda: self._was_live or self.is_live, self._carried)
        self._steps = StepReading(state, intake, self.reader, lambda: self.is_live, told)
        self.wake = asyncio.Event()
        self.fault: SeraiError | None = None
        self.replaced: SeraiError | None = None

    @property
    def is_live(self) -> bool:
        """Whether there is a line, and the hub has answered `resume`."""
        return self._session is not None and self._session.live

    async def run(self) -> None:
        """Keep a line up until cancelled or replaced.

        Raises:
            Exception: what made one of its tasks fail, which ends the others; no fault of a line or a hub does.
        """
        try:
            async with beside(
                self._watch(), StoreWatch(self._state, self._told).run(), self._audit_daily(), self._carrier.run()
            ):
                await self._keep_up()
        finally:
            self._session = None

    async def _watch(self) -> None:
        """Without a line too, alarm on what is overdue; with one the session does, which knows what may still come."""
        guard, was_live = StorageGuard(warns("what is overdue cannot be told")), True
        while True:
            await asyncio.sleep(_WATCH_S)
            if not (was_live or self.is_live):
                self._look(guard)
            was_live = self.is_live

    def _look(self, guard: StorageGuard) -> None:
        try:
            with guard:
                self._intake.check_silent(self._state.system.clock.local_ms())
                self._sender.check_unanswered()
        except Exception:
            log.exception("what is overdue could not be told")
        self._told()

    async def _audit_daily(self) -> None:
        """Audit when it is due, with nobody asking (PROTOCOL 8); a hub that never shows its ledger is an alarm."""
        guard, failed = StorageGuard(warns("the ledger cannot be audited")), 0
        began_s = self._state.system.monotonic()
        while self._audit_every_s is not None:
            await asyncio.sleep(_AUDIT_RETRY_S if failed else _AUDIT_DELAY_S)
            with guard, keeping_cancellation():
                if self.is_live and self._is_audit_due(self._audit_every_s):
                    failed = 0 if await self._try_audit() else failed + 1
                if failed >= _AUDIT_ATTEMPTS:
                    self._state.alarm("withheld", "the ledger could not be audited")
                    self._told()
                if self._state.system.monotonic() - began_s >= _AUDIT_RETRY_S:  # time enough to catch up
                    self._tell_late()

    def _tell_late(self) -> None:
        """An audit that never comes to its end finds nothing: a person must know that (PROTOCOL 8)."""
        since_ms = late_since_ms(self._state.store, self._state.system.clock.local_ms())
        if since_ms:
            evidence = {"since_ms": str(since_ms)}
            self._state.alarm("audit_late", "no audit of the ledger has ended for 48 hours", evidence)
            self._told()

    def _is_audit_due(self, every_s: float) -> bool:
        """By this machine's own clock; also where that has been set back."""
        self._state.renew_audit()
        since_ms = self._state.system.clock.local_ms() - self._state.store.trust.audited[2]
        return not 0 <= since_ms < 1000 * every_s

    async def _try_audit(self) -> bool:
        """Whether an audit came to its end and found nothing wrong; what it found is kept.

        Raises:
            SeraiError: ``storage_failed``: it could not be kept.
        """
        try:
            async with asyncio.timeout(_AUDIT_RETRY_S):
                report = await audit_once(self._state, self.audit)
        except OSError as error:  # it took too long, or the hub cannot be reached
            log.debug("the audit failed: %s", error)
            return False
        return report.holds

    async def audit(self) -> AuditResult:
        """Audit now; see `clients.line.audit.audit`.

        Raises:
            SeraiError: the hub refused to show the ledger.
            OSError: it could not be reached.
        """
        reader = self.reader()
        try:
            return await audit(self._state, reader, self._intake.take_public, self._state.system.sleep)
        finally:
            await reader.close()
            self._told()

    async def read_steps(self, operation: str) -> int:
        """Read the hub's list of the steps of an operation now; see `clients.line.operations.read_steps`.

        Raises:
            SeraiError: the hub refused to show it.
            OSError: it could not be reached.
        """
        reader = self.reader()
        try:
            return await read_steps(self._state, self._intake, reader, operation)
        finally:
            await reader.close()
            self._told()

    async def _keep_up(self) -> None:
        system, attempt = self._state.system, 0
        for hub in cycle(self._outside.hubs):
            with keeping_cancellation():
                await self._try(hub)
            attempt = 0 if self.is_live else attempt + 1
            self._was_live = self._was_live or self.is_live
            self._session = None
            self._told()
            if self.replaced is not None:
                return
            await system.sleep(full_jitter_s(attempt, system.fraction()))

    async def _try(self, hub: str) -> None:
        """One line, from dialling to its end; the one place where every fault ends."""
        try:
            await self._visit(hub)
        except LineClosed as end:
            self._note_close(end)
        except (OSError, TimeoutError) as error:
            self._note_fault(SeraiError(Code.HUB_NOT_READY, f"{hub}: {type(error).__name__}"))
        except SeraiError as error:
            self._note_fault(error)
        except Exception:
            log.exception("the session failed")
            self._note_fault(SeraiError(Code.INTERNAL, "a fault of this client; see its log"))

    async def _visit(self, hub: str) -> None:
        self._hub = hub
        line = await self._dial(hub)
        reader = self.reader()
        try:
            self._session = ClientSession(
                self._state, self._intake, self._sender, line, reader, told=self._told, wake=self.wake
            )
            await self._session.run()
        finally:
            await _close(line, reader)

    async def _dial(self, hub: str) -> Line:
        """A line; again at once if the hub has corrected the clock, or another key is held than the one it refused."""
        self._refused.clear()
        is_corrected = False
        while True:
            try:
                return await self._outside.transport.dial(hub, self._token(self._outside.seat))
            except DialError as error:
                corrected = error.hub_time_ms is not None and self._state.correct_clock(error.hub_time_ms)
                if error.code in _ANOTHER_KEY and len(self._signers()) > 1:
                    self._refused.add(self._signers()[0][1].kid)
                elif error.code is Code.TOKEN_EXPIRED and corrected and not is_corrected:
                    is_corrected = True
                elif error.code is Code.TOKEN_EXPIRED and error.hub_time_ms is not None and not corrected:
                    raise ClientError(LocalCode.CLOCK_DIFFERS) from error
                else:
                    raise

    def _signers(self) -> list[tuple[Address, SigningKey]]:
        """Keys that may open a line, the likeliest first, without those that the hub has just refused."""
        ready = [address for address in self._state.own_addresses() if not self._state.is_locked(address)]
        held = [(address, key) for address in ready for key in self._state.signing_keys(address)]
        return [(address, key) for address, key in held if key.kid not in self._refused]

    def _token(self, seat: str | None, use: Literal["read", "store"] = "read") -> str:
        signer, key = self._signers()[0]
        return compose_token(replace(self._state.signing(signer), key=key), signer, self._hub, seat, use)

    def _blobs(self) -> Blobs:
        """The blobs of the hub that was dialled last; to be closed."""
        return self._outside.make_blobs(self._hub, lambda use: self._token(None, "store" if use == "store" else "read"))

    def _carried(self) -> None:
        self._sender.release()
        self.wake.set()
        self._told()

    def reader(self) -> Reader:
        """A reader of the hub that was dialled last; to be closed."""
        return self._outside.make_reader(self._hub, lambda: self._token(None))

    def _note_close(self, end: LineClosed) -> None:
        if end.code == PROBLEMS[Code.REPLACED].close_code:
            self.replaced = SeraiError(Code.REPLACED, f"seat {self._outside.seat}")
        self._note_fault(SeraiError(Code.HUB_NOT_READY, f"the line closed: {end.code} {end.reason}".rstrip()))

    def _note_fault(self, error: SeraiError) -> None:
        log.debug("no line: %s", error)
        self.fault = error


async def _close(line: Line, reader: Reader) -> None:
    """Let go of both; a fault in that is logged: it must not hide why the line ends, a cancellation least of all."""
    for close in (line.close, reader.close):
        try:
            await close()
        except (LineClosed, OSError) as error:
            log.debug("the line did not close: %s", error)
        except Exception:
            log.exception("the line did not close")
