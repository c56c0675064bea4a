"""``serai log``: what was printed, exported and passed on from here."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from clients.cli.base import Command, client_options
from clients.cli.types import SpokenArgument
from clients.cli.ui import paint, show
from clients.documents.plain import wrap
from clients.documents.texts import _, plural

if TYPE_CHECKING:
    from clients.actions.client import Client
    from clients.actions.numbers import SpokenNumber


@click.command(cls=Command, examples=("serai log", "serai log 10423", "serai log --screens"))
@click.argument("number", cls=SpokenArgument, required=False)
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="At most so many.")
@click.option("--screens", is_flag=True, help="Show who was at the screens of serai desk, and who tried to be.")
@client_options
def log(
    number: SpokenNumber | None, *, limit: int, screens: bool, home: Path, passphrase_fd: int | None, as_json: bool
) -> None:
    """Show what was printed, exported and passed on from here: who, when, as what, and by whose permission.

    What its provider has cancelled or corrected since stands first, until it was shown here: tell whoever has it. An
    entry stays when the text is deleted.

    With --screens: windows of the desk that were opened, officers who unlocked them, wrong codes and passphrases,
    locks; the newest first.
    """
    from clients.actions.handing import list_handed
    from clients.cli.client import open_client
    from clients.documents.handed import handed_json, handed_number, handed_words
    from clients.store.handed import HandedState

    with open_client(home, passphrase_fd) as client:
        if screens:
            _show_screens(client, limit, as_json=as_json)
            return
        item = client.store.items.at(number.index) if number else None
        digest = (item.digest if item is not None else "") if number else None
        found = list_handed(client, limit, digest)
        lines: list[str] = []
        for each in found.shown:
            text = f"{handed_number(each):>12}  {wrap(handed_words(client, each), ' ' * 14).lstrip()}"
            lines.append(paint(text, bold=True) if each.state is HandedState.CHANGED else text)
        lines = lines or [_("Nothing was printed, exported or passed on.")]
        if found.left:
            lines.append(plural("and {count} more; see --limit", "and {count} more; see --limit", found.left))
        show({"log": [handed_json(client, each) for each in found.shown], "left": found.left}, lines, as_json=as_json)


def _show_screens(client: Client, limit: int, *, as_json: bool) -> None:
    from clients.documents.screens import screen_json, screen_words

    found, total = client.store.screens.newest(limit), client.store.screens.count()
    lines = [screen_words(each) for each in found] or [_("Nobody was at a screen of the desk.")]
    if left := total - len(found):
        lines.append(plural("and {count} more; see --limit", "and {count} more; see --limit", left))
    show({"screens": [screen_json(each) for each in found], "left": left}, lines, as_json=as_json)
