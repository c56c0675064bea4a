"""``serai operation watch``: one operation, live."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from clients.cli.base import Command, client_options
from clients.cli.types import AddressType
from schemas.addresses import Address

if TYPE_CHECKING:
    from clients.actions.client import Client
    from clients.cli.officer.operation.live_keys import LiveKeys

_BELL_S: Final = 5.0
_LOOK_S: Final = 0.2
_CLOCK_S: Final = 5.0  # clocks have minutes


@click.command(cls=Command, examples=("serai operation watch TJ-CD-7",))
@click.argument("words", nargs=-1, metavar="[OPERATION]")
@click.option("--bell/--no-bell", default=True, show_default=True, help="Ring the terminal until a key is pressed.")
@click.option("--count", type=click.IntRange(1), help="End after so many new steps.")
@click.option("--as", "officer", type=AddressType(officer=True), help="Officer who acts, if this client has several.")
@client_options
def watch(
    *,
    words: tuple[str, ...],
    bell: bool,
    count: int | None,
    officer: Address | None,
    home: Path,
    passphrase_fd: int | None,
    as_json: bool,
) -> None:
    """Show one operation live; serai run must be running.

    At a terminal it is drawn again with each step, and its clocks count down. It rings for a stop, a contradiction,
    goods that are lost, a clock of ours that ran out and an authority that ends soon, until a key is pressed. c checks
    in: the goods are where they were, by the member's own key; s stops the operation; q ends the screen.

    Elsewhere, or with --count, each new step is one line; with --json, one object a line.
    """
    from clients.cli.client import open_client
    from clients.cli.officer.operation.choosing import choose_operation
    from clients.cli.officer.operation.live_keys import LiveKeys
    from clients.cli.officer.screen import may_draw

    with open_client(home, passphrase_fd) as client, suppress(KeyboardInterrupt):
        operation = choose_operation(client, words)
        if not may_draw() or as_json or count:
            _follow(client, operation, count, as_json=as_json)
            return
        while _draw(client, operation, keys := LiveKeys(client, operation), bell=bell):
            keys.stop(officer)


def _draw(client: Client, operation: str, keys: LiveKeys, *, bell: bool) -> bool:
    """Draw until a person ends it; whether the operation is to be stopped then."""
    from clients.actions.operations.known import read_operation
    from clients.cli.officer.operation.live import frame, reasons_to_ring
    from clients.cli.officer.screen import FullScreen
    from clients.documents.operations.viewing import view_of

    rung_s, calling, noticed = -_BELL_S, False, frozenset[str]()
    looked, view = None, view_of(client, read_operation(client, operation))
    with FullScreen(lambda: None) as screen:
        while True:
            typed = screen.keys(_LOOK_S if keys.has_looked else 0)
            calling = calling and not typed
            if (ended := keys.press(typed)) is not None:
                return ended
            look = client.store.version, int(time.monotonic() / _CLOCK_S)
            if look != looked:
                looked = look
                client.reread()
                view = view_of(client, read_operation(client, operation))
            columns, rows = screen.size
            lines, keys.first = frame(view, keys.foot(), columns, rows, keys.first)
            screen.draw(lines)
            reasons = reasons_to_ring(view)
            calling = calling or bool(reasons - noticed)
            noticed = reasons
            if bell and calling and time.monotonic() - rung_s >= _BELL_S:
                rung_s = time.monotonic()
                screen.ring()


def _follow(client: Client, operation: str, count: int | None, *, as_json: bool) -> None:
    """One line for each new step."""
    from clients.actions.operations.known import read_operation
    from clients.documents.operations.list_text import step_line
    from clients.documents.operations.state_json import step_json
    from clients.documents.operations.viewing import view_of
    from clients.documents.plain import json_line

    known = {each.digest for each in read_operation(client, operation).state.steps}
    shown = 0
    while count is None or shown < count:
        version = client.store.version
        client.reread()
        view = view_of(client, read_operation(client, operation))
        for record in view.state.steps:
            if record.digest not in known and (count is None or shown < count):
                known.add(record.digest)
                shown += 1
                click.echo(json_line(step_json(view, record)) if as_json else step_line(view, record))
        while client.store.version == version and (count is None or shown < count):
            time.sleep(_LOOK_S)
