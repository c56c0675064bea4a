"""Faults as the page reads them: a stable code, what happened, what to do, in the language of the session.

``{"error": {"code", "title", "remedy", "detail"}}``, for everything that goes wrong; never content, a key or a secret.
"""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from clients.desk.pages import make_page
from clients.documents.faults import remedy_of, title_of, words_of
from clients.documents.texts import _, language
from clients.errors import ClientError, LocalCode
from schemas.errors import Code, SeraiError

log = logging.getLogger("serai.desk")

_STATUSES: Final[dict[LocalCode, HTTPStatus]] = {
    LocalCode.HOST_UNKNOWN: HTTPStatus.MISDIRECTED_REQUEST,
    LocalCode.PAGE_FOREIGN: HTTPStatus.FORBIDDEN,
    LocalCode.PAGE_UNKNOWN: HTTPStatus.UNAUTHORIZED,
    LocalCode.DESK_LOCKED: HTTPStatus.LOCKED,
    LocalCode.OFFICER_LOCKED: HTTPStatus.LOCKED,
    LocalCode.CODE_NOT_VALID: HTTPStatus.FORBIDDEN,
    LocalCode.WRONG_PASSPHRASE: HTTPStatus.FORBIDDEN,
    LocalCode.TRY_UNDER_WAY: HTTPStatus.TOO_MANY_REQUESTS,
    LocalCode.TRIES_PAUSED: HTTPStatus.TOO_MANY_REQUESTS,
    LocalCode.ADDRESS_UNKNOWN: HTTPStatus.NOT_FOUND,
    LocalCode.NO_DISPATCH: HTTPStatus.NOT_FOUND,
    LocalCode.NO_OPERATION: HTTPStatus.NOT_FOUND,
    LocalCode.NOT_IN_STORE: HTTPStatus.NOT_FOUND,
    LocalCode.NOT_IN_OUTBOX: HTTPStatus.NOT_FOUND,
    LocalCode.NO_ALARM: HTTPStatus.NOT_FOUND,
    LocalCode.NO_ATTACHMENT: HTTPStatus.NOT_FOUND,
    LocalCode.BODY_NOT_JSON: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    LocalCode.BODY_TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    LocalCode.REQUEST_UNFIT: HTTPStatus.UNPROCESSABLE_ENTITY,
}
"""Of what this client refuses; what is not here is a conflict with what there is."""

_DETAIL_CHARACTERS: Final = 500


class DeskFault(BaseModel):
    """What went wrong: a stable code, what happened, what to do; ``detail`` is in English."""

    code: str
    title: str
    remedy: str
    detail: str


class FaultAnswer(BaseModel):
    """The answer to what could not be done; some routes say more beside it."""

    error: DeskFault


FAULTS: Final[dict[int | str, dict[str, Any]]] = {
    "4XX": {"model": FaultAnswer, "description": "It cannot be done, or not so."},
    "5XX": {"model": FaultAnswer, "description": "A fault of the program, or of the disk."},
}
"""What every route may answer beside its own, for the OpenAPI document."""


def error_json(error: SeraiError) -> dict[str, Any]:
    """A fault for the page, in the language of this reader."""
    if isinstance(error, ClientError):
        words = {"title": title_of(error), "remedy": remedy_of(error)}
    else:
        words = {"title": words_of(error), "remedy": _(error.problem.remedy)}
    return {"error": {"code": error.code.value, **words, "detail": error.detail[:_DETAIL_CHARACTERS]}}


def status_of(error: SeraiError) -> int:
    """The HTTP status of a fault."""
    if isinstance(error, ClientError):
        return _STATUSES.get(error.code, HTTPStatus.CONFLICT)
    return HTTPStatus.INSUFFICIENT_STORAGE if error.code is Code.STORAGE_FAILED else error.problem.http_status


def answer_error(error: SeraiError, accept: str = "") -> Response:
    """The answer that tells a fault; a page, where a person has opened an address.

    Args:
        error: what is told.
        accept: what is wanted (RFC 9110 section 12.5.1).
    """
    value = error_json(error)
    if "text/html" not in accept:
        return JSONResponse(value, status_of(error))
    words = {name: value["error"][name] for name in ("code", "title", "remedy")}
    return make_page("error", status_of(error), language=language(), **words)


def tell_errors(app: FastAPI) -> None:
    """Let an application tell every fault so; `tell_broken` tells those of the program itself."""
    app.add_exception_handler(SeraiError, _seraic)
    app.add_exception_handler(RequestValidationError, _unfit)
    app.add_exception_handler(HTTPException, _http)


async def _seraic(_request: Request, error: Exception) -> Response:
    assert isinstance(error, SeraiError)  # noqa: S101 - it is registered for nothing else
    return answer_error(error)


async def _unfit(_request: Request, error: Exception) -> Response:
    """Say where, and never what: what was typed may be a passphrase."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - it is registered for nothing else
    where = ", ".join(sorted({".".join(str(part) for part in each["loc"])[:80] for each in error.errors()})[:5])
    return answer_error(ClientError(LocalCode.REQUEST_UNFIT, where=where))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - it is registered for nothing else
    is_unknown = error.status_code in (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED)
    fault = ClientError(LocalCode.ADDRESS_UNKNOWN) if is_unknown else ClientError(LocalCode.REQUEST_UNFIT, where="body")
    answer = answer_error(fault, request.headers.get("accept", ""))
    answer.status_code = error.status_code
    return answer


def tell_broken(path: str, error: Exception) -> Response:
    """The answer that tells a fault of this program: it is logged, and its text stays here."""
    log.error("a fault of this program at %s", path, exc_info=error)
    return answer_error(SeraiError(Code.INTERNAL, type(error).__name__))
