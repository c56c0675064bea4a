"""What is done in an operation with one key: a check-in. Every other step is a draft (`clients.desk.api.drafts`)."""

from __future__ import annotations

from fastapi import APIRouter

from clients.actions.client import Client
from clients.actions.operations.checking_in import prepare_check_in
from clients.actions.operations.commands import send_step
from clients.actions.operations.known import read_operation
from clients.desk.api.asking import Answer, DeskOf, OfficerOf
from clients.desk.api.draft_models import Digest, SentAnswer
from clients.desk.api.session import NothingAsked
from clients.documents.plain import utc
from clients.documents.texts import _

router = APIRouter(prefix="/api/operations")


@router.post("/{operation}/check-in", response_model=SentAnswer)
async def check_in(operation: Digest, _asked: NothingAsked, desk: DeskOf, _officer: OfficerOf) -> Answer:
    """The goods are where they were reported last, and all is well; the member's own key signs."""

    def work(client: Client) -> Answer:
        prepared = prepare_check_in(client, read_operation(client, operation))
        items = [each.id for each in send_step(client, prepared)]
        now = utc(client.state.system.clock.time_ms())
        text = _("Checked in {time}, to {to}; waiting to be sent.")
        return {"item": items[0], "items": items, "words": text.format(time=now, to=", ".join(prepared.cover.to))}

    return await desk.do(work)
