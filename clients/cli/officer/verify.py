"""``serai verify``: what an evidence file proves, offline."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from clients.cli.base import Command, json_option
from clients.cli.types import Thumbprint


@click.command(
    cls=Command,
    examples=(
        "serai verify alert-10423.evidence.json --root THUMBPRINT",
        "serai verify alert.json --root THUMBPRINT --attachment photo.jpg",
        "serai verify court.evidence.json --root THUMBPRINT --account account.json",
    ),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--root", required=True, type=Thumbprint(), help="Thumbprint of the network's root, from another source.")
@click.option(
    "--attachment",
    "attachments",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    help="Compare this file with the attachments, by size and SHA-256; may be repeated.",
)
@click.option("--account", type=click.Path(path_type=Path), help="Compare this account with an operation in the file.")
@json_option
def verify(file: Path, root: str, *, attachments: tuple[Path, ...], account: Path | None, as_json: bool) -> None:
    """Verify an evidence FILE, offline: what it proves, by whom, when, and what it does not.

    Operations are computed again from their steps in the file, and what these name and the file lacks is withheld.

    Exit status: 0 if the file holds, 1 if it does not, 2 if it could not be read or is of a later version, 3 if it
    holds and names statements that are not in it, 4 if it holds and a file compared is no attachment, or cannot be
    judged, 5 if an account is not what the steps in the file say.
    """
    from clients.actions.operations.accounting import read_account
    from clients.documents.operations.court import CheckedAccount, court_json, court_lines
    from clients.documents.texts import _, label_of, plural
    from clients.trust.evidence_words import Speech
    from clients.trust.verify_file import NOT_READ, Further, report_file
    from schemas.errors import SeraiError

    speech, further = Speech(_, label_of, plural), [Further(court_lines, court_json)]
    if account is not None:
        try:
            checked = CheckedAccount(read_account(account))
        except (OSError, SeraiError) as error:
            click.echo(f"{account}: {error}", err=True)
            sys.exit(NOT_READ)
        further.append(Further(checked.lines, checked.members, checked.fails))
    sys.exit(report_file(file, root, attachments=attachments, as_json=as_json, speech=speech, further=further))
