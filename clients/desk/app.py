"""The application: gates first, then routes, pages and static files."""

from __future__ import annotations

from typing import Final

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles

from clients.desk import socket
from clients.desk.api import (
    answers,
    directory,
    dispatches,
    drafts,
    handing,
    health,
    inbox,
    items,
    operations,
    search,
    sent,
    session,
    steps,
)
from clients.desk.api import files as draft_files
from clients.desk.desk import Desk
from clients.desk.errors import FAULTS, tell_errors
from clients.desk.host import HostGate, SessionGate
from clients.desk.pages import FOLDER, make_page

_SMALL_BYTES: Final = 1_024
PAGES: Final = ("/", "/exercise", "/exercise/{rest:path}", "/desk/{rest:path}")
"""Addresses of the page; which screen is shown it decides itself."""

_READ: Final = (inbox, dispatches, sent, operations, search, directory, health)
_ACTS: Final = (drafts, draft_files, answers, steps, items, handing)
ROUTERS: Final = (session.router, *(each.router for each in (*_READ, *_ACTS)), socket.router)


def make_app(desk: Desk) -> FastAPI:
    """The application of a desk, which is open, or will be when it serves."""
    app = FastAPI(
        title="Serai desk",
        version=desk.version,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        responses=FAULTS,
        middleware=[Middleware(HostGate, desk), Middleware(SessionGate, desk)],
    )
    app.state.desk = desk
    tell_errors(app)
    for router in ROUTERS:
        app.include_router(router)
    for path in PAGES:
        app.add_api_route(path, _page, include_in_schema=False, response_class=HTMLResponse)
    # Compressed is only what everybody may read: beside a secret its length would tell (BREACH).
    static = StaticFiles(directory=FOLDER / "static", check_dir=False)
    app.mount("/static", GZipMiddleware(static, minimum_size=_SMALL_BYTES))
    return app


async def _page(request: Request) -> HTMLResponse:
    """The page without anything in it: what there is to see it asks for."""
    desk: Desk = request.app.state.desk
    return make_page("desk", language=desk.language, version=desk.version)
