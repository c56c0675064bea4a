"""Where an operation is opened: the offer to ask the desk first, and its answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from clients.actions.client import Client
from clients.actions.operations.commands import PreparedStep
from clients.actions.operations.deconflicting import (
    PlanStanding,
    ask_desk,
    plan_standing,
    question_cover,
    wait_for_answer,
)
from clients.actions.profiles import stated_forms
from clients.actions.writing import Marking
from clients.cli.client import queued_text
from clients.cli.officer.cover_view import preview
from clients.cli.officer.options import TypedCommand
from clients.cli.ui import agrees, note
from clients.documents.operations.deconfliction import standing_lines
from clients.documents.plain import wrap
from clients.documents.texts import _
from schemas.claims import Status
from schemas.reports.deconflict import DeconflictReport
from schemas.reports.operations import PlanContent

DRAFT: Final = "operation deconflict"
"""Name of the draft of a question that is written by itself."""

_WAIT_S: Final = 15.0
"""How long an officer who opens an operation waits for the desk: its machine answers in seconds, or nobody does."""


def stand_to_desk(client: Client, prepared: PreparedStep) -> PlanStanding | None:
    """How a plan stands to the desk; ``None`` of what is no plan, and at the desk itself."""
    if not isinstance(prepared.report, PlanContent):
        return None
    standing = plan_standing(client, _members(prepared), _status(client, prepared))
    return None if standing.desk == client.member else standing


def offer_question(client: Client, typed: TypedCommand, prepared: PreparedStep) -> PlanStanding | None:
    """How a plan stands to the desk, after its officer was offered to ask: with the answer, if he did and it came.

    Args:
        client: whose.
        typed: what was typed.
        prepared: the request, before it is shown.
    """
    standing = stand_to_desk(client, prepared)
    if standing is None or prepared.command.do != "open" or not typed.options.may_ask:
        return standing
    question = standing.question if standing.left and standing.can_be_asked else None
    if question is None:
        return standing
    text = _(
        "Ask {desk} first whether another country is after the same? It learns the numbers and the border points with "
        "their days, and nothing else of the case."
    )
    note(wrap(text.format(desk=standing.desk)))
    if not agrees(_("Ask it?"), default=True):
        return standing
    _ask(client, typed, question, _status(client, prepared))
    return stand_to_desk(client, prepared)


def _ask(client: Client, typed: TypedCommand, question: DeconflictReport, status: Status) -> None:
    cover = question_cover(client, Marking(status), typed.cover.officer)
    for line in preview(client, question, cover):
        note(line)
    if not agrees(_("Send it?"), default=True):
        return
    sent = ask_desk(client, question, cover, DRAFT)
    (outgoing,) = client.finish([sent], typed.options.wait_s)
    if outgoing.digest is None or outgoing.is_open:
        note(queued_text(client, outgoing))
        return
    note(_("Waiting for {desk}; Ctrl-C goes on without its answer.").format(desk=cover.to[0]))
    try:
        wait_for_answer(client, outgoing.digest, status, min(_WAIT_S, typed.options.wait_s))
    except KeyboardInterrupt:
        note(_("Stopped."))
    client.reread()


def question_lines(client: Client, prepared: PreparedStep, standing: PlanStanding | None) -> list[str]:
    """What the review of a plan has of it, last of all."""
    if standing is None:
        return []
    status = _status(client, prepared)
    return standing_lines(standing, status, stated_forms(client, status))


def _members(prepared: PreparedStep) -> Mapping[str, Any]:
    return prepared.report.model_dump(mode="json", exclude_none=True)


def _status(client: Client, prepared: PreparedStep) -> Status:
    return prepared.cover.status or client.network_status
