"""``serai desk``: the desk of a duty officer, in a browser of this machine."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from clients.cli.base import Command, home_option, on_fault_option, on_urgent_options, passphrase_option


@click.command(
    cls=Command,
    examples=("serai desk", "serai desk --open", 'serai desk --on-urgent "/usr/local/bin/siren --loud"'),
)
@click.option(
    "--port", type=click.IntRange(1, 65535), help="Where it listens, on this machine alone; 7317 if nothing is named."
)
@click.option("--open", "opens", is_flag=True, help="Open a window of it: a Chromium with a profile of its own.")
@on_urgent_options
@on_fault_option
@click.option("--bell/--no-bell", default=True, show_default=True, help="Ring the terminal as long as something waits.")
@home_option
@passphrase_option
def desk(
    port: int | None,
    *,
    opens: bool,
    on_urgent: str,
    every_s: float,
    on_fault: str,
    bell: bool,
    home: Path,
    passphrase_fd: int | None,
) -> None:
    """Read, answer and write in a browser of this machine, until stopped.

    It is served from this client's own store to this machine and user alone; the hub is asked for no page. It keeps
    the client connected, and rings, as serai run does, unless another process does so: then it takes over when that
    ends.

    It prints an address and a code. The code opens one window, once; a window shows nothing until an officer has typed
    the passphrase, and locks ten minutes after the last key press. While it runs, the same command prints the code of
    the next window; with --open it opens that.
    """
    import asyncio

    from clients.cli.administrator.desk_process import DeskProcess, open_window, tell_address
    from clients.cli.administrator.run import show_log
    from clients.cli.administrator.siren import CallOptions
    from clients.cli.client import open_client
    from clients.desk.running import find_running, mark_running

    if (running := find_running(home)) is not None:
        tell_address(running)
        if opens:
            asyncio.run(open_window(home, running))
        return
    show_log(sys.stderr)
    with open_client(home, passphrase_fd, check=True, asks=False) as client, mark_running(home) as mark:
        asyncio.run(DeskProcess(client, CallOptions(on_urgent, every_s, bell, on_fault), mark).run(port, opens=opens))
