"""``serai backup`` and ``serai restore``."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from clients.cli.frame import Command, client_options, home_option, json_option, passphrase_option
from clients.cli.texts import _
from clients.cli.ui import field, show, wrap


@click.command(cls=Command, examples=("serai backup /media/safe/serai-2026-11-24",))
@click.argument("target", type=click.Path(path_type=Path))
@client_options
def backup(target: Path, *, home: Path, passphrase_fd: int | None, as_json: bool) -> None:
    """Copy this client to a new folder TARGET; serai run may go on.

    The copy opens with the same passphrase. It holds the keys: keep it as safe as this machine.
    """
    from clients.cli.desk import open_desk
    from clients.cli.faults import already_there
    from clients.cli.home import Home
    from clients.cli.progress import Progress

    copy = Home(target)
    if target.exists():
        raise already_there(str(target))
    with open_desk(home, passphrase_fd) as desk:
        copy.make()
        with Progress(_("Copying"), plain=True):
            desk.store.copy_to(copy.store)
        copy.write_settings(desk.settings)
        if desk.home.network.exists():
            shutil.copyfile(desk.home.network, copy.network)
    lines = [*field(_("Backed up"), str(target)), wrap(_("It holds the keys of this client: keep it as safe."), "  ")]
    show({"target": str(target)}, lines, as_json=as_json)


@click.command(cls=Command, examples=("serai restore /media/safe/serai-2026-11-24",))
@click.argument("source", type=click.Path(path_type=Path, exists=True, file_okay=False))
@home_option
@passphrase_option
@json_option
def restore(source: Path, *, home: Path, passphrase_fd: int | None, as_json: bool) -> None:
    """Make this client from the backup in the folder SOURCE.

    What came since the backup is delivered again; what was being sent is sent again, and recognised if it had
    arrived. Make sure that the old machine does not run any more: two machines with one seat push each other off the
    line.
    """
    from clients.cli.faults import already_there
    from clients.cli.home import Home
    from clients.cli.passphrase import read_passphrase
    from clients.cli.progress import Progress
    from clients.store import Store

    place, copy = Home(home), Home(source)
    if place.store.exists() or place.config.exists():
        raise already_there(str(home))
    settings = copy.read_settings()
    passphrase = read_passphrase(passphrase_fd)
    with Progress(_("Checking and copying"), plain=True), Store.open(copy.store, passphrase) as store:
        place.make()
        store.copy_to(place.store)
    place.write_settings(settings)
    if copy.network.exists():
        shutil.copyfile(copy.network, place.network)
    lines = [
        *field(_("Restored"), str(home)),
        wrap(_("Start serai run; what came since then is delivered again."), "  "),
    ]
    show({"home": str(home), "member": settings.member}, lines, as_json=as_json)
