"""An operation of a client as its screen shows it."""

from __future__ import annotations

from dataclasses import replace

from clients.actions.client import Client
from clients.actions.operations.finding import number_of
from clients.actions.operations.known import KnownOperation
from clients.actions.profiles import stated_forms
from clients.documents.operations.view import OperationView


def view_of(client: Client, known: KnownOperation, *, why: bool = False) -> OperationView:
    """An operation as its screen shows it."""
    view = OperationView.of(client.member, known, why=why)
    before, after = ([number_of(client, each) for each in found] for found in (known.goes_on_from, known.goes_on_in))
    return replace(
        view, goes_on_from=tuple(before), goes_on_in=tuple(after), profiles=stated_forms(client, known.state.status)
    )
