"""``serai print N``: dispatches on paper, every sheet marked."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from clients.cli.base import Command, as_option, client_options, permission_option
from clients.cli.types import NumbersArgument
from clients.cli.ui import show
from clients.documents.texts import _
from schemas.addresses import Address


@click.command(
    cls=Command,
    name="print",
    examples=("serai print 10423 | lp", "serai print 10423 10431 --output case.txt"),
)
@click.argument("numbers", cls=NumbersArgument)
@permission_option
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write to this file, which is yours alone; to standard output by default.",
)
@as_option
@client_options
def print_dispatches(
    numbers: tuple[int, ...],
    *,
    permission: str | None,
    output: Path | None,
    officer: Address | None,
    home: Path,
    passphrase_fd: int | None,
    as_json: bool,
) -> None:
    """Print dispatch N for the own agency's file: sheets of 60 lines, for a printer or a text file.

    Every sheet says whether it is an exercise, what its provider permits, who printed it and when. What its provider
    keeps from the own agency's files (H3) needs its permission.
    """
    from clients.actions.handing import HandedWay, note_handed
    from clients.actions.handling import WantedUse
    from clients.actions.printing import choose_print
    from clients.cli.client import open_client
    from clients.documents.outfile import check_free, open_private
    from clients.documents.printing import printed_text
    from schemas.rules.handling import Use

    if as_json and output is None:
        raise click.UsageError(_("--json tells of a file: it needs --output"))
    with open_client(home, passphrase_fd) as client:
        if output is not None:
            check_free(output, force=False)
        chosen = choose_print(client, numbers, officer, permission or "")
        text = printed_text(client, chosen)
        digests = [each.delivery.digest for each in chosen.dispatches]
        note_handed(client, digests, chosen.by, HandedWay.PRINT, "paper", WantedUse(Use.OWN, chosen.permission))
        if output is None:
            sys.stdout.write(text)
            return
        with open_private(output) as file:
            file.write(text.encode())
        value = {"file": str(output), "sheets": text.count("\f"), "numbers": [each.index for each in chosen.dispatches]}
        show(value, [_("Printed to {file}.").format(file=output)], as_json=as_json)
