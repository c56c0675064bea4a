"""Which operation a command is about, and operations as screens show them."""

from __future__ import annotations

from collections.abc import Sequence

import click

from clients.actions.client import Client
from clients.actions.operations.finding import find_operation
from clients.actions.operations.known import KnownOperation, read_operation
from clients.cli.officer.asking import may_ask
from clients.cli.ui import note
from clients.documents.operations.list_text import next_clock_ms, row_line
from clients.documents.operations.view import OperationView
from clients.documents.texts import _
from clients.errors import ClientError, LocalCode
from schemas.operations.terms import Phase

_LAST = 1 << 62


def view_of(client: Client, known: KnownOperation, *, why: bool = False) -> OperationView:
    """An operation as its screen shows it."""
    return OperationView.of(client.member, known, why=why)


def open_operations(client: Client) -> list[KnownOperation]:
    """Operations that are not closed, the next clock first."""
    return [each for each in all_operations(client) if each.state.phase is not Phase.CLOSED]


def all_operations(client: Client) -> list[KnownOperation]:
    """All operations: those that are not closed first, the next clock first."""
    found = [read_operation(client, each) for each in client.store.operations.all()]
    return sorted(found, key=lambda each: (each.state.phase is Phase.CLOSED, _due(client, each)))


def _due(client: Client, known: KnownOperation) -> int:
    due_ms = next_clock_ms(view_of(client, known))
    return _LAST if due_ms is None else due_ms


def choose_operation(client: Client, words: Sequence[str]) -> str:
    """The digest of the operation that a person means: as typed, the only one that is open, or as chosen.

    Args:
        client: whose.
        words: what was typed: number, reference or digest; nothing, if there may be only one.

    Raises:
        ClientError: ``no_operation``, ``operation_unclear``, ``marked_otherwise``.
        click.UsageError: several are open, none was named, and there is nobody to ask.
    """
    if words:
        return find_operation(client, " ".join(words))
    found = open_operations(client) or all_operations(client)
    if not found:
        raise ClientError(LocalCode.NO_OPERATION, named="")
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
