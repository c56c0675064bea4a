"""Which operation a command is about."""

from __future__ import annotations

from collections.abc import Sequence

import click

from clients.actions.client import Client
from clients.actions.operations.finding import find_operation
from clients.actions.operations.overview import list_operations
from clients.cli.officer.asking import may_ask
from clients.cli.ui import note
from clients.documents.operations.list_text import row_line
from clients.documents.operations.viewing import view_of
from clients.documents.texts import _
from clients.errors import ClientError, LocalCode


def choose_operation(client: Client, words: Sequence[str]) -> str:
    """The digest of the operation that a person means: as typed, the only one that is open, or as chosen.

    Args:
        client: whose.
        words: what was typed: number, reference or digest; nothing, if there may be only one.

    Raises:
        ClientError: ``no_operation``, ``no_operations``, ``operation_unclear``, ``marked_otherwise``.
        click.UsageError: several are open, none was named, and there is nobody to ask.
    """
    if words:
        return find_operation(client, " ".join(words))
    entries = list_operations(client) or list_operations(client, closed=True)
    found = [entry.known for entry in entries]
    if not found:
        raise ClientError(LocalCode.NO_OPERATIONS)
    if len(found) == 1:
        return found[0].id
    if not may_ask():
        raise click.UsageError(_("several operations are open: name one"))
    for number, known in enumerate(found, 1):
        note(f"{number:>2} {row_line(view_of(client, known)).text}"[:80])
    while True:
        typed: str = click.prompt(_("Which one? Its number in this list"), default="", show_default=False, err=True)
        if typed.strip().isdecimal() and 1 <= int(typed) <= len(found):
            return found[int(typed) - 1].id
        note(_("This answer cannot be used; please type it again."))
