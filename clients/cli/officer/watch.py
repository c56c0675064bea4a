"""``serai watch``: what comes, as it comes."""

from __future__ import annotations

import sys
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from clients.cli.base import Command, client_options, on_fault_option
from clients.cli.types import AddressType
from clients.cli.ui import note
from clients.documents.plain import clean, json_line, utc
from clients.documents.texts import _, label
from schemas.addresses import Address

if TYPE_CHECKING:
    from clients.actions.client import Client
    from clients.actions.faulting import FaultCalls
    from clients.actions.news import News
    from clients.mail.inbox import Delivery

BELL_S: Final = 5.0
"""How often the terminal rings while something urgent waits."""
_LOOK_S: Final = 0.2


@click.command(cls=Command, examples=("serai watch", "serai watch --lines --recent 100"))
@click.option(
    "--recent", default=10, show_default=True, type=click.IntRange(0, 1000), help="Begin with so many that came before."
)
@click.option("--count", type=click.IntRange(1), help="End after so many new ones.")
@click.option("--bell/--no-bell", default=True, show_default=True, help="Ring the terminal as long as something waits.")
@click.option("--as", "officer", type=AddressType(officer=True), help="Officer who acts, if this client has several.")
@on_fault_option
@click.option("--lines", "as_lines", is_flag=True, help="One line for each, also at a terminal.")
@client_options
def watch(
    *,
    recent: int,
    count: int | None,
    bell: bool,
    officer: Address | None,
    on_fault: str,
    as_lines: bool,
    home: Path,
    passphrase_fd: int | None,
    as_json: bool,
) -> None:
    """Show what comes, as it comes; serai run must be running.

    At a terminal it is a live screen: whether it is connected, what is urgent and waits for an officer, then
    everything else, the newest first. It rings until an officer has answered, and for what is wrong: not connected for
    a minute, serai run ended, a new alarm, something urgent that came back; q ends it, ? lists its keys: u unlocks
    the officer's key, so that a acknowledges and d declines, until l, or ten minutes without a key press, locks it.

    Elsewhere, or with --lines or --count, each dispatch is one line, as in serai inbox; with --json, one object a
    line. A decline, a silence and a failed delivery of what is urgent and ours are a line each, once: with --json
    an object with the member "news". End with Ctrl-C.
    """
    from clients.actions.faulting import FaultCalls
    from clients.actions.hooks import Hooks
    from clients.cli.client import open_client
    from clients.cli.officer.screen import may_draw

    with open_client(home, passphrase_fd, asks=False) as client:
        if may_draw() and not (as_lines or as_json or count):
            _watch_live(client, FaultCalls(Hooks(on_fault), utc), officer, bell=bell)
            return
        if client.holder is None:
            note(_("Not connected: nothing will come. Start serai run."))
        with suppress(KeyboardInterrupt):
            _follow(client, FaultCalls(Hooks(on_fault), utc), recent, count, as_json=as_json, bell=bell)


def _watch_live(client: Client, faults: FaultCalls, officer: Address | None, *, bell: bool) -> None:
    """Draw what there is, until a person ends it; ring as long as something urgent waits, and for what is wrong."""
    from clients.actions.signing_session import SigningSession
    from clients.actions.watching import Watcher
    from clients.cli.officer.screen import FullScreen
    from clients.cli.officer.watch_keys import WatchKeys
    from clients.cli.officer.watch_view import is_whole, render

    watcher, rung_s = Watcher(client), -BELL_S
    session = SigningSession(client, officer, client.state.system.clock.local_ms)
    keys = WatchKeys(session)
    with closing(session), FullScreen(keys.lock) as screen, suppress(KeyboardInterrupt):
        while not keys.press(screen.keys(_LOOK_S if watcher.has_looked else 0)):
            columns, rows = screen.size
            feed, panel = watcher.look(rows), keys.panel
            screen.draw(render(feed, columns, rows, panel))
            keys.drawn(whole=is_whole(panel, columns, rows))
            faults.hooks.tick()
            is_wrong = bool(faults.tick(watcher.seen, time.monotonic())) or bool(watcher.take_news())
            waits = feed.waiting or watcher.seen.returned
            if bell and (is_wrong or (waits and time.monotonic() - rung_s >= BELL_S)):
                rung_s = time.monotonic()
                screen.ring()
    faults.hooks.close()


def _follow(client: Client, faults: FaultCalls, recent: int, count: int | None, *, as_json: bool, bell: bool) -> None:
    """One line for each that comes, and for what happened to what was sent; ends after so many new dispatches."""
    from clients.actions.watching import InboxTail, NewsTail

    tail, news, shown, version = InboxTail(client), NewsTail(client, "lines"), 0, client.store.version
    for delivery in tail.before(recent):
        _show(delivery, as_json=as_json)
    while count is None or shown < count:
        for delivery in tail.take()[: None if count is None else count - shown]:
            _show(delivery, as_json=as_json)
            shown += 1
        for each in news.take():
            _show_news(client, each, as_json=as_json, bell=bell)
        if shown == count:
            return
        while client.store.version == version:
            _tell_faults(client, faults)
            time.sleep(_LOOK_S)
        version = client.store.version


def _tell_faults(client: Client, faults: FaultCalls) -> None:
    """Say once what is wrong, on standard error, and run the command for it."""
    from clients.actions.watching import see_faults

    faults.hooks.tick()
    for fault in faults.tick(see_faults(client), time.monotonic()):
        note(f"{utc(fault.since_ms)} {label(fault.cause)} ({fault.count}) {clean(fault.detail)}".rstrip())


def _show_news(client: Client, news: News, *, as_json: bool, bell: bool) -> None:
    """What happened to something urgent, and the bell for it: nobody would see it among what comes.

    Of an operation with the numbers of those whom it concerns.
    """
    from clients.actions.profiles import stated_forms
    from clients.documents.news import news_json, news_line
    from clients.documents.profiles import number_lines

    click.echo(json_line({"news": news_json(news)}) if as_json else news_line(news))
    if news.call and not as_json:
        for line in number_lines(news.members, stated_forms(client, news.status)):
            click.echo(line)
    if bell and sys.stderr.isatty():
        click.echo("\a", err=True, nl=False)


def _show(delivery: Delivery, *, as_json: bool) -> None:
    from clients.cli.officer.dispatch_view import row
    from clients.documents.dispatches import delivery_json

    click.echo(json_line(delivery_json(delivery)) if as_json else row(delivery))
