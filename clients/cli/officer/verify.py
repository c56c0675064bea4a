"""``serai verify``: what an evidence file proves, offline."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from clients.cli.frame import Command, Thumbprint, json_option


@click.command(cls=Command, examples=("serai verify alert-10423.evidence.json --root THUMBPRINT",))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--root", required=True, type=Thumbprint(), help="Thumbprint of the network's root, from another source.")
@json_option
def verify(file: Path, root: str, *, as_json: bool) -> None:
    """Verify an evidence FILE, offline: what it proves, by whom, when, and what it does not.

    Exit status: 0 if the file holds, 1 if it does not, 2 if it could not be read.
    """
    from clients.cli.texts import _, label_of
    from clients.verify_file import Speech, report_file

    sys.exit(report_file(file, root, as_json=as_json, speech=Speech(_, label_of)))
