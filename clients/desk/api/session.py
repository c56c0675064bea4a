"""Opening a window, unlocking and locking the screen."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from clients.actions.client import Client
from clients.desk.api.asking import Answer, DeskOf, SessionOf
from clients.desk.desk import Desk
from clients.desk.host import COOKIE, cookie_of
from clients.desk.sessions import DeskSession
from clients.desk.socket import session_json
from clients.documents.texts import LANGUAGES
from schemas.addresses import parse_address

router = APIRouter(prefix="/api/session")

_TEXT = 1_024


class Asked(BaseModel):
    """What a page sends: nothing else than what is named."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class OpenAsked(Asked):
    """A window is to be opened."""

    code: str = Field(max_length=_TEXT)


class UnlockAsked(Asked):
    """An officer is at the screen."""

    officer: str = Field(max_length=_TEXT)
    passphrase: str = Field(max_length=_TEXT)


class LanguageAsked(Asked):
    """Another language is to be spoken."""

    language: Literal["en", "ru"]


class NothingAsked(Asked):
    """It is said by the address alone."""


@router.post("/open")
async def open_window(asked: OpenAsked, desk: DeskOf, request: Request, response: Response) -> Answer:
    """Open a window by a one-time code; it is locked unless the browser's other windows are not."""
    cookie, token, session = await desk.open(asked.code, cookie_of(request.headers))
    response.set_cookie(COOKIE, cookie, httponly=True, samesite="strict", path="/")
    return {"token": token, **await _describe(desk, session)}


@router.get("")
async def show(desk: DeskOf, session: SessionOf) -> Answer:
    """Who is at the screen, and what a locked screen may show."""
    return await _describe(desk, session)


@router.post("/unlock")
async def unlock(asked: UnlockAsked, desk: DeskOf, session: SessionOf) -> Answer:
    """Let an officer in by the passphrase."""
    await desk.unlock(session, parse_address(asked.officer), asked.passphrase)
    return await _describe(desk, session)


@router.post("/lock")
async def lock(_asked: NothingAsked, desk: DeskOf, session: SessionOf) -> Answer:
    """Nobody is at the screen any more."""
    await desk.lock(session, "locked")
    return await _describe(desk, session)


@router.post("/touch")
async def touch(_asked: NothingAsked, desk: DeskOf, session: SessionOf) -> Answer:
    """A key was pressed: the screen stays open."""
    await desk.touch(session)
    return session_json(session)


@router.post("/language")
async def speak(asked: LanguageAsked, desk: DeskOf, session: SessionOf) -> Answer:
    """Speak another language in the windows of this browser; their sockets end, and come again."""
    session.language = asked.language
    await desk.feed.wake()
    return session_json(session)


async def _describe(desk: Desk, session: DeskSession) -> Answer:
    def read(client: Client) -> Answer:
        return {
            "member": client.member,
            "seat": client.settings.seat,
            "network_status": client.network_status,
            "officers": list(client.state.officers),
            "usual_officer": client.settings.officer,
            "alarms": client.store.alarms.in_short().count,
        }

    described = await desk.do(read)
    left_ms = max(0, session.locks_at_ms - desk.now_ms()) if session.is_unlocked else 0
    return {
        **session_json(session),
        **described,
        "left_ms": left_ms,
        "languages": list(LANGUAGES),
        "version": desk.version,
        "now_ms": desk.system.clock.time_ms(),
    }
