"""The operator's door: HTTP on a Unix socket in the hub's folder, open to its owner only."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from broker.core.admission.effects import EventDraft
from broker.core.timekeeping import TimeReport
from broker.ports import LedgerStore
from broker.service.erasing import make_erasure, plan_erasure
from broker.service.hub import Hub
from broker.service.operator import (
    first_ahead,
    known_member,
    make_candidate,
    make_suspension,
)
from broker.service.sequencer import AcceptedAt, Candidate
from schemas.addresses import parse_member
from schemas.directory import Directory
from schemas.encoding import decode_digest, encode_base64url

router = APIRouter()


class AdmitRequest(BaseModel):
    """A public statement to be admitted."""

    model_config = ConfigDict(extra="forbid")
    statement: str


class SuspendRequest(BaseModel):
    """A member to be suspended."""

    model_config = ConfigDict(extra="forbid")
    member: str


def describe_accepted(verdict: AcceptedAt) -> dict[str, Any]:
    """Where a statement now stands."""
    return {"digest": encode_base64url(verdict.digest), "index": verdict.index, "accepted_at": verdict.leaf.accepted_at}


@router.post("/admit")
async def admit(body: AdmitRequest, request: Request) -> dict[str, Any]:
    """Admit a public statement."""
    hub: Hub = request.app.state.hub
    verdict = await hub.decide(lambda directory, answer: make_candidate(body.statement, directory, answer))
    if not isinstance(verdict, AcceptedAt):
        raise verdict
    return describe_accepted(verdict)


@router.post("/suspend")
async def suspend(body: SuspendRequest, request: Request) -> dict[str, Any]:
    """Suspend a member."""
    hub: Hub = request.app.state.hub
    member = parse_member(body.member)
    verdict = await hub.decide(lambda directory, answer: make_suspension(known_member(directory, member), answer))
    if not isinstance(verdict, AcceptedAt):
        raise verdict
    return describe_accepted(verdict)


class EraseRequest(BaseModel):
    """Texts to be erased, and why."""

    model_config = ConfigDict(extra="forbid")
    digests: list[str] = Field(min_length=1, max_length=4_096)
    reason: str = Field(pattern=r"^[a-z][a-z_]{0,31}$")


def describe_erased(verdict: AcceptedAt, draft: EventDraft) -> dict[str, Any]:
    """Where an `erased` event now stands, and what it names."""
    return {**describe_accepted(verdict), "erased": [encode_base64url(digest) for digest in draft.digests]}


@router.post("/erase")
async def erase(body: EraseRequest, request: Request) -> dict[str, Any]:
    """Erase texts: each event with what it names is one commit."""
    hub: Hub = request.app.state.hub
    wanted = [decode_digest(digest) for digest in body.digests]
    events = []
    for draft in await asyncio.to_thread(plan_erasure, hub.store, wanted, body.reason):

        def make(_: Directory, answer: Any, draft: EventDraft = draft) -> Candidate:
            return make_erasure(draft, answer)

        verdict = await hub.decide(make)
        if not isinstance(verdict, AcceptedAt):
            raise verdict
        events.append(describe_erased(verdict, draft))
    return {"events": events}


class ConfirmRequest(BaseModel):
    """The time that the operator read from another clock."""

    model_config = ConfigDict(extra="forbid")
    said_ms: int = Field(ge=0, le=2**53)


class TimeAnswer(BaseModel):
    """How the hub's time stands.

    Attributes:
        now_ms: what the machine's clock says, milliseconds since 1970 UTC.
        synchronised: whether the system calls that synchronised.
        doubt: a word of `broker.core.timekeeping.ClockDoubt`; empty if the clock is believed.
        last_ms: when the hub was last at work; ``None`` if that is not known.
        newest_ms: time of the newest leaf; 0 if there is none.
        first_ahead: where the ledger begins to be ahead of the clock; ``None`` if it is not.
        token_difference_s: by how much the clocks of most members are ahead.
        warnings: words of `broker.core.timekeeping.ClockWarning`.
    """

    now_ms: int
    synchronised: bool
    doubt: str = ""
    last_ms: int | None = None
    newest_ms: int = 0
    first_ahead: int | None = None
    token_difference_s: int = 0
    warnings: list[str] = []


def describe_time(report: TimeReport, store: LedgerStore) -> TimeAnswer:
    """What can be said of a hub that does not serve, too; blocks."""
    return TimeAnswer(
        now_ms=report.now_ms,
        synchronised=report.synchronised,
        doubt=report.doubt.value if report.doubt else "",
        last_ms=report.last_ms,
        newest_ms=store.head().accepted_at,
        first_ahead=first_ahead(store, report.now_ms),
    )


@router.post("/time")
async def time(request: Request) -> TimeAnswer:
    """How the hub's time stands."""
    hub: Hub = request.app.state.hub
    answer = await asyncio.to_thread(describe_time, hub.clock.report(), hub.store)
    answer.token_difference_s = hub.clock_watch.token_difference_s()
    answer.warnings = [warning.value for warning in hub.clock_watch.warnings()]
    return answer


@router.post("/time/confirm")
async def confirm_time(body: ConfirmRequest, request: Request) -> TimeAnswer:
    """Believe the machine's clock by the operator's word."""
    hub: Hub = request.app.state.hub
    await hub.confirm_time(body.said_ms)
    return await time(request)
