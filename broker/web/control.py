"""The operator's door: HTTP on a Unix socket in the hub's folder, open to its owner only."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict

from broker.service.hub import Hub
from broker.service.operator import known_member, make_candidate, make_suspension
from broker.service.sequencer import AcceptedAt
from schemas.addresses import parse_member
from schemas.encoding import encode_base64url

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
    return {"digest": encode_base64url(verdict.digest), "index": verdict.index, "accepted_at": verdict.accepted_at}


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
