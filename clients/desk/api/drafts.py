"""Drafts of anything that an officer writes: begun, kept as they are typed, shown, signed."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from clients.actions.client import Client
from clients.actions.drafts.fields import DraftField, form_of_draft, steps_asked
from clients.actions.drafts.keeping import begin_draft, change_draft, drop_draft, find_draft, list_drafts
from clients.actions.drafts.record import Act, Subject, Wishes
from clients.actions.drafts.review import Review, show_draft
from clients.actions.drafts.signing import sign_draft
from clients.actions.forms import list_of
from clients.desk.api.asking import Answer, DeskOf, OfficerOf
from clients.desk.api.draft_models import (
    BeginAsked,
    ChangeAsked,
    DraftAnswer,
    DraftsAnswer,
    FormAnswer,
    FormsAnswer,
    Name,
    ReviewAnswer,
    SentAnswer,
    SignAsked,
)
from clients.desk.api.session import NothingAsked
from clients.desk.errors import error_json, status_of
from clients.desk.guarded import do_guarded
from clients.desk.views.drafting import draft_view, field_view, forms_view, head_view
from clients.desk.views.reviewing import review_view
from clients.documents.drafts import sent_words
from clients.documents.texts import _
from clients.errors import ClientError, LocalCode
from schemas.errors import SeraiError
from schemas.reports.kinds import entries, find_entry

router = APIRouter(prefix="/api")


@router.get("/forms", response_model=FormsAnswer)
async def list_forms(_officer: OfficerOf) -> Answer:
    """What may be written anew."""
    return {"rows": forms_view()}


@router.get("/forms/{kind}", response_model=FormAnswer)
async def show_form(kind: Name, _officer: OfficerOf) -> Answer:
    """The questions of a form, without what is known of a case."""
    if kind not in {each.name for each in entries() if each.steps}:
        raise ClientError(LocalCode.ADDRESS_UNKNOWN)
    fields = [DraftField(step, list=list_of(step), first=step.needed) for step in find_entry(kind).steps]
    return {"kind": kind, "fields": [field_view(each) for each in fields]}


@router.get("/drafts", response_model=DraftsAnswer)
async def show_drafts(desk: DeskOf) -> Answer:
    """All drafts, what was changed last first."""
    return await desk.do(lambda client: {"rows": [head_view(client, each) for each in list_drafts(client)]})


@router.post("/drafts", response_model=DraftAnswer)
async def begin(asked: BeginAsked, desk: DeskOf, officer: OfficerOf) -> Answer:
    """Begin a draft."""
    subject = Subject(asked.what, asked.kind, asked.on, asked.operation, asked.do)
    if asked.what not in (Act.REPORT, Act.STEP):
        subject = Subject(asked.what, on=asked.on, operation=asked.operation if asked.what is Act.QUESTION else "")
    return await desk.do(lambda client: draft_view(client, begin_draft(client, subject, officer)))


@router.get("/drafts/{name}", response_model=DraftAnswer)
async def show(name: Name, desk: DeskOf) -> Answer:
    """A draft, all that is asked for it, and what may be chosen."""
    return await desk.do(lambda client: draft_view(client, find_draft(client, name)))


@router.put("/drafts/{name}", response_model=DraftAnswer)
async def change(name: Name, asked: ChangeAsked, desk: DeskOf, officer: OfficerOf) -> Any:
    """Keep what a window has of a draft; if another window has changed it, the answer has that text too."""

    def work(client: Client) -> Answer | JSONResponse:
        wishes: Wishes = asked.cover.wishes(_("withdrawn"))
        try:
            kept = change_draft(client, name, asked.version, officer, asked.answers, wishes)
        except ClientError as error:
            if error.code is not LocalCode.DRAFT_OVERTAKEN:
                raise
            return _conflict(error, {"draft": draft_view(client, find_draft(client, name))})
        return draft_view(client, kept)

    return await desk.do(work)


@router.delete("/drafts/{name}")
async def throw_away(name: Name, _asked: NothingAsked, desk: DeskOf) -> Answer:
    """Throw a draft away, with its files."""
    await desk.do(lambda client: drop_draft(client, name))
    return {}


@router.post("/drafts/{name}/review", response_model=ReviewAnswer)
async def review(name: Name, _asked: NothingAsked, desk: DeskOf, officer: OfficerOf) -> Answer:
    """What would be signed, to whom it would go, what lacks; that it was shown is kept with the draft."""
    return await desk.do(lambda client: _shown(client, show_draft(client, name, officer)))


@router.post("/drafts/{name}/sign", response_model=SentAnswer)
async def sign(name: Name, asked: SignAsked, desk: DeskOf, officer: OfficerOf) -> Any:
    """Sign what was shown, and nothing else; what would be another by now is the answer, and is not signed."""

    def work(client: Client) -> Answer | JSONResponse:
        signed = sign_draft(client, name, asked.shown, officer, asked.passphrase)
        if signed is None:
            changed = ClientError(LocalCode.DRAFT_CHANGED)
            return _conflict(changed, {"review": _shown(client, show_draft(client, name, officer))})
        items = [each.id for each in signed.sent]
        return {"item": items[0], "items": items, "words": sent_words(client, signed)}

    return await do_guarded(desk, asked.passphrase, work)


def _shown(client: Client, found: Review) -> dict[str, Any]:
    try:
        steps = steps_asked(client, found.draft, found.draft.answers) if form_of_draft(client, found.draft) else []
    except SeraiError:  # it cannot be answered so: the fault says why
        steps = []
    return review_view(client, found, steps)


def _conflict(error: ClientError, more: dict[str, Any]) -> JSONResponse:
    return JSONResponse({**error_json(error), **more}, status_of(error))
