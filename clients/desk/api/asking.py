"""What routes have in common: the desk, the session of the window that asks, the officer at the screen."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Request

from clients.actions.signing_session import SigningSession
from clients.desk.desk import Desk
from clients.desk.sessions import DeskSession
from clients.errors import ClientError, LocalCode
from schemas.addresses import Address


def _desk_of(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


def _session_of(request: Request) -> DeskSession:
    session: DeskSession = request.state.session
    return session


def _signing_of(request: Request) -> SigningSession:
    session = _session_of(request)
    if session.signing is None:
        raise ClientError(LocalCode.DESK_LOCKED)
    return session.signing


def _officer_of(request: Request) -> Address:
    session = _session_of(request)
    if session.officer is None:
        raise ClientError(LocalCode.DESK_LOCKED)
    return session.officer


DeskOf = Annotated[Desk, Depends(_desk_of)]
"""The desk."""

SessionOf = Annotated[DeskSession, Depends(_session_of)]
"""The window's session; `clients.desk.host.SessionGate` has found it."""

SigningOf = Annotated[SigningSession, Depends(_signing_of)]
"""The key of the officer at the screen; to be used in the worker's thread only (`Desk.do`)."""

OfficerOf = Annotated[Address, Depends(_officer_of)]
"""The officer at the screen, who signs."""

Answer = dict[str, Any]
"""A JSON object."""
