"""The commands of ``serai``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

_THUMBPRINT = r"[A-Za-z0-9_-]{43}"


class Thumbprint(click.ParamType[str]):
    """A key's thumbprint: 43 characters of base64url (RFC 7638)."""

    name = "thumbprint"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text as it is, if it is one."""
        import re

        if not re.fullmatch(_THUMBPRINT, value):
            self.fail("a thumbprint is 43 characters of base64url", param, ctx)
        return value


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def serai() -> None:
    """Signed, end-to-end encrypted alerts between agencies."""


@serai.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--root", required=True, type=Thumbprint(), help="Thumbprint of the network's root, from another source.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def verify(file: Path, root: str, *, as_json: bool) -> None:
    """Verify an evidence FILE, offline: what it proves, by whom, when, and what it does not.

    Exit status: 0 if the file holds, 1 if it does not, 2 if it could not be read.
    """
    from clients.verify_file import report_file

    sys.exit(report_file(file, root, as_json=as_json))
