"""``serai operation evidence``: one file for a court, with every step of an operation that is here."""

from __future__ import annotations

from pathlib import Path

import click

from clients.cli.base import Command, as_option, client_options, permission_option, yes_option
from clients.cli.ui import note
from clients.documents.texts import plural
from schemas.addresses import Address
from schemas.rules.handling import Use


@click.command(
    cls=Command,
    examples=(
        "serai operation evidence TJ-CD-7 --disclose --out court.evidence.json",
        "serai operation evidence EX 10 423",
    ),
)
@click.argument("words", nargs=-1, metavar="[OPERATION]")
@click.option("--disclose", is_flag=True, help="With the content keys: whoever has the file can read the contents.")
@permission_option
@click.option("--mixed", is_flag=True, help="Exercise and actual may stand in one file.")
@click.option("--out", type=click.Path(path_type=Path), help="Where to write it.")
@as_option
@yes_option
@client_options
def evidence(
    words: tuple[str, ...],
    *,
    disclose: bool,
    permission: str | None,
    mixed: bool,
    out: Path | None,
    officer: Address | None,
    yes: bool,
    home: Path,
    passphrase_fd: int | None,
    as_json: bool,
) -> None:
    """Make an evidence file of an operation: its steps, what they refer to, and the receipts for them.

    serai verify computes the operation again from the file, without hub or network, and names what is withheld. Without
    --disclose it shows who acted when, and computes little. To disclose what others provided under H1, H2 or H3
    needs their permission: the file is for judicial proceedings.
    """
    from clients.actions.handling import WantedUse
    from clients.actions.operations.known import read_operation
    from clients.actions.proving import choose_steps
    from clients.cli.client import open_client
    from clients.cli.officer.evidence import HandedFile, hand_out
    from clients.cli.officer.operation.choosing import choose_operation

    with open_client(home, passphrase_fd) as client:
        known = read_operation(client, choose_operation(client, words))
        wanted = WantedUse(Use.COURT, permission or "") if disclose else None
        choice = choose_steps(client, known.id, mixed=mixed, wanted=wanted)
        path = out or Path(f"serai-{known.number.replace(' ', '')}-operation.evidence.json")
        hand_out(client, choice, HandedFile(path, officer, wanted), yes=yes, as_json=as_json)
        if known.not_sent:
            count = len(known.not_sent)
            note(
                plural(
                    "{count} step of it was not sent to us, and is not in the file.",
                    "{count} steps of it were not sent to us, and are not in the file.",
                    count,
                )
            )
