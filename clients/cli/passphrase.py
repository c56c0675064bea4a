"""Where a passphrase comes from: a person, a file descriptor, or a credential of systemd.

Never from an argument or an environment variable, which other programs can see.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

import click

from clients.cli.texts import _

CLIENT: Final = "serai-passphrase"
"""Name of the credential (``LoadCredential=``) for a client's store."""

ROOT: Final = "serai-root-passphrase"
"""Name of the credential for the root's keys."""

SHORTEST: Final = 12
"""Fewest characters of a new passphrase."""

_MOST_BYTES: Final = 4_096


def read_passphrase(descriptor: int | None, *, name: str = CLIENT, new: bool = False) -> str:
    """The passphrase, from where it can be had.

    Args:
        descriptor: number of an open file that has it in its first line.
        name: of the credential to look for.
        new: it is for something that is being made: a person types it twice, and it must not be short.

    Raises:
        click.UsageError: it can be had from nowhere, or is too short.
    """
    found = _from_descriptor(descriptor) if descriptor is not None else _from_credential(name)
    if found is None:
        found = _from_person(new=new)
    if new and len(found) < SHORTEST:
        raise click.UsageError(_("the passphrase is too short: at least {count} characters").format(count=SHORTEST))
    return found


def _from_descriptor(descriptor: int) -> str:
    try:
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            data = file.readline(_MOST_BYTES)
    except OSError as error:
        raise click.UsageError(f"--passphrase-fd {descriptor}: {error.strerror}") from None
    return _text(data, f"--passphrase-fd {descriptor}")


def _from_credential(name: str) -> str | None:
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    path = Path(folder) / name if folder else None
    return _text(path.read_bytes(), name) if path is not None and path.is_file() else None


def _text(data: bytes, where: str) -> str:
    try:
        return data.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise click.UsageError(_("{where}: the passphrase is not UTF-8").format(where=where)) from None


def _from_person(*, new: bool) -> str:
    if not sys.stdin.isatty():
        raise click.UsageError(_("no terminal to ask for the passphrase: use --passphrase-fd or a systemd credential"))
    prompt = _("New passphrase") if new else _("Passphrase")
    answer: str = click.prompt(prompt, hide_input=True, confirmation_prompt=new, err=True)
    return answer
