"""What came back, what has to be signed again, and alarms: looked at, then dealt with by an officer."""

from __future__ import annotations

from hashlib import sha256
from typing import Annotated, Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import Field

from clients.actions.alarms import close_alarm
from clients.actions.client import Client
from clients.actions.returned import SecondTry, discard, prepare_again, send_again
from clients.actions.signing import Unsigned, sign_again, unsigned
from clients.desk.api.asking import Answer, DeskOf, OfficerOf
from clients.desk.api.draft_models import Given, Line, Secret, SectionShown, SentAnswer, Shown
from clients.desk.api.session import Asked, NothingAsked
from clients.desk.errors import error_json, status_of
from clients.desk.guarded import confirm, do_guarded
from clients.desk.views.sending import again_view, unsigned_view
from clients.documents.alarms import alarm_json
from clients.documents.texts import _
from clients.errors import ClientError, LocalCode
from clients.mail.compose import DispatchDraft, mark_of
from schemas.addresses import Address, parse_member
from schemas.limits import RECIPIENTS

router = APIRouter(prefix="/api")

Number = Annotated[int, Field(ge=1, le=1 << 53)]
Reason = Annotated[str, Field(min_length=1, max_length=400)]


class AgainAsked(Asked):
    """What came back is to be sent again, to others if any are named."""

    to: list[Line] = Field(default=[], max_length=RECIPIENTS)


class ResendAsked(AgainAsked):
    """The same, as it was shown."""

    shown: Shown
    passphrase: Secret | None = None


class ReasonAsked(Asked):
    """Something is dealt with, for a reason that is kept."""

    reason: Reason


class CloseAsked(ReasonAsked):
    """The same, with the passphrase typed once more."""

    passphrase: Secret | None = None


class SignAgainAsked(Asked):
    """What waits for a signature is to be signed, as it was shown."""

    shown: Shown
    passphrase: Secret | None = None


class ShownAnswer(Given):
    """What would be signed."""

    shown: str
    sections: list[SectionShown]
    needs_passphrase: bool


# What came back


@router.post("/items/{number}/review", response_model=ShownAnswer)
async def review_item(number: Number, asked: AgainAsked, desk: DeskOf, officer: OfficerOf) -> Answer:
    """What would be sent again, to those who can be written to now."""
    return await desk.do(lambda client: _again(client, _prepared(client, number, asked, officer)))


@router.post("/items/{number}/resend", response_model=SentAnswer)
async def resend(number: Number, asked: ResendAsked, desk: DeskOf, officer: OfficerOf) -> Any:
    """Send again what came back, as it was shown."""

    def work(client: Client) -> Answer | JSONResponse:
        again = _prepared(client, number, asked, officer)
        if _again(client, again)["shown"] != asked.shown:
            return _changed({"review": _again(client, again)})
        if _is_guarded(again):
            confirm(client, officer, asked.passphrase)
        sent = send_again(client, again)
        words = _("Sent again; it waits as item {number}.").format(number=sent.id)
        return {"item": sent.id, "items": [sent.id], "words": words}

    return await do_guarded(desk, asked.passphrase, work)


@router.post("/items/{number}/discard")
async def let_be(number: Number, asked: ReasonAsked, desk: DeskOf, officer: OfficerOf) -> Answer:
    """Let be what came back: who decided that, when and why is kept."""

    def work(client: Client) -> Answer:
        found = discard(client, number, asked.reason, officer)
        return {"item": found.item, "words": _("Item {number} is discarded.").format(number=number)}

    return await desk.do(work)


def _prepared(client: Client, number: int, asked: AgainAsked, officer: Address) -> SecondTry:
    client.reread()
    return prepare_again(client, number, tuple(map(parse_member, asked.to)), officer)


def _again(client: Client, again: SecondTry) -> Answer:
    return {
        "shown": sha256(mark_of(again.draft) + str(again.left_out).encode()).hexdigest(),
        "sections": again_view(client, again),
        "needs_passphrase": _is_guarded(again),
    }


def _is_guarded(again: SecondTry) -> bool:
    draft = again.draft
    return isinstance(draft, DispatchDraft) and (draft.precedence == "flash" or draft.operation is not None)


# What waits for a signature


@router.post("/signatures/review", response_model=ShownAnswer)
async def review_unsigned(_asked: NothingAsked, desk: DeskOf, officer: OfficerOf) -> Answer:
    """What waits for the signature of the officer at the screen."""
    return await desk.do(lambda client: _waiting(client, unsigned(client.store, officer)))


@router.post("/signatures/sign")
async def sign_unsigned(asked: SignAgainAsked, desk: DeskOf, officer: OfficerOf) -> Any:
    """Sign again what was shown, all of it."""

    def work(client: Client) -> Answer | JSONResponse:
        client.reread()
        waiting = unsigned(client.store, officer)
        if _waiting(client, waiting)["shown"] != asked.shown:
            return _changed({"review": _waiting(client, waiting)})
        confirm(client, officer, asked.passphrase)
        items = [each.id for each in sign_again(client, officer, waiting)]
        return {"items": items, "words": _("Signed again: {count}").format(count=len(waiting))}

    return await do_guarded(desk, asked.passphrase, work)


def _waiting(client: Client, waiting: list[Unsigned]) -> Answer:
    marks = b"".join(each.row.to_bytes(8) + mark_of(each.draft) for each in waiting)
    sections = [section for each in waiting for section in unsigned_view(client, each)]
    return {"shown": sha256(marks).hexdigest(), "sections": sections, "needs_passphrase": True}


def _changed(more: Answer) -> JSONResponse:
    changed = ClientError(LocalCode.DRAFT_CHANGED)
    return JSONResponse({**error_json(changed), **more}, status_of(changed))


# Alarms


@router.post("/alarms/{number}/close")
async def close(number: Number, asked: CloseAsked, desk: DeskOf, officer: OfficerOf) -> Answer:
    """Close an alarm, with a reason, and the passphrase typed once more."""

    def work(client: Client) -> Answer:
        confirm(client, officer, asked.passphrase)
        return alarm_json(close_alarm(client, number, asked.reason, officer))

    return await do_guarded(desk, asked.passphrase, work)
