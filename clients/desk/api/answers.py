"""An officer's answer to a dispatch: acknowledged, declined, or noted where nobody can be answered."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from clients.actions.answering import OfficerAnswer, give_answer, shown_of
from clients.actions.client import Client
from clients.actions.drafts.fields import spoken_of
from clients.actions.reading import find_dispatch
from clients.actions.signing_session import Proposal
from clients.desk.api.asking import Answer, DeskOf, OfficerOf, SigningOf
from clients.desk.api.draft_models import Digest, Given, Shown
from clients.desk.api.session import Asked, NothingAsked
from clients.desk.errors import error_json, status_of
from clients.documents.answers import answer_words
from clients.errors import ClientError, LocalCode
from schemas.labels import DeclineReason

router = APIRouter(prefix="/api/dispatches")


class AnswerAsked(Asked):
    """An officer answers what was shown; to decline, a reason is named."""

    outcome: Literal["acknowledged", "declined"]
    reason: DeclineReason | None = None
    shown: Shown


class AnswerGiven(Given):
    """What has become of an answer."""

    item: int | None
    outcome: str
    by: str
    repeated: bool
    noted: bool
    words: list[str]


@router.post("/{digest}/answer", response_model=AnswerGiven)
async def answer(digest: Digest, asked: AnswerAsked, desk: DeskOf, signing: SigningOf) -> Any:
    """Acknowledge or decline a dispatch as it was shown; if it is another since, nothing is signed."""
    if (asked.reason is None) is (asked.outcome == "declined"):
        raise ClientError(LocalCode.REQUEST_UNFIT, where="reason")

    def work(client: Client) -> Answer | JSONResponse:
        proposal = signing.propose(spoken_of(client, digest), asked.reason)
        found = proposal if shown_of(proposal.delivery) != asked.shown else signing.sign(proposal)
        if isinstance(found, Proposal):
            changed = ClientError(LocalCode.DRAFT_CHANGED)
            return JSONResponse({**error_json(changed), "shown": shown_of(found.delivery)}, status_of(changed))
        return _given(found)

    return await desk.do(work)


@router.post("/{digest}/seen", response_model=AnswerGiven)
async def note_seen(digest: Digest, _asked: NothingAsked, desk: DeskOf, officer: OfficerOf) -> Answer:
    """Note that an officer has seen how far something of ours has got that is not done; nothing is sent."""

    def work(client: Client) -> Answer:
        spoken = spoken_of(client, digest)
        if find_dispatch(client, spoken.index).inbox:
            raise ClientError(LocalCode.NOT_WRITTEN_SO, named="seen")
        return _given(give_answer(client, spoken, officer))

    return await desk.do(work)


def _given(found: OfficerAnswer) -> Answer:
    return {
        "item": found.sent.id if found.sent is not None else None,
        "outcome": found.outcome.value,
        "by": found.before.by if found.before is not None and found.before.by else found.officer,
        "repeated": found.before is not None or found.waited,
        "noted": found.noted,
        "words": answer_words(found),
    }
