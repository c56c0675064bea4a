"""Who may ask: the first two things that look at a request, before anything of the application does.

`HostGate` takes only what was addressed to this desk by its own name and, where it changes something, was asked by
its own page: another name that leads here (DNS rebinding), a form or a script of another page is refused. What it
lets through gets the headers that bind the page. `SessionGate` finds whose window it is, and refuses everything of
the application but unlocking while the screen is locked, so that no router can forget to.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any, Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from clients.desk.errors import answer_error, tell_broken
from clients.documents.texts import speaking
from clients.errors import ClientError, LocalCode

if TYPE_CHECKING:
    from clients.desk.desk import Desk

COOKIE: Final = "serai_desk"
PAGE_HEADER: Final = "serai-page"

BODY_BYTES: Final = 1 << 20
"""The longest body of a request; a router that takes files bounds them itself."""

_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), usb=(), serial=(), payment=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}
"""Of every answer."""

_SAFE: Final = frozenset({"GET", "HEAD"})
_OWN_SITE: Final = frozenset({"same-origin", "none"})
_WHILE_LOCKED: Final = frozenset(
    {
        "/api/session",
        "/api/session/unlock",
        "/api/session/lock",
        "/api/session/touch",
        "/api/session/language",
    }
)
_OPEN: Final = "/api/session/open"
LIVE: Final = "/api/live"
"""The socket; its first frame names the page."""


class HostGate:
    """Only this desk's own name, only its own pages, with the headers of its policy.

    Args:
        app: what is behind it.
        desk: whose.
    """

    def __init__(self, app: ASGIApp, desk: Desk) -> None:
        self._app = app
        self._desk = desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take a request, a WebSocket or the lifespan."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if (refusal := self._judge(scope)) is not None:
            with speaking(self._desk.language):
                await refuse(refusal, scope, receive, _with_headers(send))
            return
        if scope["type"] == "websocket":
            await self._app(scope, receive, send)
            return
        answered = _Answered(_with_headers(send))
        try:
            await self._app(scope, _bounded(scope, receive), answered)
        except Exception as error:
            if answered.has_begun:
                raise
            with speaking(self._desk.language):
                await tell_broken(scope["path"], error)(scope, receive, answered)

    def _judge(self, scope: Scope) -> ClientError | None:
        headers = Headers(scope=scope)
        if headers.getlist("host") != [self._desk.host]:
            return ClientError(LocalCode.HOST_UNKNOWN)
        is_live = scope["type"] == "websocket"
        asks_own = headers.getlist("origin") == [self._desk.origin]
        if (is_live or scope["method"] not in _SAFE) and not asks_own:
            return ClientError(LocalCode.PAGE_FOREIGN)
        is_api = scope["path"].startswith("/api/")
        if is_api and headers.get("sec-fetch-site", "none") not in _OWN_SITE:
            return ClientError(LocalCode.PAGE_FOREIGN)
        if int(headers.get("content-length", "0")) > BODY_BYTES and not takes_file(scope):
            return ClientError(LocalCode.BODY_TOO_LARGE, size=BODY_BYTES >> 10)
        if is_api and not is_live and scope["method"] not in _SAFE and not takes_file(scope):
            kind = headers.get("content-type", "").partition(";")[0].strip().lower()
            if kind != "application/json":
                return ClientError(LocalCode.BODY_NOT_JSON)
        return None


class SessionGate:
    """Whose window it is; everything but unlocking only while an officer is at the screen.

    Args:
        app: what is behind it; it finds the session as ``session`` in the scope's ``state``.
        desk: whose.
    """

    def __init__(self, app: ASGIApp, desk: Desk) -> None:
        self._app = app
        self._desk = desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take a request."""
        path = scope.get("path", "")
        if scope["type"] != "http" or not path.startswith("/api/"):
            await self._app(scope, receive, send)
            return
        with speaking(self._desk.language):
            if path == _OPEN:
                await self._app(scope, receive, send)
                return
            headers = Headers(scope=scope)
            try:
                session = self._desk.sessions.find(cookie_of(headers), headers.get(PAGE_HEADER, ""))
            except ClientError as error:
                await refuse(error, scope, receive, send)
                return
            with speaking(session.language):
                await self._desk.lock_over()
                if not session.is_unlocked and path not in _WHILE_LOCKED:
                    await refuse(ClientError(LocalCode.DESK_LOCKED), scope, receive, send)
                    return
                state: MutableMapping[str, Any] = scope.setdefault("state", {})
                state["session"] = session
                await self._app(scope, receive, send)
        if scope["method"] not in _SAFE:
            self._desk.note_changed()


def cookie_of(headers: Headers) -> str:
    """The cookie of this desk; empty if there is none, or two."""
    pairs = [pair.strip().partition("=") for line in headers.getlist("cookie") for pair in line.split(";")]
    values = [value for name, _sign, value in pairs if name == COOKIE]
    return values[0] if len(values) == 1 else ""


async def refuse(error: ClientError, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with a fault; a WebSocket is refused before it is one, by the same answer."""
    answer = answer_error(error, Headers(scope=scope).get("accept", ""))
    if scope["type"] == "websocket" and "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": 1008})
        return
    await answer(scope, receive, send)


def takes_file(scope: Scope) -> bool:
    """Whether a request brings a file as it is: its router bounds it."""
    path: str = scope["path"]
    return scope["method"] == "POST" and path.startswith("/api/drafts/") and path.endswith("/files")


class _Answered:
    """Knows whether an answer has begun.

    Args:
        send: takes it.
    """

    def __init__(self, send: Send) -> None:
        self._send = send
        self.has_begun = False

    async def __call__(self, message: Message) -> None:
        self.has_begun = True
        await self._send(message)


def _with_headers(send: Send) -> Send:
    async def add(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
        await send(message)

    return add


def _bounded(scope: Scope, receive: Receive) -> Receive:
    """A body of which no more is read than may come: its length need not be named, or may be a lie."""
    if scope["type"] != "http" or takes_file(scope):
        return receive
    left = BODY_BYTES

    async def read() -> Message:
        nonlocal left
        message = await receive()
        if message["type"] == "http.request":
            left -= len(message.get("body", b""))
            if left < 0:
                raise ClientError(LocalCode.BODY_TOO_LARGE, size=BODY_BYTES >> 10)
        return message

    return read
