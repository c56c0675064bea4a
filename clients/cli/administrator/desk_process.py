"""What ``serai desk`` does as long as it runs: it serves the pages, and keeps the client connected beside that."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import click

from clients.actions.client import Client
from clients.cli.administrator.line_keeper import LineKeeper
from clients.cli.administrator.service import notify
from clients.cli.administrator.siren import CallOptions
from clients.cli.ui import note
from clients.desk.connections import serve
from clients.desk.desk import PORT, Desk
from clients.desk.launching import find_browser, handed_over, start_browser
from clients.desk.listening import inherited, listen, port_of
from clients.desk.looking import DeskLooking
from clients.desk.running import DeskMark, RunningDesk, find_running
from clients.documents.texts import _
from clients.system import System
from clients.tasks import beside

log = logging.getLogger("serai.run")

_OPENED_S: Final = 60.0
_LOOK_S: Final = 0.2


class DeskProcess:
    """The desk of one client.

    Args:
        client: its store, open.
        options: how it calls an officer.
        mark: by which others find this desk.
    """

    def __init__(self, client: Client, options: CallOptions, mark: DeskMark) -> None:
        self._client = client
        self._mark = mark
        self._open_store = client.store.opener()
        self._keeper = LineKeeper(client.home, client.store.opener(), options)

    async def run(self, port: int | None, *, opens: bool) -> None:
        """Serve until SIGTERM or SIGINT.

        Args:
            port: where it listens; the usual one if ``None``, unless systemd has handed over sockets.
            opens: whether a window is opened.

        Raises:
            ClientError: ``port_taken``, ``port_not_ours``.
            Exception: what ended the desk, or the line, before its time.
        """
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        sockets = inherited(os.environ) or listen(PORT if port is None else port)
        async with Desk(self._open, System(), DeskLooking(), port_of(sockets)) as desk:
            desk.on_code = lambda code: self._mark.write(RunningDesk(desk.origin, code))
            desk.on_code(desk.sessions.code)
            running = RunningDesk(desk.origin, desk.sessions.code)
            opening = [open_window(self._client.home.path, running)] if opens else []
            async with beside(serve(desk, sockets), self._keeper.run(), *opening):
                notify("READY=1")
                tell_address(running)
                await stop.wait()
        log.info(_("the desk has ended; nothing is lost"))

    @contextmanager
    def _open(self) -> Iterator[Client]:
        """The client once more, for the thread of the pages."""
        with self._open_store() as store:
            yield Client(self._client.home, self._client.settings, store, "serai desk")


def tell_address(running: RunningDesk) -> None:
    """Print where the desk is, and what opens the next window; each alone: what is clicked others can read."""
    click.echo(_("Address: {address}").format(address=running.origin))
    click.echo(_("Code of the next window: {code}").format(code=running.code))


async def open_window(folder: Path, running: RunningDesk) -> None:
    """Open a window of a desk that runs; wait until it has used the code, so that the code lies nowhere longer."""
    browser = find_browser()
    if browser is None:
        note(_("No Chromium was found on this machine: open the address in your browser, and type the code."))
        return
    with handed_over(folder, running) as page:
        start_browser(browser, folder, page)
        deadline_s = asyncio.get_running_loop().time() + _OPENED_S
        # The desk may be another process, which says it by its file alone.
        while asyncio.get_running_loop().time() < deadline_s and find_running(folder) == running:  # noqa: ASYNC110
            await asyncio.sleep(_LOOK_S)
