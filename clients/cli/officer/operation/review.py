"""What a step says before it is signed: in which operation, what it does, to whom it goes, what to look at again."""

from __future__ import annotations

from collections.abc import Sequence

from clients.actions.client import Client
from clients.actions.operations.commands import PreparedStep
from clients.actions.operations.known import KnownOperation
from clients.cli.officer.cover_view import preview
from clients.documents.operations.list_text import row_line
from clients.documents.operations.review import decided_lines, step_name, warning_lines
from clients.documents.operations.viewing import view_of
from clients.documents.operations.words import step_text
from clients.documents.plain import field, wrap
from clients.documents.texts import _, label_of
from schemas.operations.words import OperationPart


def review_lines(
    client: Client, known: KnownOperation | None, prepared: PreparedStep, also: Sequence[str] = ()
) -> list[str]:
    """All that will be sent, and what its officer should look at once more, last of all.

    Args:
        client: whose.
        known: the operation; ``None`` where this opens one.
        prepared: the step.
        also: what to see of its files.
    """
    lines = []
    if known is not None:
        lines += [row_line(view_of(client, known)).text]
    lines += field(_("Step"), step_name(prepared))
    if known is not None and prepared.rests_on is not None:
        lines += field(_("On"), step_text(view_of(client, known), prepared.rests_on))
    lines += decided_lines(known, prepared)
    claim = prepared.cover.operation
    for member, part in claim.participants if claim is not None else ():
        lines += field(_("Takes part"), f"{member}: {label_of(OperationPart, part)}")
    warnings = [wrap(line) for line in warning_lines(client, known, prepared)]
    return [*preview(client, prepared.report, prepared.cover, also, lines), *warnings]
