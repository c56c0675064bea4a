"""What ``serai run`` does as long as it runs: the line, the alarms, the audits that others ask for.

Nothing here ends because of a full disk, a hub that is gone or a clock that is wrong: it says so,
and goes on when it can. It ends when it is told to, or when another session takes its seat; and
with its cause where a job fails in a way that nobody expects.
"""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import signal
import socket
import sys
import time
from contextlib import suppress
from typing import Any, Final

from clients.actions.client import Client
from clients.actions.expiry import endings
from clients.actions.faulting import FaultCalls, Seen
from clients.actions.hooks import Hooks
from clients.actions.operations.calling import OperationCaller
from clients.actions.operations.comparing import ComparingDesk
from clients.actions.profiles import forms_known
from clients.actions.thresholds import CLOCK_MS, FREE_BYTES
from clients.actions.watching import see_faults
from clients.cli.administrator.siren import CallOptions, Siren, Stated, ring_terminal, say_unreadable, tell_ends
from clients.documents.alarms import alarm_text
from clients.documents.expiry import ending_text
from clients.documents.faults import remedy_of, words_of
from clients.documents.plain import utc
from clients.documents.status import newer_text, unjudged_text
from clients.documents.texts import _, plural
from clients.errors import ClientError
from clients.focalpoint import FocalPoint
from clients.line.audit_report import AuditReport, audit_once, last_audit
from clients.store import Alarm
from clients.tasks import StorageGuard, beside
from schemas.errors import Code, SeraiError

log = logging.getLogger("serai.run")

_TICK_S: Final = 1.0
_WATCH_S: Final = 600.0
_FULL_S: Final = 30.0


class Service:
    """The service of one client.

    Args:
        client: its store, open.
        options: how it calls an officer.
        audits: whether the ledger is audited daily, also where no command asks for it.
        compares: whether it answers what others ask the member as a desk (PROTOCOL 16).
        stop: ends it, set in its own loop; one that only signals set, if ``None``.
    """

    def __init__(
        self,
        client: Client,
        options: CallOptions,
        *,
        audits: bool = True,
        compares: bool = False,
        stop: asyncio.Event | None = None,
    ) -> None:
        self._client = client
        self._options = options
        self._believed = client.state
        clock = client.state.system.clock
        self._siren = Siren(client.store, options, now_ms=clock.time_ms, stated=self._stated)
        self._faults = FaultCalls(Hooks(options.on_fault), utc)
        self._audits: dict[str, Any] = {} if audits else {"audit_every_s": None}
        self._compares = compares
        self._stop = stop or asyncio.Event()
        self._told_clock_ms = 0
        self._told_newer: tuple[int, ...] = ()
        self._told_unjudged: tuple[str, ...] = ()

    async def run(self) -> None:
        """Keep the connection until SIGTERM or SIGINT.

        Raises:
            Exception: what `serve` raises.
        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        await self.serve()

    async def serve(self) -> None:
        """Keep the connection until told to stop.

        Raises:
            clients.line.lock.LineHeld: another process is connected.
            SeraiError: ``replaced`` by another session of the same seat.
            Exception: what ended the line, or one of the jobs here, before its time.
        """
        client, options = self._client, {**self._client.holding, **self._audits, "on_alarm": _tell_alarm}
        try:
            async with FocalPoint.open(client.store, client.settings.hubs, **options) as point:
                log.info(_("serving {member}, seat {seat}").format(member=point.member, seat=client.settings.seat))
                notify("READY=1")
                await self._work(point)
        except SeraiError as error:
            if error.code is Code.REPLACED:
                self._call_for_seat()
            raise
        notify("STOPPING=1")
        log.info(_("stopped; nothing is lost"))

    async def _work(self, point: FocalPoint) -> None:
        """Do every job until told to stop; one that fails ends this, with its cause."""
        self._believed = point.state
        jobs = (
            self._watch_line(point),
            self._siren.call(),
            self._siren.tell(),
            self._siren.ring(),
            self._watch_operations(point),
            *([self._compare(point)] if self._compares else []),
            self._call_for_faults(),
            self._look_after(point),
            self._serve_audits(point),
        )
        async with beside(*jobs):
            await self._stop.wait()

    def _stated(self, status: str) -> Stated:
        """Whom to telephone where, by what is believed while this runs."""
        return forms_known(self._believed, status)

    # The line

    async def _watch_line(self, point: FocalPoint) -> None:
        """Say whenever the line comes or goes; ends when this seat was replaced."""
        said: tuple[bool, str] | None = None
        while True:
            now = point.is_live, "" if point.is_live else _why(point.fault)
            if now != said and (now[0] or now[1]):
                said = now
                self._say_line(point, *now)
            await point.until(lambda now=now: (point.is_live, "" if point.is_live else _why(point.fault)) != now)  # type: ignore[misc]

    def _say_line(self, point: FocalPoint, live: bool, why: str) -> None:
        if live:
            log.info(_("connected"))
        else:
            log.warning(
                _("not connected: {why}; what is sent is kept, and goes out when there is a connection").format(why=why)
            )
        notify("STATUS=" + (_("connected") if live else _("not connected")))
        offset_ms = point.state.system.clock.offset_ms
        if abs(offset_ms) >= CLOCK_MS and offset_ms != self._told_clock_ms:
            self._told_clock_ms = offset_ms
            text = _("this machine's clock is wrong by {seconds} s; the hub's time is used; set the clock")
            log.warning(text.format(seconds=-offset_ms // 1000))

    async def _watch_operations(self, point: FocalPoint) -> None:
        """Find what in operations a person is to be called for, until cancelled; the siren tells it."""
        guard, caller = StorageGuard(say_unreadable), OperationCaller(point.state)
        while True:
            with guard:
                caller.look()
            await asyncio.sleep(_TICK_S)

    async def _compare(self, point: FocalPoint) -> None:
        """Answer what others ask the member as a desk, until cancelled; who asked, and about what, is in no log."""
        guard, desk = StorageGuard(say_unreadable), ComparingDesk(point.state, point)
        while True:
            with guard:
                if given := desk.look():
                    log.info(plural("{count} answer given.", "{count} answers given.", len(given)))
            await asyncio.sleep(_TICK_S)

    # What is wrong

    async def _call_for_faults(self) -> None:
        """Call somebody for what is wrong, until cancelled: by the command for it, and by the bell."""
        guard = StorageGuard(say_unreadable)
        try:
            while True:
                with guard:
                    made = self._faults.tick(see_faults(self._client), asyncio.get_running_loop().time())
                    if made and self._options.bell and sys.stderr.isatty():
                        ring_terminal()
                tell_ends("--on-fault", self._faults.hooks.tick())
                await asyncio.sleep(_TICK_S)
        finally:
            self._faults.hooks.close()

    def _call_for_seat(self) -> None:
        """Call because another session took this seat, and wait until that is done: nothing else happens here."""
        now_ms = self._client.state.system.clock.time_ms()
        self._faults.tick(Seen(now_ms, replaced=True), time.monotonic())
        tell_ends("--on-fault", self._faults.hooks.finish())

    # What is looked after

    async def _look_after(self, point: FocalPoint) -> None:
        """Warn of keys that end and of a disk that fills, now and then."""
        guard = StorageGuard(say_unreadable)
        await point.wait_live()
        while True:
            with guard:
                for ending in endings(point.state):
                    log.warning(ending_text(ending))
                if (newer := tuple(self._client.store.trust.newer)) and newer != self._told_newer:
                    self._told_newer = newer
                    log.warning(newer_text(newer))
                unjudged = point.state.directory.unjudged(point.state.place)
                if unjudged and unjudged != self._told_unjudged:
                    log.warning(unjudged_text(unjudged))
                self._told_unjudged = unjudged
            free = shutil.disk_usage(self._client.home.path).free
            if free < FREE_BYTES:
                log.warning(_("the disk is almost full: {count} MiB are left").format(count=free >> 20))
            await asyncio.sleep(_WATCH_S)

    async def _serve_audits(self, point: FocalPoint) -> None:
        """Audit whenever another command asks for it, and say why an audit could not be done, whoever began it."""
        store, guard = self._client.store, StorageGuard(_say_unkept)
        told: AuditReport | None = None
        with guard:
            told = last_audit(store)
        while True:
            await point.wait_live()
            with guard, suppress(OSError):  # the line says that
                last = last_audit(store)
                if store.trust.audit_asked_ms > (last.at_ms if last else 0):
                    last = await audit_once(point.state, point.audit)
                if last is not None and last.error and last != told:
                    log.warning(_("the ledger could not be followed: {why}").format(why=last.error))
                told = last
            await asyncio.sleep(_FULL_S if guard.is_failing else _TICK_S)


def _why(fault: SeraiError | None) -> str:
    if fault is None:
        return ""
    if fault.code is Code.STORAGE_FAILED:
        return _("this machine's disk is full or fails ({detail}); the hub keeps what it has for us").format(
            detail=fault.detail
        )
    if isinstance(fault, ClientError):
        return f"{words_of(fault)}. {remedy_of(fault)}"
    return str(fault)


def _say_unkept(error: SeraiError) -> None:
    log.warning(_("what was found in the ledger could not be kept: {detail}").format(detail=error.detail))


def _tell_alarm(alarm: Alarm) -> None:
    log.error(_("ALARM {alarm}").format(alarm=alarm_text(alarm)))


def notify(state: str) -> None:
    """Tell systemd, if it started this (``Type=notify``)."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock, suppress(OSError):
        sock.sendto(state.encode(), "\0" + address[1:] if address.startswith("@") else address)
