"""``serai evidence N``: a file that convinces somebody who knows only the network's root."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from clients.cli.frame import Command, client_options, yes_option
from clients.cli.numbers import NumberArgument
from clients.cli.texts import _
from clients.cli.ui import ask, field, show, wrap


@click.command(cls=Command, examples=("serai evidence 10423 --out alert-10423.evidence.json",))
@click.argument("number", cls=NumberArgument)
@click.option("--disclose", is_flag=True, help="With the content key: whoever has the file can read the content.")
@click.option("--out", type=click.Path(path_type=Path), help="Where to write it.")
@yes_option
@client_options
def evidence(
    number: int, *, disclose: bool, out: Path | None, yes: bool, home: Path, passphrase_fd: int | None, as_json: bool
) -> None:
    """Make an evidence file about dispatch N, with the receipts for it.

    Anybody who knows the thumbprint of the network's root can check it with serai verify, without hub or network.
    """
    import asyncio

    from clients.cli.desk import open_desk
    from clients.cli.officer.answering import find_dispatch
    from clients.cli.papers import thumbprint_of
    from clients.cli.progress import Progress
    from clients.evidence import Disclosure
    from clients.wrapping import write_private

    path = out or Path(f"serai-{number}.evidence.json")
    with open_desk(home, passphrase_fd) as desk:
        item = find_dispatch(desk, number)
        if disclose:
            ask([wrap(_("Whoever has this file will be able to read the content."))], _("Disclose it?"), yes=yes)
        receipts = _receipts(desk, item.digest)
        show_ = Disclosure(content=True, key=disclose, receipts=receipts)
        with Progress(_("Waiting for the hub")):
            data = asyncio.run(desk.point.evidence(item.digest, show_))
        write_private(path, data)
        root = thumbprint_of(desk.store.keys.network)
        value = {"file": str(path), "bytes": len(data), "disclosed": disclose, "receipts": len(receipts), "root": root}
        lines = [*field(_("Evidence"), str(path)), _("To check it:"), f"  serai verify {path} --root {root}"]
        show(value, lines, as_json=as_json)


def _receipts(desk: Any, digest: str) -> tuple[str, ...]:
    """Receipts for it that stand in the ledger, each once."""
    found = [each.statement for each in desk.store.outcomes.of(digest) if each.statement and each.by]
    held = [each for each in dict.fromkeys(found) if (item := desk.store.items.get(each)) and item.index is not None]
    return tuple(held)
