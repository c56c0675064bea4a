"""What ``serai run`` does as long as it runs: the line, the alarms, the daily audit.

Nothing here ends because of a full disk, a hub that is gone or a clock that is wrong: it says so,
and goes on when it can. It ends when it is told to, or when another session takes its seat.
"""

from __future__ import annotations

import asyncio
import logging
import os
import shlex
import shutil
import signal
import socket
import sys
from asyncio.subprocess import DEVNULL
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any, Final

from clients.cli.administrator.expiry import endings
from clients.cli.administrator.urgent import Urgent, urgent_environment, urgent_line
from clients.cli.alarms import alarm_text
from clients.cli.desk import Desk
from clients.cli.texts import _
from clients.cli.thresholds import CLOCK_MS, FREE_BYTES
from clients.focalpoint import FocalPoint
from clients.store import Alarm
from schemas.errors import Code, SeraiError

log = logging.getLogger("serai.run")

_TICK_S: Final = 1.0
_BELL_S: Final = 5.0
_HOUR_MS: Final = 3600 * 1000
_DAY_MS: Final = 24 * _HOUR_MS
_COMMAND_S: Final = 60.0
_WATCH_S: Final = 600.0
_FULL_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How the service is to alarm.

    Attributes:
        on_urgent: command to run; empty for none.
        every_s: how often it is repeated until an officer has answered.
        bell: whether the terminal rings.
        audits: whether the ledger is followed daily.
    """

    on_urgent: str = ""
    every_s: float = 60.0
    bell: bool = True
    audits: bool = True


class Service:
    """The service of one desk.

    Args:
        desk: its store, open.
        options: how it alarms.
        ready: called once the line is held and the store is in use.
    """

    def __init__(self, desk: Desk, options: RunOptions, ready: Callable[[], None] = lambda: None) -> None:
        self._desk = desk
        self._options = options
        self._ready = ready
        self._urgent = Urgent(desk.store)
        self._stop = asyncio.Event()
        self._told_clock_ms = 0

    async def run(self) -> None:
        """Hold the line until SIGTERM or SIGINT.

        Raises:
            clients.holder.LineHeld: another process holds it.
            SeraiError: ``replaced`` by another session of the same seat.
        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        desk = self._desk
        async with FocalPoint.open(desk.store, desk.settings.hubs, on_alarm=_tell_alarm, **desk.holding) as point:
            log.info(
                _("holding the line of {member}, seat {seat}").format(member=point.member, seat=desk.settings.seat)
            )
            self._ready()
            notify("READY=1")
            await self._work(point)
        notify("STOPPING=1")
        log.info(_("stopped; nothing is lost"))

    async def _work(self, point: FocalPoint) -> None:
        jobs: list[Coroutine[Any, Any, None]] = [
            self._watch_line(point),
            self._alarm(),
            self._bell(),
            self._look_after(point),
        ]
        if self._options.audits:
            jobs.append(self._audit(point))
        tasks = [asyncio.create_task(job) for job in (*jobs, self._stopped())]
        try:
            done, _pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _stopped(self) -> None:
        await self._stop.wait()

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
            log.info(_("the line is up"))
        else:
            log.warning(_("no line: {why}; what is said is kept, and goes out when there is one").format(why=why))
        notify("STATUS=" + (_("the line is up") if live else _("no line")))
        offset_ms = point.state.system.clock.offset_ms
        if abs(offset_ms) >= CLOCK_MS and offset_ms != self._told_clock_ms:
            self._told_clock_ms = offset_ms
            text = _("this machine's clock is wrong by {seconds} s; the hub's time is used; set the clock")
            log.warning(text.format(seconds=-offset_ms // 1000))

    # Alarms

    async def _alarm(self) -> None:
        """Call somebody as long as something urgent waits for an officer; what never called goes before the rest."""
        loop = asyncio.get_running_loop()
        rung: dict[str, float] = {}
        while True:
            waiting = await self._guard(self._urgent.look, [])
            began = loop.time()
            due = [digest for digest in waiting if began - rung.get(digest, -1e9) >= self._options.every_s]
            for digest in sorted(due, key=lambda each: rung.get(each, -1e9)):
                rung[digest] = loop.time()
                await self._ring(digest, len(waiting))
                if loop.time() - began >= _TICK_S:
                    break  # its command took long: something else may have come meanwhile
            await asyncio.sleep(_TICK_S)

    async def _bell(self) -> None:
        """Ring the terminal meanwhile, whatever the command does."""
        while self._options.bell and sys.stderr.isatty():
            waiting = await self._guard(self._urgent.look, [])
            if waiting:
                sys.stderr.write("\a")
                sys.stderr.flush()
            await asyncio.sleep(_BELL_S if waiting else _TICK_S)
        await self._stop.wait()

    async def _ring(self, digest: str, waiting: int) -> None:
        delivery = await self._guard(lambda: self._urgent.delivery(digest), None)
        if delivery is None:
            return
        log.warning(_("waits for an officer: {line}").format(line=urgent_line(delivery)))
        if self._options.on_urgent:
            await run_command(self._options.on_urgent, {**os.environ, **urgent_environment(delivery, waiting)})

    async def _guard(self, look: Callable[[], Any], otherwise: Any) -> Any:
        """The store may be on a full or failing disk: that is said, and tried again."""
        try:
            return look()
        except SeraiError as error:
            if error.code is not Code.STORAGE_FAILED:
                raise
            log.warning(_("the store cannot be read now: {detail}").format(detail=error.detail))
            return otherwise

    # What is looked after

    async def _look_after(self, point: FocalPoint) -> None:
        """Warn of keys that end and of a disk that fills, now and then."""
        await point.wait_live()
        while True:
            for ending in endings(point.state):
                log.warning(ending.text)
            free = shutil.disk_usage(self._desk.home.path).free
            if free < FREE_BYTES:
                log.warning(_("the disk is almost full: {count} MiB are left").format(count=free >> 20))
            await asyncio.sleep(_WATCH_S)

    async def _audit(self, point: FocalPoint) -> None:
        """Follow every leaf at least daily, and whenever another command asks for it."""
        while True:
            await point.wait_live()
            try:
                await self._audit_if_due(point)
            except SeraiError as error:
                if error.code is not Code.STORAGE_FAILED:
                    raise
                log.warning(_("what was found in the ledger could not be kept: {detail}").format(detail=error.detail))
                await asyncio.sleep(_FULL_S)
            await asyncio.sleep(_TICK_S)

    async def _audit_if_due(self, point: FocalPoint) -> None:
        trust, now_ms = self._desk.store.trust, point.state.system.clock.time_ms()
        last = trust.audit_result
        done_ms, pause_ms = int(last.get("at_ms", 0)), _HOUR_MS if last.get("error") else _DAY_MS
        if now_ms - done_ms >= pause_ms or trust.audit_asked_ms > done_ms:
            with suppress(OSError):  # said by the line
                await audit_once(point)


async def audit_once(point: FocalPoint) -> dict[str, Any]:
    """Audit, and keep what was found for whoever asks."""
    began_ms = point.state.system.clock.time_ms()
    try:
        found: dict[str, Any] = {**asdict(await point.audit()), "error": ""}
    except SeraiError as error:
        found = {"error": str(error)}
        log.warning(_("the ledger could not be followed: {why}").format(why=error))
    found = {
        **found,
        "faults": list(found.get("faults", ())),
        "at_ms": max(began_ms, point.state.store.trust.audit_asked_ms),
    }
    point.state.store.trust.set_audit_result(found)
    return found


async def run_command(command: str, environment: dict[str, str]) -> None:
    """Run a command of the operator's; its failure is told, and ends nothing."""
    try:
        process = await asyncio.create_subprocess_exec(*shlex.split(command), stdin=DEVNULL, env=environment)
    except (OSError, ValueError) as error:
        log.error(_("--on-urgent could not be run: {why}").format(why=error))  # noqa: TRY400 - no traceback for a typing error
        return
    try:
        async with asyncio.timeout(_COMMAND_S):
            status = await process.wait()
    except TimeoutError:
        process.kill()
        status = await process.wait()
    if status:
        log.error(_("--on-urgent ended with {status}").format(status=status))


def _why(fault: SeraiError | None) -> str:
    if fault is None:
        return ""
    if fault.code is Code.STORAGE_FAILED:
        return _("this machine's disk is full or fails ({detail}); the hub keeps what it has for us").format(
            detail=fault.detail
        )
    return str(fault)


def _tell_alarm(alarm: Alarm) -> None:
    log.error(_("ALARM {alarm}").format(alarm=alarm_text(alarm)))


def notify(state: str) -> None:
    """Tell systemd, if it started this (``Type=notify``)."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock, suppress(OSError):
        sock.sendto(state.encode(), "\0" + address[1:] if address.startswith("@") else address)
