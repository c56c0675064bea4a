"""A check-in: the goods are where they are, and all is well; by the member's own key, so that one key is enough."""

from __future__ import annotations

from datetime import UTC, datetime

from clients.actions.client import Client
from clients.actions.operations.commands import PreparedStep, StepCommand, prepare_step
from clients.actions.operations.known import KnownOperation
from schemas.addresses import member_of
from schemas.operations.held import StepContent
from schemas.reports.operations import MoveForm
from schemas.reports.operations.codes import Movement
from schemas.reports.parts import Place


def prepare_check_in(client: Client, known: KnownOperation) -> PreparedStep:
    """A movement ``at``, just now, where the own member reported last, on the soil and leg of the last facts.

    Args:
        client: whose.
        known: the operation.

    Raises:
        SeraiError: what `clients.actions.operations.commands.prepare_step` raises.
    """
    now = datetime.fromtimestamp(client.state.system.clock.time_ms() / 1000, UTC)
    soil = known.picture.soil
    form = MoveForm(
        our_reference=known.reference or known.number,
        movement=Movement.AT,
        occurred_at=now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        place=_last_place(client, known),
        soil=soil.member if soil is not None else None,
        leg=soil.leg if soil is not None else None,
    )
    return prepare_step(client, StepCommand(form, known.id, by_machine=True))


def _last_place(client: Client, known: KnownOperation) -> Place | None:
    for step in sorted(known.held.steps, key=lambda each: -each.number):
        form = step.content.read.form if isinstance(step.content, StepContent) else None
        if isinstance(form, MoveForm) and member_of(step.cover.iss) == client.member and form.place is not None:
            return form.place
    return None
