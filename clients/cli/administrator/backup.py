"""``serai backup`` and ``serai restore``."""

from __future__ import annotations

from pathlib import Path

import click

from clients.cli.base import Command, client_options, home_option, json_option, passphrase_option
from clients.cli.ui import show
from clients.documents.plain import field, wrap
from clients.documents.texts import _, plural


@click.command(cls=Command, examples=("serai backup /media/safe/serai-2026-11-24",))
@click.argument("target", type=click.Path(path_type=Path))
@client_options
def backup(target: Path, *, home: Path, passphrase_fd: int | None, as_json: bool) -> None:
    """Copy this client to a new folder TARGET; serai run may go on.

    The copy opens with the same passphrase. It holds the keys: keep it as safe as this machine.
    """
    from clients.actions.backup import back_up, check_target
    from clients.actions.home import Home
    from clients.cli.client import open_client

    check_target(Home(target))
    with open_client(home, passphrase_fd) as client:
        missing = back_up(client, Home(target))
    lines = [*field(_("Backed up"), str(target)), wrap(_("It holds the keys of this client: keep it as safe."), "  ")]
    lines += _missing_lines(missing)
    show({"target": str(target), "attachments_missing": missing}, lines, as_json=as_json)


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
    from clients.actions.backup import check_restore
    from clients.actions.backup import restore as restore_client
    from clients.actions.home import Home
    from clients.cli.passphrase import of_store
    from clients.cli.progress import show_progress

    settings = check_restore(Home(source), Home(home))
    missing = of_store(passphrase_fd).open(
        lambda passphrase: restore_client(Home(source), Home(home), passphrase, show_progress)
    )
    lines = [
        *field(_("Restored"), str(home)),
        wrap(_("Start serai run; what came since then is delivered again."), "  "),
    ]
    lines.append(wrap(_("What was deleted after this backup was made is in it again: delete it anew."), "  "))
    lines += _missing_lines(missing)
    value = {"home": str(home), "member": settings.member, "attachments_missing": missing}
    show(value, lines, as_json=as_json)


def _missing_lines(count: int) -> list[str]:
    """That attachments are not in the copy."""
    if not count:
        return []
    text = plural("{count} attachment is not in it", "{count} attachments are not in it", count)
    return field(_("Missing"), text + "; " + _("what came can be fetched again as long as the hub has it"))
